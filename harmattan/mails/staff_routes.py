"""Mail as the services see it: what did not arrive, what was sent, and what came in and waits."""

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_login import current_user

from harmattan.conversations import scope
from harmattan.conversations.models import Thread
from harmattan.core import answers, clock, once, references
from harmattan.core.extensions import db
from harmattan.mails import journal, quarantine
from harmattan.mails.forms import JoinForm, NewThreadForm, SendAgainForm
from harmattan.mails.models import IncomingMail
from harmattan.outbox.models import OutboxMessage

bp = Blueprint("mails", __name__, url_prefix="/courriels")

_DECISIONS = "<any(message, nouveau, ecarter):_decision>"


@bp.get("")
def index() -> Response:
    """The mails of one's service, those that did not arrive first; `?q=` an address or a reference."""
    state, words = request.args.get("etat", ""), request.args.get("q", "").strip()[:100]
    state = state if state in journal.FILTERS else next(iter(journal.FILTERS))
    return make_response(
        render_template(
            "mails/staff_index.html",
            page=journal.page_of_service(state, words, request.args.get("apres", "")),
            chosen=state,
            words=words,
            filters={word: label for word, (label, _) in journal.FILTERS.items()},
            state_of=journal.state_of,
            waiting=quarantine.waiting(),
        )
    )


@bp.get("/<key>")
def show(key: str) -> Response:
    mail = journal.staff_mail_or_404(key)
    return _sent_page(mail, SendAgainForm(data={"destinataire": mail.recipient}))


@bp.get("/<key>/renvoi")
def send_again_typed(key: str) -> Response:
    return answers.leave(url_for(".show", key=journal.staff_mail_or_404(key).key))


@bp.post("/<key>/renvoi")
def send_again(key: str) -> Response:
    """Send a copy, to the same address or a corrected one."""
    mail, form = journal.staff_mail_or_404(key), SendAgainForm()
    if sent := once.result_of(form.once.data):
        return answers.leave(sent)
    if not form.validate():
        return _sent_page(mail, form, 422)
    again = journal.send_again(mail, form.destinataire.data)
    url = url_for(".show", key=again.key)
    once.remember(form.once.data, url)
    db.session.commit()
    flash(f"Une copie part à {again.recipient}.", "fait")
    return answers.done(url)


@bp.get("/recus/<key>")
def incoming(key: str) -> Response:
    """One mail that came in, its text alone: nothing of it is rendered, no file opened."""
    return _incoming_page(quarantine.mail_or_404(key))


@bp.get(f"/recus/<key>/{_DECISIONS}")
def decision_typed(key: str, _decision: str) -> Response:
    return answers.leave(url_for(".incoming", key=quarantine.mail_or_404(key).key))


@bp.post("/recus/<key>/message")
def join(key: str) -> Response:
    """Let the mail into a message of one's queue."""
    mail, form = quarantine.mail_or_404(key), JoinForm()
    thread = _thread(form.numero.data) if form.validate() else None
    if thread is None:
        form.numero.errors = form.numero.errors or ["Aucun message de vos files n’a ce numéro : vérifiez-le"]
        return _incoming_page(mail, 422, join=form)
    quarantine.release_into(mail, thread, current_user)
    db.session.commit()
    flash(f"Le courriel est joint à {thread.reference}.", "fait")
    return answers.leave(url_for("staff.conversations.show", reference=thread.reference))


@bp.post("/recus/<key>/nouveau")
def open_thread(key: str) -> Response:
    """Make the mail a new message of a service."""
    mail, form = quarantine.mail_or_404(key), NewThreadForm()
    if not form.validate():
        return _incoming_page(mail, 422, new=form)
    thread = quarantine.release_as_new(mail, form.service.data, current_user)
    db.session.commit()
    flash(f"Le courriel devient le message {thread.reference}, {thread.service.label.lower()}.", "fait")
    return answers.leave(url_for(".index"))


@bp.post("/recus/<key>/ecarter")
def drop(key: str) -> Response:
    quarantine.drop(quarantine.mail_or_404(key), current_user)
    db.session.commit()
    flash("Le courriel est écarté ; son expéditeur n’en sait rien.", "fait")
    return answers.leave(url_for(".index"))


def _thread(typed: str) -> Thread | None:
    """A thread that this person may read, by its number as people type it."""
    meant = references.meant(typed, ("MSG",), clock.today())
    return db.session.scalar(
        scope.staff_threads().where(Thread.reference.in_(meant)).order_by(Thread.id.desc())
    )


def _sent_page(mail: OutboxMessage, form: SendAgainForm, status: int = 200) -> Response:
    return answers.show(
        "mails/staff_show.html",
        "mails/_send_again.html",
        status,
        mail=mail,
        form=form,
        state_of=journal.state_of,
    )


def _incoming_page(
    mail: IncomingMail, status: int = 200, join: JoinForm | None = None, new: NewThreadForm | None = None
) -> Response:
    suggested = mail.thread.reference if mail.thread else ""
    return answers.show(
        "mails/incoming.html",
        "mails/_incoming.html",
        status,
        mail=mail,
        join=join or JoinForm(data={"numero": suggested}),
        new=new or NewThreadForm(data={"service": mail.service}),
    )

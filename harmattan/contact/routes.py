"""The contact form: choose a subject, read what answers it, write to its service (R100, J14)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, render_template, request, session, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from harmattan.access.gate import booksellers_only, public
from harmattan.access.rules import Permission
from harmattan.access.scope import visible, visible_or_404
from harmattan.billing.models import Document
from harmattan.contact import rules, service
from harmattan.contact.forms import ContactForm, OrderContactForm, VisitorContactForm
from harmattan.contact.rules import Subject
from harmattan.conversations import rules as clocks
from harmattan.conversations import service as conversations
from harmattan.conversations.models import Thread
from harmattan.conversations.service import Writer
from harmattan.core import answers, clock, drafts, errors, once, security
from harmattan.core.extensions import db
from harmattan.core.services import ANSWERING
from harmattan.core.settings import house
from harmattan.faq import finding as faq
from harmattan.faq import helped
from harmattan.faq.rules import Said
from harmattan.orders import lookups as orders
from harmattan.orders.models import Order
from harmattan.quotes.models import Quote

bp = Blueprint("contact", __name__, url_prefix="/contact")

_SENT = "message_sent"


@bp.get("")
@public
@booksellers_only
def form() -> Response:
    """The form; `?objet=` chooses the subject; `?commande=`, `?document=` or `?devis=` what it is about.

    With `?redige=1` a message is being typed beside it.
    """
    order, matter = _order(request.args.get("commande", "")), _matter(request.args)
    subject = rules.of_slug(request.args.get("objet", ""))
    return _page(_form(order, subject), order, matter)


@bp.post("")
@public
@booksellers_only
def send() -> Response:
    """Send the message to its service, once; or nothing, where the answer shown before does."""
    if "repondu" in request.form:
        return _answered(*request.form["repondu"].partition(" ")[::2])
    if _session_was_lost():
        return _log_in_first()
    return _tell() if "voir" in request.form else _send()


def _send() -> Response:
    """What is known of its order has been shown before."""
    order, matter = _order(request.form.get("commande", "")), _matter(request.form)
    form = _form(order)
    if _is_robot(form):
        session[_SENT] = None
        return answers.leave(url_for(".sent"))
    if made := once.result_of(form.once.data):
        return answers.leave(made)
    if not form.validate():
        return _page(form, order, matter, 422)
    if order and request.form.get("vu") != order.reference and service.known(Subject(form.objet.data), order):
        return _page(form, order, matter, unsent=True)
    conversations.count_message(current_user.id, security.network())
    subject, body = Subject(form.objet.data), form.message.data
    thread = service.send(_writer(form), subject, body, about=matter or order, files=form.files)
    url = _result(thread)
    once.remember(form.once.data, url)
    if place := service.answered_by(subject, order):
        helped.said(place, Said.WRITTEN)
    db.session.commit()
    return answers.leave(url)


@bp.errorhandler(CSRFError)
def _without_token(fault: CSRFError) -> Response:
    """A browser that was closed has lost its token with its session."""
    return errors.expired_form(fault, must_log_in=_session_was_lost)


@bp.errorhandler(service.TooLate)
def _too_late(refusal: service.TooLate) -> Response:
    """The order is not changed any more; what else there is to say of it has its subject."""
    other = url_for(".form", objet=Subject.TRACKING, commande=request.form.get("commande"))
    refusal.way_on = ("Poser une autre question sur cette commande", other)
    return errors.refused(refusal)


@bp.get("/merci")
@public
@booksellers_only
def sent() -> Response:
    """A visitor's message has left: its number and when it is answered; of a robot's, nothing."""
    if _SENT not in session:
        return answers.leave(url_for(".form"))
    facts = session[_SENT]
    message = facts and {**facts, "answer_by": dt.datetime.fromisoformat(facts["answer_by"])}
    return make_response(render_template("contact/sent.html", sent=message))


def _answered(slug: str, reference: str) -> Response:
    """« Cela répond à ma question »: nothing is sent, and the answer is known to do (R104)."""
    order, subject = _order(reference), rules.of_slug(slug)
    place = service.answered_by(subject, order)
    if place is None:
        return answers.leave(url_for(".form"))
    helped.vote(place, Said.HELPED)
    db.session.commit()
    flash("Tant mieux : votre question n’a pas été envoyée.", "fait")
    return answers.leave(url_for("orders.show", reference=order.reference) if order else url_for(".form"))


def _tell() -> Response:
    """« Voir ce que nous savons de cette commande »: nothing is sent, what was typed stays."""
    order, matter = _order(request.form.get("commande", "")), _matter(request.form)
    form = _form(order)
    if order or not isinstance(form, OrderContactForm):
        return _page(form, order, matter)
    form.commande.errors = ["Choisissez une commande de la liste"]
    return _page(form, order, matter, 422)


def _order(reference: str) -> Order | None:
    """One's own order; another's does not exist."""
    if not reference or not current_user.may(Permission.ORDER):
        return None
    order: Order | None = db.session.scalar(visible(Order).filter_by(reference=reference))
    return order


def _matter(sent: Mapping[str, str]) -> Document | Quote | None:
    """The document or the quote of one's own that the message is about; another's does not exist (R72)."""
    if not current_user.is_authenticated:
        return None
    if number := sent.get("document"):
        _must(Permission.READ_DOCUMENTS)
        return visible_or_404(Document, number=number)
    if reference := sent.get("devis"):
        _must(Permission.ORDER)
        return visible_or_404(Quote, reference=reference)
    return None


def _must(permission: Permission) -> None:
    if not current_user.may(permission):
        abort(403)


def _form(order: Order | None, subject: Subject | None = None) -> ContactForm:
    data = {"objet": subject, "commande": order.reference if order else ""}
    if not current_user.is_authenticated:
        return VisitorContactForm(data=data)
    if not current_user.may(Permission.ORDER):
        return ContactForm(data=data)
    form = OrderContactForm(data=data)
    recent = orders.choices(current_user.account_id)
    older = [(order.reference, order.reference)] if order and order.reference not in dict(recent) else []
    form.offer([*older, *recent])
    return form


def _page(
    form: ContactForm,
    order: Order | None,
    matter: Document | Quote | None,
    status: int = 200,
    *,
    unsent: bool = False,
) -> Response:
    """`unsent`: the message was to be sent, and what is known of its order comes first."""
    subject = rules.of_slug(form.objet.data or "")
    too_late = service.too_late(subject, order)
    now, facts = clock.now(), house()
    if place := service.answered_by(subject, order):
        helped.shown([place])
    context: dict[str, Any] = {
        "form": form,
        "subject": subject,
        "document": matter if isinstance(matter, Document) else None,
        "quote": matter if isinstance(matter, Quote) else None,
        "routes": rules.ROUTES,
        "service": subject.service(facts.subject_services) if subject else None,
        "services": {each: rules.subjects_of(each, facts.subject_services) for each in ANSWERING},
        "answer_by": {each: clocks.answer_by(now, each, facts) for each in ANSWERING},
        "fitting": faq.for_subject(subject.value) if subject else None,
        "too_late": too_late,
        "writing": form.restored or _is_typed() or bool(subject and not too_late),
        "unsent": unsent,
        "known": service.known(subject, order),
        "order": order,
    }
    return answers.show("contact/form.html", "contact/_contact_form.html", status, **context)


def _is_typed() -> bool:
    """Whether a message is being typed, or has been: what is said of an order never takes it away."""
    return request.method == "POST" or "redige" in request.args


def _session_was_lost() -> bool:
    """A bookseller's form came without a session: a visitor's form says who writes."""
    return not current_user.is_authenticated and "nom" not in request.form


def _log_in_first() -> Response:
    page = answers.page_of_form()
    drafts.keep(page)
    return answers.leave(url_for("access.log_in", next=page))


def _is_robot(form: ContactForm) -> bool:
    return isinstance(form, VisitorContactForm) and bool(form.site.data)


def _writer(form: ContactForm) -> Writer:
    if not isinstance(form, VisitorContactForm):
        return Writer.of(current_user)
    return Writer(
        form.nom.data, form.email.data, shop=form.librairie.data or "", phone=form.telephone.data or ""
    )


def _result(thread: Thread) -> str:
    """The page of what was sent: the thread's own, or for a visitor a word of thanks."""
    if thread.account_id is not None:
        return url_for("conversations.show", reference=thread.reference)
    session[_SENT] = {
        "reference": thread.reference,
        "service": thread.service.to_the,
        "answer_by": thread.answer_by.isoformat(),
    }
    return url_for(".sent")

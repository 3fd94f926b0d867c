"""A service's canned answers: read, written and removed by its own people."""

from flask import Blueprint, Response, abort, flash, render_template, request, url_for
from flask import make_response as page
from flask_login import current_user

from harmattan.conversations import canned, canned_words
from harmattan.conversations.forms import CannedAnswerForm
from harmattan.conversations.models import CannedAnswer, CannedVersion
from harmattan.conversations.staff_pages import SLUGS, service_or_403
from harmattan.core import answers, clock, once
from harmattan.core.extensions import db
from harmattan.core.forms import whole_number
from harmattan.core.services import Service

bp = Blueprint("canned", __name__, url_prefix=f"/messages/{SLUGS}/reponses-types")


@bp.get("")
def index(slug: str) -> Response:
    service = service_or_403(slug)
    return page(
        render_template("conversations/canned.html", service=service, canned=canned.of_service(service))
    )


@bp.get("/nouvelle")
def new(slug: str) -> Response:
    return _form_page(service_or_403(slug), _form())


@bp.post("/nouvelle")
def add(slug: str) -> Response:
    return _save(service_or_403(slug), None)


@bp.get("/<key>")
def edit(slug: str, key: str) -> Response:
    """`?version=` the number of another text fills that one in."""
    service = service_or_403(slug)
    answer = _answer_or_404(service, key)
    wanted = whole_number(request.args.get("version"))
    said = next((each for each in answer.versions if each.number == wanted), answer)
    return _form_page(service, _form(titre=said.title, texte=said.body), answer)


@bp.post("/<key>")
def change(slug: str, key: str) -> Response:
    service = service_or_403(slug)
    return _save(service, _answer_or_404(service, key))


@bp.get("/<key>/<int:number>/retirer")
def withdraw_typed(slug: str, key: str, number: int) -> Response:
    """A typed or refreshed address of the act leads to the answer."""
    version = _version_or_404(slug, key, number)
    return answers.leave(_address(version.answer))


@bp.post("/<key>/<int:number>/retirer")
def withdraw(slug: str, key: str, number: int) -> Response:
    version = _version_or_404(slug, key, number)
    canned.withdraw(version, current_user)
    db.session.commit()
    flash("Le texte est retiré : il n’entrera pas en vigueur.", "fait")
    return answers.leave(_address(version.answer))


@bp.get("/<key>/suppression")
def remove_typed(slug: str, key: str) -> Response:
    """A typed or refreshed address of the removal leads to the list."""
    service_or_403(slug)
    return answers.leave(url_for(".index", slug=slug))


@bp.post("/<key>/suppression")
def remove(slug: str, key: str) -> Response:
    answer = _answer_or_404(service_or_403(slug), key)
    canned.remove(answer, current_user)
    db.session.commit()
    flash(f"La réponse type « {answer.title} » est supprimée.", "fait")
    return answers.done(url_for(".index", slug=slug))


def _answer_or_404(service: Service, key: str) -> CannedAnswer:
    return canned.one_of(service, key) or abort(404)


def _version_or_404(slug: str, key: str, number: int) -> CannedVersion:
    answer = _answer_or_404(service_or_403(slug), key)
    return next((each for each in answer.versions if each.number == number), None) or abort(404)


def _form(**shown: str) -> CannedAnswerForm:
    return CannedAnswerForm(data={"jour": clock.today(), **shown})


def _address(answer: CannedAnswer) -> str:
    return url_for("staff.canned.edit", slug=answer.service.slug, key=answer.key)


def _save(service: Service, present: CannedAnswer | None) -> Response:
    form, url = CannedAnswerForm(), url_for(".index", slug=service.slug)
    if saved := once.result_of(form.once.data):
        return answers.leave(saved)
    if not form.validate():
        return _form_page(service, form, present, 422)
    if "apercu" in request.form:
        filled_in = canned_words.filled(form.texte.data, canned_words.example(service, current_user))
        return _form_page(service, form, present, preview=filled_in)
    if present and form.apres.data != present.latest_number:
        return _form_page(service, form, present, 409, overtaken=True)
    _write(service, form, present)
    once.remember(form.once.data, url)
    db.session.commit()
    flash(f"La réponse type « {form.titre.data} » est enregistrée.", "fait")
    return answers.done(url)


def _write(service: Service, form: CannedAnswerForm, present: CannedAnswer | None) -> None:
    title, body, day = form.titre.data, form.texte.data, form.jour.day or clock.today()
    if present:
        canned.write(present, title, body, current_user, day, present.latest_number)
    else:
        canned.add(service, title, body, current_user, day)


def _form_page(
    service: Service,
    form: CannedAnswerForm,
    present: CannedAnswer | None = None,
    status: int = 200,
    preview: str = "",
    overtaken: bool = False,
) -> Response:
    return answers.show(
        "conversations/canned_answer.html",
        "conversations/_canned_answer.html",
        status,
        service=service,
        form=form,
        present=present,
        variables=canned_words.VARIABLES,
        preview=preview,
        overtaken=overtaken,
        history=canned.history(present) if present else [],
    )

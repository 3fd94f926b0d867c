"""A service's canned answers: read, written and removed by its own people."""

from flask import Blueprint, Response, abort, flash, render_template, request, url_for
from flask import make_response as page
from flask_login import current_user

from harmattan.conversations import canned
from harmattan.conversations.forms import CannedAnswerForm
from harmattan.conversations.models import CannedAnswer
from harmattan.conversations.staff_pages import SLUGS, service_or_403
from harmattan.core import answers, once
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
    return _form_page(service_or_403(slug), CannedAnswerForm())


@bp.post("/nouvelle")
def add(slug: str) -> Response:
    return _save(service_or_403(slug), None)


@bp.get("/<key>")
def edit(slug: str, key: str) -> Response:
    """`?version=` the number of an earlier text fills that one in."""
    service = service_or_403(slug)
    answer = _answer_or_404(service, key)
    wanted = whole_number(request.args.get("version"))
    said = next((each for each in canned.versions(answer) if each.id == wanted), None) or answer
    return _form_page(service, CannedAnswerForm(data={"titre": said.title, "texte": said.body}), answer)


@bp.post("/<key>")
def change(slug: str, key: str) -> Response:
    service = service_or_403(slug)
    return _save(service, _answer_or_404(service, key))


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


def _save(service: Service, present: CannedAnswer | None) -> Response:
    form, url = CannedAnswerForm(), url_for(".index", slug=service.slug)
    if saved := once.result_of(form.once.data):
        return answers.leave(saved)
    if not form.validate():
        return _form_page(service, form, present, 422)
    if "apercu" in request.form:
        return _form_page(
            service,
            form,
            present,
            preview=canned.filled(form.texte.data, canned.example(service, current_user)),
        )
    canned.write(service, form.titre.data, form.texte.data, current_user, present)
    once.remember(form.once.data, url)
    db.session.commit()
    flash(f"La réponse type « {form.titre.data} » est enregistrée.", "fait")
    return answers.done(url)


def _form_page(
    service: Service,
    form: CannedAnswerForm,
    present: CannedAnswer | None = None,
    status: int = 200,
    preview: str = "",
) -> Response:
    return answers.show(
        "conversations/canned_answer.html",
        "conversations/_canned_answer.html",
        status,
        service=service,
        form=form,
        present=present,
        variables=canned.VARIABLES,
        preview=preview,
        versions=canned.versions(present) if present else [],
    )

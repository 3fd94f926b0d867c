"""« Comptes et accès »: the applications that sales study, the requests for access that wait (R24–R28)."""

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from harmattan.applications import lookups, opening, service
from harmattan.applications.forms import AskForm, OpeningForm, RefusalForm
from harmattan.applications.models import Application
from harmattan.conversations.downloads import download
from harmattan.core import answers, identifiers, once
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.onboarding import lookups as requests
from harmattan.staff.guard import for_services

bp = Blueprint("applications", __name__, url_prefix="/acces")

_reads = for_services(Service.SALES, Service.SETTINGS)
_acts = for_services(Service.SALES)


@bp.get("")
@_reads
def index() -> Response:
    """The queue, the oldest promise first; `?etat=closes` what is over."""
    over = request.args.get("etat") == "closes"
    found = lookups.done() if over else lookups.to_study()
    return make_response(
        render_template(
            "applications/staff_index.html",
            over=over,
            applications=found,
            doubles=lookups.doubles(found),
            count_of=lookups.count_of,
            waiting=requests.waiting(),
        )
    )


@bp.get("/<reference>")
@_reads
def show(reference: str) -> Response:
    return _page(_find_or_404(reference), ask=AskForm())


@bp.post("/<reference>/complement")
@_acts
def ask_details(reference: str) -> Response:
    application, form = _find_or_404(reference), AskForm()
    if made := once.result_of(form.once.data):
        return answers.leave(made)
    if not form.validate():
        return _page(application, 422, ask=form)
    once.remember(form.once.data, url_for(".show", reference=reference))
    service.ask_details(application, form.question.data, current_user, form.version.data)
    return _acted(application, f"Le complément est demandé à {application.contact}, par courriel.")


@bp.post("/<reference>/ouvrir")
@_acts
def open_account(reference: str) -> Response:
    application, form = _find_or_404(reference), OpeningForm()
    if not form.validate():
        return _page(application, 422, opening=form)
    account = opening.open_account(application, form.terms, current_user, form.version.data)
    return _acted(application, f"Le compte {account.number} est ouvert, et {application.contact} invité.")


@bp.post("/<reference>/refuser")
@_acts
def refuse(reference: str) -> Response:
    application, form = _find_or_404(reference), RefusalForm()
    if not form.validate():
        return _page(application, 422, refusal=form)
    service.refuse(application, form.reason.data, form.words.data, current_user, form.version.data)
    return _acted(application, f"La demande est sans suite, et {application.contact} le lit par courriel.")


@bp.get("/<reference>/complement")
@bp.get("/<reference>/ouvrir")
@bp.get("/<reference>/refuser")
@_reads
def act_typed(reference: str) -> Response:
    """A typed or refreshed address of an act is no error: it leads to the application."""
    return answers.leave(url_for(".show", reference=_find_or_404(reference).reference))


@bp.get("/<reference>/pieces/<key>")
@_reads
def piece(reference: str, key: str) -> Response:
    found = lookups.piece_of(_find_or_404(reference), key)
    return download(found) if found is not None else abort(404)


def _acted(application: Application, said: str) -> Response:
    db.session.commit()
    flash(said, "fait")
    url = url_for(".show", reference=application.reference)
    parts = ("applications/_study.html", "layout/_avis.html")
    return answers.done(url, parts, **_context(application))


def _page(application: Application, status: int = 200, **forms: Any) -> Response:
    context = _context(application, **forms)
    return answers.show("applications/staff_show.html", "applications/_study.html", status, **context)


def _context(application: Application, **forms: Any) -> dict[str, Any]:
    nothing: MultiDict[str, str] = MultiDict()
    empty = {
        "ask": AskForm(nothing),
        "opening": OpeningForm.proposed(application, nothing),
        "refusal": RefusalForm.proposed(nothing),
    }
    return {
        "application": application,
        "count": lookups.count_of(application),
        "doubles": lookups.doubles([application])[application.id],
        "iban": identifiers.masked_iban(application.iban),
        "file_url": lambda key: url_for(".piece", reference=application.reference, key=key),
        **(empty | forms),
    }


def _find_or_404(reference: str) -> Application:
    found = lookups.first_of([reference])
    return found if found is not None else abort(404)

"""Changes of details as sales decide them, in one click (R60)."""

from typing import Any

from flask import Blueprint, Response, abort, flash, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from harmattan.core import answers
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.details import lookups, rules, service
from harmattan.details.forms import DecisionForm, RefusalForm
from harmattan.details.models import DetailsChange
from harmattan.staff.guard import for_services

bp = Blueprint("details", __name__, url_prefix="/coordonnees")

_reads = for_services(Service.SALES, Service.SETTINGS)
_acts = for_services(Service.SALES)


@bp.get("/<reference>")
@_reads
def show(reference: str) -> Response:
    return _page(_find_or_404(reference), RefusalForm())


@bp.post("/<reference>/appliquer")
@_acts
def apply(reference: str) -> Response:
    change, form = _find_or_404(reference), DecisionForm()
    if not form.validate():
        abort(400)
    service.apply(change, current_user, form.version.data)
    return _acted(change, f"Le compte {change.account.number} est à jour, et la librairie prévenue.")


@bp.post("/<reference>/refuser")
@_acts
def refuse(reference: str) -> Response:
    change, form = _find_or_404(reference), RefusalForm()
    if not form.validate():
        return _page(change, form, 422)
    service.refuse(change, form.words.data, current_user, form.version.data)
    return _acted(change, "La demande est refusée, et la librairie prévenue.")


@bp.get("/<reference>/appliquer")
@bp.get("/<reference>/refuser")
@_reads
def act_typed(reference: str) -> Response:
    """A typed or refreshed address of an act is no error: it leads to the request."""
    return answers.leave(url_for(".show", reference=_find_or_404(reference).reference))


def _acted(change: DetailsChange, said: str) -> Response:
    db.session.commit()
    flash(said, "fait")
    url = url_for("staff.details.show", reference=change.reference)
    parts = ("details/_decision.html", "layout/_avis.html")
    return answers.done(url, parts, **_context(change, RefusalForm(MultiDict())))


def _page(change: DetailsChange, form: RefusalForm, status: int = 200) -> Response:
    context = _context(change, form)
    return answers.show("details/staff_show.html", "details/_decision.html", status, **context)


def _context(change: DetailsChange, form: RefusalForm) -> dict[str, Any]:
    present = service.present(change.account)
    return {"change": change, "form": form, "moved_on": rules.moved_on(change.differences, present)}


def _find_or_404(reference: str) -> DetailsChange:
    found = lookups.of_reference(reference)
    return found if found is not None else abort(404)

"""`/equipe/pilotage`: figures for all services, their table as CSV, and work that failed tried again."""

from collections.abc import Iterator

from flask import Blueprint, Response, flash, request, url_for
from flask_login import current_user

from harmattan.core import answers, audit, csv_export, jobs
from harmattan.core.extensions import db
from harmattan.core.forms import whole_number
from harmattan.core.services import Service
from harmattan.oversight import figures, rules
from harmattan.oversight.figures import Figures
from harmattan.staff.guard import for_services

bp = Blueprint("oversight", __name__, url_prefix="/pilotage")


@bp.get("")
def index() -> Response:
    """`?periode=` in days."""
    return answers.show(
        "oversight/index.html",
        "oversight/_figures.html",
        figures=figures.of(_days()),
        late=figures.late_threads(current_user),
        periods=rules.PERIODS,
        bar=rules.bar,
        duration=rules.duration,
        may_retry=current_user.service is Service.SETTINGS,
    )


@bp.get("/chiffres.csv")
def table() -> Response:
    """The same figures for a spreadsheet."""
    found = figures.of(_days())
    return csv_export.download("pilotage.csv", ("Chiffre", "De quoi", "Valeur"), _rows(found))


@bp.get("/travaux")
def typed() -> Response:
    return answers.leave(url_for(".index"))


@bp.post("/travaux")
@for_services(Service.SETTINGS)
def retry() -> Response:
    """A failed piece of work goes back to the worker, as new."""
    job_id = whole_number(request.form.get("travail")) or 0
    if jobs.try_again(job_id):
        audit.record("oversight.retry", str(job_id), actor=current_user.name)
        db.session.commit()
        flash("Le travail est remis dans la file.", "fait")
    else:
        flash("Ce travail n’est plus en échec.", "att")
    return answers.leave(url_for(".index"))


def _days() -> int:
    days = request.args.get("periode", rules.USUAL_PERIOD, type=int)
    return days if days in rules.PERIODS else rules.USUAL_PERIOD


def _rows(found: Figures) -> Iterator[tuple[str, str, int]]:
    for each in found.answers:
        name = each.service.label
        yield "Premières réponses", name, each.count
        yield "Délai médian, minutes ouvrées", name, each.median_minutes
        yield "Neuf sur dix en, minutes ouvrées", name, each.nine_in_ten_minutes
        yield "Dans le délai promis", name, each.kept
    for service, waiting in found.waiting.items():
        yield "Messages ouverts", service.label, waiting.open
        yield "Messages en retard", service.label, waiting.late
    for line in found.proposed:
        name = f"{line.question} ({line.where})"
        yield "Réponses proposées, lues", name, line.shown
        yield "Réponses proposées, ont suffi", name, line.helped
        yield "Réponses proposées, n’ont pas aidé", name, line.no_help
        yield "Réponses proposées, message envoyé quand même", name, line.written
    for title, counts in (("Messages par objet", found.questions), ("Commandes par état", found.orders)):
        for what, count in counts:
            yield title, what, count

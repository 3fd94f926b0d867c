"""Imports of the catalogue, for those who keep it (`/equipe/catalogue`)."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, request, url_for
from flask_login import current_user

from harmattan.core import answers, csv_export, database, errors, once
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.imports import files, onix, rules, running, service
from harmattan.imports.forms import ImportForm
from harmattan.imports.models import CatalogueImport
from harmattan.staff.guard import for_services

bp = Blueprint("imports", __name__, url_prefix="/catalogue")

KEEPERS = (Service.SETTINGS, Service.SALES)
_REMARKS_HEADER = ("Notice", "Référence", "ISBN", "Suite donnée", "Motif")


@bp.url_value_preprocessor
def _take_large_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Only those who keep the catalogue may send a large file: known before the body is read."""
    if endpoint != "staff.imports.receive":
        return
    database.reading()
    if getattr(current_user, "service", None) in KEEPERS:
        request.max_content_length = rules.MAXIMUM_UPLOAD
    db.session.rollback()  # no transaction stays open while the body comes in


@bp.errorhandler(413)
def _too_large(_error: Exception) -> Response:
    return errors.error_page(
        413,
        "Le fichier est trop lourd",
        f"Envoyez au plus {rules.MAXIMUM_UPLOAD >> 20} Mo, ou découpez le message ;"
        " la commande « flask catalogue import » prend les fichiers de toute taille.",
        ("Revenir aux imports", url_for("staff.imports.index")),
    )


@bp.get("")
@for_services(*KEEPERS)
def index() -> Response:
    """The form, and the runs, latest first."""
    return _index(ImportForm())


@bp.post("")
@for_services(*KEEPERS)
def receive() -> Response:
    """Take a file and let the worker import it."""
    form = ImportForm()
    if not form.validate():
        return _index(form, 422)
    try:
        url = _received(form)
    except (onix.UnreadableFile, service.OlderMessage) as fault:
        db.session.rollback()
        form.file.errors = [str(fault)]
        return _index(form, 422)
    db.session.commit()
    return answers.done(url)


@bp.get("/<reference>")
@for_services(*KEEPERS)
def show(reference: str) -> Response:
    """One run: how far it is, what it counted, what it had to say."""
    run = _run_or_404(reference)
    return answers.progress(
        "imports/show.html", "imports/_run.html", finished=run.state.is_final, **_shown(run)
    )


@bp.get("/<reference>/remarques.csv")
@for_services(*KEEPERS)
def remarks(reference: str) -> Response:
    """The rejects and warnings as a file."""
    run = _run_or_404(reference)
    rows = (
        (row.position, row.record_reference, row.isbn, row.kind, row.reason)
        for row in service.all_remarks(run)
    )
    return csv_export.download(f"{run.reference}-rejets.csv", _REMARKS_HEADER, rows)


@bp.post("/<reference>/appliquer")
@for_services(*KEEPERS)
def apply(reference: str) -> Response:
    """Carry out for good what a dry run showed."""
    run = service.apply(_run_or_404(reference), current_user)
    db.session.commit()
    return answers.done(url_for("staff.imports.show", reference=run.reference))


@bp.get("/<reference>/appliquer")
@for_services(*KEEPERS)
def apply_typed(reference: str) -> Response:
    return answers.leave(url_for("staff.imports.show", reference=reference))


def _received(form: ImportForm) -> str:
    """Keep the file outside any transaction, then record the run; returns its address."""
    db.session.commit()
    file = files.keep(form.file.data.stream, form.file.data.filename or "")
    try:
        with file.path.open("rb") as stream:
            header = onix.read_header(stream)
        database.writing()
        if made := once.result_of(form.once.data):
            files.discard(file.path)
            return made
        running.forget_abandoned_files()
        run = service.receive(
            file, header, by=current_user, dry_run=form.dry_run.data, forced=form.forced.data
        )
    except (onix.UnreadableFile, service.OlderMessage):
        files.discard(file.path)
        raise
    service.enqueue(run)
    url = url_for("staff.imports.show", reference=run.reference)
    once.remember(form.once.data, url)
    return url


def _index(form: ImportForm, status: int = 200) -> Response:
    return answers.show(
        "imports/index.html", "imports/_upload.html", status, form=form, runs=service.latest()
    )


def _shown(run: CatalogueImport) -> dict[str, Any]:
    number = min(max(request.args.get("page", 1, type=int), 1), 10_000)
    found = service.remarks(run, number)
    return {
        "run": run,
        "remarks": found[: service.REMARKS_A_PAGE],
        "shown_page": {
            "number": number,
            "has_previous": number > 1,
            "has_next": len(found) > service.REMARKS_A_PAGE,
        },
        "auto": request.args.get("auto") == "1",
        "can_be_applied": service.can_be_applied(run),
    }


def _run_or_404(reference: str) -> CatalogueImport:
    run = db.session.scalar(sa.select(CatalogueImport).filter_by(reference=reference))
    return run if run is not None else abort(404)

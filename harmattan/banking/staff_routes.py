"""The bank's statement, for accounting: sent, reviewed line by line, booked (R82)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, flash, request, url_for
from flask_login import current_user

from harmattan.banking import lookups, service, suggesting
from harmattan.banking.forms import AccountForm, AsideForm, StatementForm
from harmattan.banking.models import BankFile, BankLine
from harmattan.banking.reading import UnreadableStatement
from harmattan.banking.rules import LineState, Verdict
from harmattan.core import answers, database
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.forms import Form, whole_number
from harmattan.core.paging import Sheet
from harmattan.core.services import Service
from harmattan.core.typography import plural
from harmattan.lists.files import MAXIMUM_BYTES
from harmattan.staff.guard import for_services

bp = Blueprint("banking", __name__, url_prefix="/comptabilite/banque")

accounting = for_services(Service.ACCOUNTING)

TABS = {
    "": LineState.WAITING,
    "enregistrees": LineState.BOOKED,
    "de-cote": LineState.SET_ASIDE,
    "debits": LineState.DEBIT,
}


@bp.get("")
@accounting
def index() -> Response:
    """A statement to send, and those that were sent, found again."""
    return _index(StatementForm())


@bp.post("")
@accounting
def receive() -> Response:
    """Read a statement and keep its new lines; a file of another shape is refused whole."""
    form = StatementForm()
    sent = form.fichier.data
    name, data = (sent.filename or "", sent.read(MAXIMUM_BYTES + 1)) if sent else ("", b"")
    db.session.commit()  # reading a file takes time: outside any transaction
    try:
        entries = service.read(name, data)
    except UnreadableStatement as fault:
        form.fichier.errors = list(fault.messages) if name else ["Choisissez le fichier du relevé"]
        return _index(form, 422)
    database.writing()
    try:
        file = service.keep(name, data, entries, current_user)
    except service.AlreadyReceived as refusal:
        refusal.way_on = "Voir ce relevé", _url(refusal.earlier)
        raise
    db.session.commit()
    return answers.leave(_url(file))


@bp.get("/<reference>")
@accounting
def show(reference: str) -> Response:
    """A statement's lines, each with what is proposed for it."""
    return _show(_file(reference))


@bp.get("/<reference>/sures")
@bp.get("/<reference>/lignes/<int:line_id>/<any(confirmer, compte, ecarter, reprendre):_act>")
@accounting
def typed(reference: str, line_id: int = 0, _act: str = "") -> Response:
    """A typed or refreshed address of an act is no error: it leads to the statement."""
    return answers.leave(_url(_file(reference)))


@bp.post("/<reference>/sures")
@accounting
def confirm_sure(reference: str) -> Response:
    """Book all the sure lines of the page, each as it was seen."""
    file = _file(reference)
    said = (each.partition("|") for each in request.form.getlist("sure"))
    seen = {line_id: mark for typed, _, mark in said if (line_id := whole_number(typed))}
    with _leading_back(file):
        booked = service.confirm_sure(file, current_user, seen)
    left = f" {len(seen) - booked} à relire : la proposition a changé." if booked < len(seen) else ""
    return _acted(file, f"{plural(booked, 'ligne enregistrée', 'lignes enregistrées')}.{left}")


@bp.post("/<reference>/lignes/<int:line_id>/confirmer")
@accounting
def confirm(reference: str, line_id: int) -> Response:
    """Book a line as it was proposed, and nothing else."""
    line = _line(reference, line_id)
    with _leading_back(line.file):
        payment = service.confirm(line, current_user, request.form.get("vu", ""))
    return _acted(line.file, f"Ligne {line.number} enregistrée sous le numéro {payment.reference}.")


@bp.post("/<reference>/lignes/<int:line_id>/compte")
@accounting
def choose(reference: str, line_id: int) -> Response:
    """Say whose money it is; what it settles is proposed anew."""
    line, form = _line(reference, line_id), AccountForm()
    if not form.validate() or form.account is None:
        return _show(line.file, line, form)
    with _leading_back(line.file):
        service.choose(line, form.account, current_user)
    return _acted(line.file, f"Ligne {line.number} : compte {form.account.number} choisi.")


@bp.post("/<reference>/lignes/<int:line_id>/ecarter")
@accounting
def set_aside(reference: str, line_id: int) -> Response:
    """A line that is no payment of a bookshop's."""
    line, form = _line(reference, line_id), AsideForm()
    if not form.validate():
        return _show(line.file, line, form)
    with _leading_back(line.file):
        service.set_aside(line, (form.motif.data or "").strip(), current_user)
    return _acted(line.file, f"Ligne {line.number} mise de côté.")


@bp.post("/<reference>/lignes/<int:line_id>/reprendre")
@accounting
def take_back(reference: str, line_id: int) -> Response:
    """A line that was set aside waits again."""
    line = _line(reference, line_id)
    with _leading_back(line.file):
        service.take_back(line, current_user)
    return _acted(line.file, f"Ligne {line.number} reprise.")


def _file(reference: str) -> BankFile:
    found = db.session.scalar(sa.select(BankFile).where(BankFile.reference == reference))
    return found or abort(404)


def _line(reference: str, line_id: int) -> BankLine:
    its = sa.select(BankLine).join(BankLine.file).where(BankFile.reference == reference)
    return db.session.scalar(its.where(BankLine.id == line_id)) or abort(404)


def _url(file: BankFile) -> str:
    """The statement, where the form stood on it."""
    etat, page = request.args.get("etat"), request.args.get("page")
    return url_for(".show", reference=file.reference, etat=etat, page=page)


@contextmanager
def _leading_back(file: BankFile) -> Iterator[None]:
    """A refusal opens the door to the statement."""
    try:
        yield
    except Refusal as refusal:
        refusal.way_on = refusal.way_on or ("Revenir au relevé", _url(file))
        raise


def _index(form: StatementForm, status: int = 200) -> Response:
    return answers.show(
        "banking/index.html",
        "banking/_files.html",
        status,
        form=form,
        files=lookups.latest(),
        waiting=lookups.waiting_by_file(),
    )


def _acted(file: BankFile, said: str) -> Response:
    """The statement as it stands now, what was done said above it."""
    db.session.commit()
    flash(said, "fait")
    return answers.done(_url(file), ("banking/_statement.html", "layout/_avis.html"), **_context(file))


def _show(file: BankFile, line: BankLine | None = None, form: Form | None = None) -> Response:
    """The page; with what was typed for a line and is to be corrected, 422."""
    shown = _context(file)
    if line and form:
        faults = [(f"{name}-{line.id}", said) for name, said in form.faults]
        shown |= {"faulty": line.id, "form": form, "faults": faults}
    return answers.show("banking/show.html", "banking/_statement.html", 422 if form else 200, **shown)


def _context(file: BankFile) -> dict[str, Any]:
    tab = request.args.get("etat", "")
    state = TABS.get(tab, LineState.WAITING)
    counts = lookups.counts(file)
    sheet = Sheet.of(request.args.get("page", 1, type=int), counts.get(state, 0), lookups.LINES_A_PAGE)
    lines = lookups.lines_of(file, state, sheet)
    proposed = suggesting.suggested(lines) if state is LineState.WAITING else {}
    return {
        "file": file,
        "state": state,
        "tab": tab or None,
        "tabs": TABS,
        "counts": counts,
        "sheet": sheet,
        "lines": lines,
        "proposed": proposed,
        "sure": [each for each in lines if each.id in proposed and proposed[each.id].verdict is Verdict.SURE],
        "faulty": 0,
        "form": None,
        "faults": [],
    }

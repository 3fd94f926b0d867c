"""A remittance: prepared, reviewed, its file made and fetched, noted as paid, bills come back (R80)."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, flash, url_for
from flask_login import current_user

from harmattan.core import answers, clock, once
from harmattan.core.extensions import db
from harmattan.core.typography import date_long, plural
from harmattan.lcr import collecting, drawing, gathering, lookups, presenting, remitting
from harmattan.lcr.forms import CreateForm, LeaveOutForm, PrepareForm, RejectForm
from harmattan.lcr.models import Remittance
from harmattan.lcr.rules import RemittanceState
from harmattan.lcr.staff_routes import accounting, page
from harmattan.payments import lookups as payments

bp = Blueprint("remittances", __name__, url_prefix="/comptabilite/lcr/lots")


@bp.get("")
@accounting
def index() -> Response:
    """A typed or refreshed address is no error: the remittances."""
    return answers.leave(url_for("staff.lcr.index", onglet="lots"))


@bp.post("")
@accounting
def prepare() -> Response:
    """Gather what is due by a day into a remittance to be reviewed."""
    form = PrepareForm()
    if made := once.result_of(form.once.data):
        return answers.leave(made)
    if not form.validate():
        return page(form, 422)
    remittance = remitting.prepare(form.echeance.day or clock.today(), current_user)
    once.remember(form.once.data, _url(remittance))
    db.session.commit()
    return answers.leave(_url(remittance))


@bp.get("/<reference>")
@accounting
def show(reference: str) -> Response:
    """Its LCR to be reviewed, or what became of them."""
    return _page(_remittance(reference))


@bp.get("/<reference>/<any(ecarter, creer, abandonner, encaisser, impayees):_act>")
@accounting
def typed(reference: str, _act: str) -> Response:
    """A typed or refreshed address of an act is no error: it leads to the remittance."""
    return answers.leave(_url(_remittance(reference)))


@bp.post("/<reference>/ecarter")
@accounting
def leave_out(reference: str) -> Response:
    """Take an invoice, or a shop's whole LCR, out of it."""
    remittance, number = _remittance(reference), LeaveOutForm().numero.data or ""
    remitting.leave_out(remittance, number, current_user)
    db.session.commit()
    return answers.done(_url(remittance), "lcr/_review.html", **_reviewed(remittance))


@bp.post("/<reference>/creer")
@accounting
def create(reference: str) -> Response:
    """Make the file of what was seen, once; the shops are told."""
    remittance = _remittance(reference)
    presenting.create(remittance, CreateForm().vu.data or "", current_user)
    db.session.commit()
    flash(f"Le fichier du lot {reference} est créé ; les librairies sont prévenues.", "fait")
    return answers.leave(_url(remittance))


@bp.post("/<reference>/abandonner")
@accounting
def drop(reference: str) -> Response:
    """Give it up: its invoices are free again."""
    remitting.drop(_remittance(reference), current_user)
    db.session.commit()
    flash(f"Le lot {reference} est abandonné : ses factures sont de nouveau libres.", "fait")
    return answers.leave(url_for("staff.lcr.index", onglet="lots"))


@bp.get("/<reference>.txt")
@accounting
def file(reference: str) -> Response:
    """The file for the bank, the same bytes each time."""
    remittance = _remittance(reference)
    if not remittance.content:
        abort(404)
    name = f"lcr-{remittance.due_on}-{reference}.txt"
    return answers.saved(remittance.content.encode("ascii"), name)


@bp.post("/<reference>/encaisser")
@accounting
def book(reference: str) -> Response:
    """The bank has paid: book it and settle the invoices."""
    remittance = _remittance(reference)
    count = collecting.book(remittance, current_user)
    db.session.commit()
    flash(f"{plural(count, 'LCR encaissée', 'LCR encaissées')} au {date_long(remittance.due_on)}.", "fait")
    return answers.leave(_url(remittance))


@bp.post("/<reference>/impayees")
@accounting
def reject(reference: str) -> Response:
    """A bill came back: its invoices are open, and the shop is told."""
    remittance = _remittance(reference)
    form = RejectForm(remittance)
    if made := once.result_of(form.once.data):
        return answers.leave(made)
    if not form.bills:
        raise collecting.NotInThisState(
            f"Aucune LCR du lot {reference} ne peut revenir.", ("Revenir au lot", _url(remittance))
        )
    if not form.validate():
        return _page(remittance, form, 422)
    bill = form.bill
    collecting.reject(bill, form.motif.data, form.jour.day or clock.today(), current_user)
    once.remember(form.once.data, _url(remittance))
    db.session.commit()
    flash(f"{bill.reference} est notée impayée ; {bill.account.trade_name} est prévenue.", "fait")
    return answers.leave(_url(remittance))


def _page(remittance: Remittance, form: RejectForm | None = None, status: int = 200) -> Response:
    if remittance.state is RemittanceState.PREPARED:
        return answers.show("lcr/remittance.html", "lcr/_review.html", **_reviewed(remittance))
    return answers.show(
        "lcr/remittance.html",
        "lcr/_sent.html",
        status,
        remittance=remittance,
        bills=lookups.bills(remittance),
        form=form or RejectForm(remittance, formdata=None, jour=clock.today()),
        is_due=remittance.due_on <= clock.today(),
    )


def _reviewed(remittance: Remittance) -> dict[str, Any]:
    drafts = drawing.drafts(remittance)
    return {
        "remittance": remittance,
        "drafts": drafts,
        "mark": drawing.mark(drafts),
        "total_cents": sum(draft.cents for draft in drafts),
        "announced": payments.announced([draft.account.id for draft in drafts]),
        "left_out": gathering.left_out(remittance),
    }


def _url(remittance: Remittance) -> str:
    return url_for("staff.remittances.show", reference=remittance.reference)


def _remittance(reference: str) -> Remittance:
    found = db.session.scalar(sa.select(Remittance).where(Remittance.reference == reference))
    return found or abort(404)

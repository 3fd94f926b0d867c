"""Accounting's desk `/equipe/comptabilite`: who owes what, payments entered and allocated (R82)."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, flash, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from harmattan.access.models import Account
from harmattan.access.scope import account_or_404
from harmattan.billing import allocation, cheque_fields, matching
from harmattan.billing.allocation import Source
from harmattan.billing.lookups import Balance, balances
from harmattan.billing.models import Allocation, Document, Payment
from harmattan.billing.rules import Kind
from harmattan.core import answers, clock, once, worklist
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.forms import OneTimeForm, whole_number
from harmattan.core.services import Service
from harmattan.core.typography import euros
from harmattan.ledger import lookups, reversing
from harmattan.ledger.forms import AllocationForm, PaymentForm, ProposalForm, ReversalForm, UndoForm
from harmattan.staff.guard import for_services

bp = Blueprint("ledger", __name__, url_prefix="/comptabilite")

ACTED = ("ledger/_account.html", "layout/_avis.html")

accounting = for_services(Service.ACCOUNTING)


class ProposalChanged(Refusal):
    """Something was settled meanwhile: another allocation would be booked than the one that was seen."""

    title = "La proposition a changé entre-temps"


@bp.get("")
@accounting
def index() -> Response:
    """What waits, and the accounts that owe; a number or a name leads to any account."""
    typed = request.args.get("q", "").strip()
    debtors, accounts = lookups.debtors(typed, request.args.get("page", 1, type=int))
    unsettled, payments = lookups.unsettled(request.args.get("reglements", 1, type=int))
    return answers.show(
        "ledger/index.html",
        "ledger/_desk.html",
        typed=typed,
        debtors=debtors,
        accounts=accounts,
        unsettled=unsettled,
        payments=payments,
        works=worklist.of_service(Service.ACCOUNTING),
    )


@bp.get("/comptes/<number>")
@accounting
def show(number: str) -> Response:
    """One account: what is open, what is proposed, a payment to enter."""
    return _page(account_or_404(number))


@bp.get("/comptes/<number>/<any(reglements, affectations, proposition, annulation, contrepassation):_act>")
@accounting
def typed(number: str, _act: str) -> Response:
    """A typed or refreshed address of an act is no error: it leads to the account."""
    return answers.leave(_url(account_or_404(number)))


@bp.post("/comptes/<number>/reglements")
@accounting
def receive(number: str) -> Response:
    """Book money received; it settles nothing until it is allocated."""
    account, form = account_or_404(number), PaymentForm()
    if once.result_of(form.once.data):
        return answers.leave(_url(account))
    if not form.validate():
        return _page(account, form)
    payment = _booked(account, form)
    return _done(account, form, f"Règlement {payment.reference} enregistré : {euros(payment.amount_cents)}.")


@bp.post("/comptes/<number>/proposition")
@accounting
def apply(number: str) -> Response:
    """« Affecter comme proposé »: exactly what was seen, or nothing."""
    account, form = account_or_404(number), ProposalForm()
    if once.result_of(form.once.data):
        return answers.leave(_url(account))
    source = _source(account, form.origine.data or "")
    proposal = matching.proposal_for(source)
    if proposal.mark != form.vu.data or not proposal.parts:
        raise ProposalChanged("Relisez ce qui est proposé maintenant, puis décidez.", _way_on(account))
    matching.apply(source, proposal.parts, current_user.name)
    return _done(account, form, f"{allocation.name_of(source)} : affecté comme proposé.")


@bp.post("/comptes/<number>/affectations")
@accounting
def allocate(number: str) -> Response:
    """So much of a payment or of a credit note for one invoice, as accounting decides."""
    account = account_or_404(number)
    form = AllocationForm(allocation.open_documents(account.id))
    if once.result_of(form.once.data):
        return answers.leave(_url(account))
    if not form.validate():
        return _page(account, form)
    cents, invoice = form.cents, form.invoice
    allocation.allocate(form.source, invoice, cents, current_user.name)
    return _done(account, form, f"{euros(cents)} affectés à la facture {invoice.number}.")


@bp.post("/comptes/<number>/annulation")
@accounting
def undo(number: str) -> Response:
    """Take an allocation back: both sides are open again."""
    account, form = account_or_404(number), UndoForm()
    row = db.session.scalar(
        sa.select(Allocation).filter_by(account_id=account.id, id=whole_number(form.affectation.data))
    )
    if row is None:
        raise allocation.NotEnoughLeft("Cette affectation a déjà été annulée.", _way_on(account))
    number_of_invoice = row.invoice.number
    allocation.unallocate(row, current_user.name)
    return _done(account, form, f"Affectation à la facture {number_of_invoice} annulée.")


@bp.post("/comptes/<number>/contrepassation")
@accounting
def reverse(number: str) -> Response:
    """A payment that came back, or was a mistake: its invoices are open again, both entries stay."""
    account = account_or_404(number)
    form = ReversalForm(account)
    if once.result_of(form.once.data):
        return answers.leave(_url(account))
    if not form.validate() or form.payment is None:
        return _page(account, form)
    day, tell = form.repris.day or clock.today(), not form.sans_courriel.data
    reversing.reverse(form.payment, day, current_user, tell=tell)
    return _done(
        account, form, f"Règlement {form.payment.reference} contrepassé : {euros(form.payment.amount_cents)}."
    )


def _source(account: Account, name: str) -> Source:
    """The payment or the credit note of this number; one that is not the account's is a 404 (R72)."""
    own = {"account_id": account.id}
    payment = db.session.scalar(sa.select(Payment).filter_by(reference=name, **own))
    noted = sa.select(Document).filter_by(number=name, kind=Kind.CREDIT_NOTE, **own)
    return payment or db.session.scalar(noted) or abort(404)


def _booked(account: Account, form: PaymentForm) -> Payment:
    try:
        return allocation.record_payment(
            account,
            form.cents,
            received_on=form.jour.day or clock.today(),
            means=form.means,
            actor=current_user.name,
            label=(form.libelle.data or "").strip(),
            cheque=cheque_fields.drawn(form),
        )
    except allocation.TooMuchCash as refusal:
        refusal.way_on = _way_on(account)
        raise


def _url(account: Account) -> str:
    return url_for("staff.ledger.show", number=account.number)


def _way_on(account: Account) -> tuple[str, str]:
    return "Revenir au compte", _url(account)


def _done(account: Account, form: OneTimeForm, said: str) -> Response:
    once.remember(form.once.data, _url(account))
    db.session.commit()
    flash(said, "fait")
    return answers.renewed(_url(account), ACTED, lambda: _context(account, empty=MultiDict()))


def _page(account: Account, form: OneTimeForm | None = None) -> Response:
    """The page; with a form that is to be corrected, 422."""
    status = 422 if form is not None else 200
    return answers.show("ledger/account.html", "ledger/_account.html", status, **_context(account, form))


def _context(
    account: Account, form: OneTimeForm | None = None, empty: "MultiDict[str, str] | None" = None
) -> dict[str, Any]:
    """Everything on the page; `empty` where what was sent is done and not to be shown again."""
    its = lookups.affairs(account, request.args.get("affectations", 1, type=int))
    forms: dict[str, Any] = {
        "payment": form if isinstance(form, PaymentForm) else PaymentForm(empty),
        "allocation": form if isinstance(form, AllocationForm) else AllocationForm(its.found, empty),
        "reversal": form if isinstance(form, ReversalForm) else ReversalForm(account, empty),
    }
    return {
        "account": account,
        "balance": balances([account.id], clock.today()).get(account.id, Balance()),
        "its": its,
        "forms": forms,
        "once_form": OneTimeForm(empty),
        "faults": form.faults if form is not None else [],
    }

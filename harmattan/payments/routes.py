"""How the shop pays: what is owed, an order of payment, what was announced (R73–R82)."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_login import current_user

from harmattan.access.gate import needs, public
from harmattan.access.models import Account
from harmattan.access.rules import Permission
from harmattan.access.scope import account_or_404, visible_or_404
from harmattan.billing import allocation, bank
from harmattan.billing.models import Document
from harmattan.billing.rules import Kind
from harmattan.core import answers, clock, once, registry
from harmattan.core.extensions import csrf, db
from harmattan.core.settings import house
from harmattan.core.typography import euros
from harmattan.payments import lookups, online, paper, service
from harmattan.payments.choice import chosen
from harmattan.payments.forms import AnnounceForm
from harmattan.payments.models import PaymentOrder
from harmattan.payments.rules import Action

bp = Blueprint("payments", __name__, url_prefix="/paiement")

PAGE, MEANS = "payments/index.html", "payments/_means.html"
RECKONED = ("payments/_amounts.html", MEANS)
"""What follows from the ticks, which stay as they are: others may be set before the answer comes."""


@bp.get("")
@needs(Permission.READ_DOCUMENTS, staff_may_read=True)
def index() -> Response:
    """What is owed, what is ticked, and how to pay it; our services read along, `?compte=` says whose."""
    if not current_user.is_staff:
        return _index(AnnounceForm(), current_user.account)
    number = request.args.get("compte", "").strip()
    if not number:
        return make_response(render_template("payments/whose.html"))
    return _index(AnnounceForm(), account_or_404(number))


@bp.post("")
@needs(Permission.READ_DOCUMENTS)
def announce() -> Response:
    """Pay what is ticked: online, or by what was just sent; credit notes that cover it are deducted."""
    account = current_user.account
    form, documents = AnnounceForm(), lookups.ticked(account, request.form.getlist("document"))
    if not documents:
        raise service.NothingToPay("Ces documents ne sont plus à régler : cochez ceux que vous payez.")
    if not ("deduire" in request.form or form.validate()):
        return _index(form, account, MEANS, 422)
    if made := once.result_of(form.once.data):
        return answers.leave(made)
    url = _deducted(documents) if "deduire" in request.form else _announced(documents, form)
    once.remember(form.once.data, url)
    db.session.commit()
    return answers.leave(url)


def _deducted(documents: Sequence[Document]) -> str:
    settled_cents = service.deduct(documents, current_user)
    flash(f"{euros(settled_cents)} réglés par vos avoirs.", "fait")
    return url_for(".index")


def _announced(documents: Sequence[Document], form: AnnounceForm) -> str:
    order = service.announce(current_user.account, documents, form.means.data, current_user)
    return url_for(".show", reference=order.reference)


@bp.get("/cheque.pdf")
@needs(Permission.READ_DOCUMENTS)
def cheque() -> Response:
    """The slip that goes with a cheque, with the text for its back (R76–R78)."""
    what = chosen(lookups.ticked(current_user.account, request.args.getlist("document")))
    if not what.to_pay_cents:
        return answers.leave(url_for(".index"))
    return answers.paper(paper.cheque(current_user.account, what), "bordereau-de-cheque.pdf")


@bp.get("/<reference>")
@needs(Permission.READ_DOCUMENTS, staff_may_read=True)
def show(reference: str) -> Response:
    """One order of payment, and where it stands.

    The payment page leads back here (`?retour`): that proves nothing, its word is waited for some minutes.
    """
    shown = _shown(_order(reference), is_back="retour" in request.args and not current_user.is_staff)
    is_told = shown["is_back"] and not shown["is_waiting"]
    return answers.progress("payments/show.html", "payments/_order.html", finished=is_told, **shown)


@bp.get("/<reference>/annuler")
@needs(Permission.READ_DOCUMENTS)
def withdraw_typed(reference: str) -> Response:
    """A typed or refreshed address is no error."""
    return answers.leave(url_for(".show", reference=_order(reference).reference))


@bp.post("/<reference>/annuler")
@needs(Permission.READ_DOCUMENTS)
def withdraw(reference: str) -> Response:
    """The shop does not pay it after all."""
    order = _order(reference)
    service.act(order, Action.WITHDRAW, current_user.name)
    db.session.commit()
    return answers.done(url_for(".show", reference=reference), "payments/_order.html", **_shown(order))


@bp.get("/notification")
@public
def notified_typed() -> Response:
    """A typed address is no error."""
    return answers.leave(url_for(".index"))


@bp.post("/notification")
@csrf.exempt
@public
def notified() -> Response:
    """The payment page tells what became of a payment; its signature is what opens this address."""
    try:
        online.take(request.form)
    except online.Forged:
        return make_response("signature refusée\n", 403, {"Content-Type": "text/plain"})
    db.session.commit()
    return make_response("reçu\n", 200, {"Content-Type": "text/plain"})


def _order(reference: str) -> PaymentOrder:
    return visible_or_404(PaymentOrder, reference=reference)


def _shown(order: PaymentOrder, *, is_back: bool = False) -> dict[str, Any]:
    return {
        "order": order,
        "page_address": online.address(order),
        "may": service.TRANSITIONS[order.status],
        "is_back": is_back,
        "is_waiting": is_back and service.may_still_be_told(order),
    }


def _index(
    form: AnnounceForm, account: Account, fragment: str | tuple[str, ...] = RECKONED, status: int = 200
) -> Response:
    numbers = request.values.getlist("document")
    documents = lookups.ticked(account, numbers)
    what = chosen(documents)
    invoices = [each for each in documents if each.kind is Kind.INVOICE and each.open_cents]
    has_details = bool(house().iban and what.to_pay_cents)
    return answers.show(
        PAGE,
        fragment,
        status,
        form=form,
        account=account,
        open=allocation.open_documents(account.id),
        taken=registry.ask("lcr.taken", account.id) or {},
        announced=lookups.announced([account.id]),
        ticked=set(numbers),
        chosen=what,
        at_counter=bool(invoices) and all(each.collected_at_counter for each in invoices),
        details=bank.details(house(), what.label) if has_details else [],
        epc=bank.epc(house(), what.label, what.to_pay_cents) if has_details else "",
        epc_words=bank.qr_words(house(), what.label, what.to_pay_cents),
        recent=lookups.recent(account.id),
        may_pay=not current_user.is_staff,
        house=house(),
        today=clock.today(),
    )

"""Accounting's list of what shops announced and of what the payment page told (R73–R82)."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, flash, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from harmattan.billing import cheque_fields
from harmattan.core import answers, drafts
from harmattan.core.extensions import db
from harmattan.core.forms import Form
from harmattan.core.services import Service
from harmattan.payments import lookups, online, service
from harmattan.payments.forms import GiveUpForm, ReceiptForm
from harmattan.payments.models import PaymentOrder
from harmattan.payments.rules import Action, Status
from harmattan.staff.guard import for_services

bp = Blueprint("payments", __name__, url_prefix="/comptabilite/reglements")

TABS = {
    "": Status.AWAITED,
    "a-verifier": Status.TO_CHECK,
    "recus": Status.BOOKED,
    "refuses": Status.REFUSED,
    "annules": Status.WITHDRAWN,
    "contrepasses": Status.UNDONE,
}
PAGE, FRAGMENT = "payments/staff_index.html", "payments/_announced.html"


@bp.get("")
@for_services(Service.ACCOUNTING)
def index() -> Response:
    """A state's payments, the longest waiting first."""
    status = TABS.get(request.args.get("etat", ""), Status.AWAITED)
    return answers.show(PAGE, FRAGMENT, **_context(status, drafts.give_back()))


@bp.get("/<reference>/<any(recu, verifie, annuler):_step>")
@for_services(Service.ACCOUNTING)
def typed(reference: str, _step: str) -> Response:
    """A typed or refreshed address is no error."""
    return answers.leave(url_for(".index"))


@bp.post("/<reference>/recu")
@for_services(Service.ACCOUNTING)
def receive(reference: str) -> Response:
    """The transfer, or the cheque with its number and its bank, has arrived as it was announced."""
    order = _awaited(reference)
    form = ReceiptForm(order)
    if not form.validate():
        return _corrected(order, receipt=form)
    cheque = cheque_fields.drawn(form)
    payment = service.receive(order, order.amount_cents, current_user.name, cheque=cheque)
    return _acted(Status.AWAITED, f"{reference} est enregistré sous le numéro {payment.reference}.")


@bp.post("/<reference>/annuler")
@for_services(Service.ACCOUNTING)
def give_up(reference: str) -> Response:
    """It never came: no longer awaited, and the shop is told why."""
    order = _awaited(reference)
    form = GiveUpForm(order)
    if not form.validate():
        return _corrected(order, giving_up=form)
    service.give_up(order, form.motif.data, current_user.name)
    return _acted(Status.AWAITED, f"{reference} n’est plus attendu, et la librairie est prévenue.")


@bp.post("/<reference>/verifie")
@for_services(Service.ACCOUNTING)
def clear(reference: str) -> Response:
    """What differed was looked at."""
    service.act(_order(reference), Action.CLEAR, current_user.name)
    return _acted(Status.TO_CHECK, f"{reference} est vérifié.")


def _acted(status: Status, said: str) -> Response:
    """The list in which the order was, without it."""
    db.session.commit()
    flash(said, "fait")
    url = url_for(".index", etat=_slug(status) or None, page=request.args.get("page"))
    return answers.done(url, (FRAGMENT, "layout/_avis.html"), **_context(status))


def _corrected(order: PaymentOrder, **typed: Form) -> Response:
    """The page of awaited payments on which the form stood, with what was typed."""
    context = _context(Status.AWAITED)
    context["forms"].setdefault(order.reference, {}).update(typed)
    context["faults"] = [fault for form in typed.values() for fault in form.faults]
    return answers.show(PAGE, FRAGMENT, 422, **context)


def _context(status: Status, draft: "MultiDict[str, str] | None" = None) -> dict[str, Any]:
    """A state's page of payments; the fields of each are its own."""
    sent = draft or MultiDict[str, str]()
    orders, sheet = lookups.of_status(status, request.args.get("page", 1, type=int))
    return {
        "tabs": TABS,
        "tab": status,
        "counts": lookups.counts(),
        "slug": _slug(status),
        "orders": orders,
        "forms": {
            each.reference: {"receipt": ReceiptForm(each, sent), "giving_up": GiveUpForm(each, sent)}
            for each in orders
        },
        "sheet": sheet,
        "faults": [],
        "strays": online.strays() if status is Status.TO_CHECK else [],
    }


def _slug(status: Status) -> str:
    return next(slug for slug, each in TABS.items() if each is status)


def _awaited(reference: str) -> PaymentOrder:
    order = _order(reference)
    if order.status is not Status.AWAITED:
        raise service.NotInThisState(f"Le règlement {reference} n’est plus attendu : rechargez la liste.")
    return order


def _order(reference: str) -> PaymentOrder:
    found = db.session.scalar(sa.select(PaymentOrder).where(PaymentOrder.reference == reference))
    return found or abort(404)

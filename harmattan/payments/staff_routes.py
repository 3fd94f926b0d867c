"""Accounting's list of what shops announced and of what the payment page told (R73–R82)."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, flash, request, url_for
from flask_login import current_user

from harmattan.core import answers
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.payments import lookups, online, service
from harmattan.payments.models import PaymentOrder
from harmattan.payments.rules import Action, Status
from harmattan.staff.guard import for_services

bp = Blueprint("payments", __name__, url_prefix="/comptabilite/reglements")

TABS = {"": Status.AWAITED, "a-verifier": Status.TO_CHECK, "recus": Status.BOOKED, "refuses": Status.REFUSED}


@bp.get("")
@for_services(Service.ACCOUNTING)
def index() -> Response:
    """A state's payments, the longest waiting first."""
    status = TABS.get(request.args.get("etat", ""), Status.AWAITED)
    return answers.show("payments/staff_index.html", "payments/_announced.html", **_context(status))


@bp.get("/<reference>/<any(recu, verifie):_step>")
@for_services(Service.ACCOUNTING)
def typed(reference: str, _step: str) -> Response:
    """A typed or refreshed address is no error."""
    return answers.leave(url_for(".index"))


@bp.post("/<reference>/recu")
@for_services(Service.ACCOUNTING)
def receive(reference: str) -> Response:
    """The transfer, or the cheque, has arrived as it was announced."""
    order = _order(reference)
    if order.status is not Status.AWAITED:
        raise service.NotInThisState(f"Le règlement {reference} n’est plus attendu : rechargez la liste.")
    payment = service.receive(order, order.amount_cents, current_user.name)
    return _acted(Status.AWAITED, f"{reference} est enregistré sous le numéro {payment.reference}.")


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
    tab = next(slug for slug, each in TABS.items() if each is status)
    parts = ("payments/_announced.html", "layout/_avis.html")
    return answers.done(url_for(".index", etat=tab or None), parts, **_context(status))


def _context(status: Status) -> dict[str, Any]:
    orders, sheet = lookups.of_status(status, request.args.get("page", 1, type=int))
    return {
        "tabs": TABS,
        "tab": status,
        "counts": lookups.counts(),
        "slug": next(slug for slug, each in TABS.items() if each is status),
        "orders": orders,
        "sheet": sheet,
        "strays": online.strays() if status is Status.TO_CHECK else [],
    }


def _order(reference: str) -> PaymentOrder:
    found = db.session.scalar(sa.select(PaymentOrder).where(PaymentOrder.reference == reference))
    return found or abort(404)

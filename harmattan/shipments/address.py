"""The delivery address of a validated order: changed by after-sales on a call alone (R86, J13)."""

import datetime as dt

from harmattan.access.models import User
from harmattan.core import audit
from harmattan.core.errors import Refusal
from harmattan.core.places import Address, territory
from harmattan.core.services import Service
from harmattan.core.typography import moment
from harmattan.orders import progress
from harmattan.orders.models import Order
from harmattan.orders.rules import Action
from harmattan.orders.service import act
from harmattan.outbox import service as outbox


class OtherTerritory(Refusal):
    """VAT of the invoice follows the delivery address: after validation it stays in its territory."""

    title = "Cette adresse change la TVA de la facture"


def change(order: Order, to: Address, by: User, *, caller: str, called_at: dt.datetime) -> None:
    """Write down a call: who, when, old and new; the account is written to, as proof (R86).

    Raises `NotInThisState` before validation and once everything has left, or `OtherTerritory`.
    """
    progress.hold(order)
    if territory(to.postal_code, to.country) is not order.territory:
        raise OtherTerritory("La facture est établie pour une autre destination : voyez la comptabilité.")
    old = order.address
    said = f"{', '.join(old.lines)} → {', '.join(to.lines)}"
    text = f"Appel de {caller}, {moment(called_at)} : {said}"
    act(order, Action.CHANGE_ADDRESS, by, text, address=to)
    audit.record(
        "shipments.change_address",
        order.reference,
        actor=by.name,
        account_id=order.account_id,
        caller=caller,
        called_at=called_at.isoformat(),
        old=old.as_json(),
        new=to.as_json(),
    )
    outbox.queue(
        "address_changed",
        order.account.email,
        service=Service.AFTER_SALES,
        account_id=order.account_id,
        reference=order.reference,
        order=order,
        old=old,
        caller=caller,
        called_at=called_at,
        by=by,
    )

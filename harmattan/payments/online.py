"""The payment page: handing a shop over to it, and what it tells us afterwards (R73; domain.md §6).

A browser that comes back proves nothing: only a signed notification books a payment.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import current_app, url_for

from harmattan.core import database
from harmattan.core.extensions import db
from harmattan.core.links import absolute
from harmattan.core.settings import house
from harmattan.payments import service, signing
from harmattan.payments.models import Notification, PaymentOrder
from harmattan.payments.rules import Action

CURRENCY = "EUR"
ACTOR = "Page de paiement"
PAID, REFUSED = "paye", "refuse"
OUTCOMES = (PAID, REFUSED)
MOST_CENTS = 2**31 - 1


class Forged(Exception):
    """Not signed by the payment page, or unreadable: nothing is kept of it."""


def address(order: PaymentOrder) -> str:
    """Where the shop pays this order: the payment page, told what and how much, signed."""
    fields = {
        "reference": order.reference,
        "documents": ",".join(order.documents),
        "montant": str(order.amount_cents),
        "devise": CURRENCY,
        "retour": absolute("payments.show", reference=order.reference, retour=1),
        "notification": absolute("payments.notified"),
    }
    page = url_for("payment_page.show") if current_app.config["DEMO"] else house().payment_page
    return f"{page}?{urlencode(signing.signed(fields, secret()))}" if secret() else page


def secret() -> str:
    """What we share with the payment page; the demonstration's own page shares its secret key."""
    config = current_app.config
    return str(config["PAYMENT_SECRET"] or (config["SECRET_KEY"] if config["DEMO"] else ""))


def take(fields: Mapping[str, str]) -> bool:
    """What the payment page tells: booked once for each of its transactions. False where it was known.

    Raises `Forged`. What is genuine and does not fit (amount, currency, documents, unknown reference) is
    kept and flagged, never lost.
    """
    if not signing.is_genuine(fields, secret()) or not _is_readable(fields):
        raise Forged
    order = _order(fields.get("reference", ""))
    kept = database.insert(Notification).values(
        transaction=fields["transaction"], order_id=order.id if order else None, raw=urlencode(dict(fields))
    )
    is_new = kept.on_conflict_do_nothing(index_elements=["transaction"]).returning(Notification.id)
    if db.session.scalar(is_new) is None:
        return False
    if order is not None:
        _book(order, fields)
    return True


def _order(reference: str) -> PaymentOrder | None:
    """The order that is paid, held: of two transactions at once the second sees what the first settled."""
    its = sa.select(PaymentOrder).where(PaymentOrder.reference == reference).with_for_update()
    return db.session.scalar(its, execution_options={"populate_existing": True})


def _is_readable(fields: Mapping[str, str]) -> bool:
    amount, transaction = fields.get("montant", ""), fields.get("transaction", "")
    is_amount = re.fullmatch("[0-9]{1,10}", amount) is not None and 0 < int(amount) <= MOST_CENTS
    return is_amount and 0 < len(transaction) <= 80 and fields.get("resultat") in OUTCOMES


def _book(order: PaymentOrder, fields: Mapping[str, str]) -> None:
    if fields["resultat"] == REFUSED:
        if Action.REFUSE in service.TRANSITIONS[order.status]:
            service.act(order, Action.REFUSE, ACTOR, fields.get("motif", "")[:200])
        return
    if fields.get("devise") != CURRENCY:
        service.act(order, Action.DOUBT, ACTOR, "Autre devise que l’euro : rien n’est enregistré")
        return
    differ = fields.get("documents", "").split(",") != order.documents
    told = "Documents autres que ceux annoncés" if differ else ""
    payment = service.receive(order, int(fields["montant"]), ACTOR, told)
    its = sa.update(Notification).where(Notification.transaction == fields["transaction"])
    db.session.execute(its.values(payment_id=payment.id))


def strays() -> list[Notification]:
    """Genuine notifications for no order of ours: accounting looks them up at the payment page."""
    rows = sa.select(Notification).where(Notification.order_id.is_(None))
    return list(db.session.scalars(rows.order_by(Notification.id.desc()).limit(50)))

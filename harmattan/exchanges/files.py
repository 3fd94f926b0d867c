"""Files of the trade, made when they are asked for, and those that go along with an account's mails."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from pydifact.segments import Segment

from harmattan.access.models import Account
from harmattan.billing.models import Document
from harmattan.core import clock, edifact
from harmattan.core.extensions import db
from harmattan.core.settings import house
from harmattan.exchanges import messages, segments, service, tables
from harmattan.exchanges.rules import Format, Kind
from harmattan.orders.models import Order
from harmattan.orders.rules import Status
from harmattan.outbox.attachments import Attached, FileContent
from harmattan.shipments.models import Shipment


class _Maker(NamedTuple):
    """How a kind of file is made of its row."""

    model: type[Any]
    column: Any
    message: Callable[[Any], list[Segment]]
    table: Callable[[Any], bytes]
    account: Callable[[Any], Account]


def _of_itself(row: Any) -> Account:
    account: Account = row.account
    return account


def _of_order(row: Any) -> Account:
    account: Account = row.order.account
    return account


MAKERS = {
    Kind.ORDER: _Maker(Order, Order.reference, messages.orders, tables.order, _of_itself),
    Kind.RESPONSE: _Maker(Order, Order.reference, messages.ordrsp, tables.order, _of_itself),
    Kind.SHIPMENT: _Maker(Shipment, Shipment.reference, messages.desadv, tables.shipment, _of_order),
    Kind.DOCUMENT: _Maker(Document, Document.number, messages.invoic, tables.document, _of_itself),
}


def name_of(kind: Kind, reference: str, form: Format) -> str:
    return f"{reference}-{kind.message}.{form}" if form is Format.EDIFACT else f"{reference}.{form}"


def can_be_flat(account: Account) -> bool:
    """Whether the trade's flat file can name both sides."""
    return bool(account.gln and house().gln)


def content(kind: Kind, row: Any, form: Format) -> bytes:
    """The file of an order, a shipment or a document."""
    maker = MAKERS[kind]
    if form is Format.CSV:
        return maker.table(row)
    if form is Format.FLAT:
        return tables.flat(row)
    reference = getattr(row, maker.column.key)
    sides = (segments.us(), segments.of_account(maker.account(row)))
    sender, recipient = reversed(sides) if kind is Kind.ORDER else sides
    at = clock.in_paris(clock.now())
    return edifact.write(
        kind.message, reference, maker.message(row), sender=sender, recipient=recipient, at=at
    )


def file(key: str) -> FileContent | None:
    """The file that a mail carries (asked by the outbox); None where its row is gone."""
    word, reference, ending = key.split(":")
    kind, form = Kind(word), Format(ending)
    maker = MAKERS[kind]
    row = db.session.scalar(sa.select(maker.model).where(maker.column == reference))
    return FileContent(form.mimetype, content(kind, row, form)) if row is not None else None


def along(
    kind: str, account_id: int, attached: Sequence[Attached], facts: Mapping[str, Any]
) -> list[Attached]:
    """What the account wants with this mail: each kind of file it tells of, in the form it chose."""
    told = _told(kind, attached, facts)
    chosen = service.chosen(account_id) if told else {}
    return [
        Attached(
            "exchanges.file", f"{each}:{reference}:{chosen[each]}", name_of(each, reference, chosen[each])
        )
        for each, reference in told
        if each in chosen
    ]


def _told(kind: str, attached: Sequence[Attached], facts: Mapping[str, Any]) -> list[tuple[Kind, str]]:
    told = [(Kind.DOCUMENT, each.key) for each in attached if each.source == "billing.document_file"]
    if kind == "order_recorded":
        told.append((Kind.ORDER, facts["order"].reference))
    if kind == "order_changed" and facts["order"].status is Status.VALIDATED:
        told.append((Kind.RESPONSE, facts["order"].reference))
    if kind == "parcels_left":
        told.append((Kind.SHIPMENT, facts["shipment"].reference))
    return told

"""Order lists: taken in, reviewed, corrected, added to the cart. Statements are constant in the lines."""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from harmattan.access.models import Account, User
from harmattan.cart import service as carts
from harmattan.cart.models import Cart
from harmattan.cart.rules import BackorderPolicy
from harmattan.catalogue import service as catalogue
from harmattan.catalogue.models import Title
from harmattan.core import audit, clock
from harmattan.core.edifact import is_interchange
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.typography import date_long, plural
from harmattan.lists import dilicom, edifact, files, reading
from harmattan.lists.models import OrderList
from harmattan.lists.reviewing import Correction, corrected, judged, rows_of
from harmattan.lists.rules import ListKind, ListState, Row, UnreadableList
from harmattan.lists.verdicts import Verdict

RECENT_LISTS = 10
_NUMBER_STANDS_IN = {
    ListKind.DILICOM: "de la ligne C0003",
    ListKind.EDIFACT: "du segment BGM et celui de l’échange",
}
ORDER_NUMBER_KEPT_FOR = dt.timedelta(days=365)


class AlreadyReceived(Refusal):
    """The order number of this file was used by the account within a year (domain.md §3.1)."""

    title = "Cette commande a déjà été reçue"

    def __init__(self, earlier: OrderList, number_stands_in: str):
        day = date_long(clock.in_paris(earlier.created_at).date())
        super().__init__(
            f"La commande n° {earlier.order_number} a été reçue le {day}. Rien n’a été ajouté. "
            f"Pour une autre commande, changez le numéro {number_stands_in}."
        )
        self.earlier = earlier


_NOTHING_PASTED = "Collez au moins une ligne, par exemple 978-2-343-00001-5 12"


class ListChanged(Exception):
    """The list is no longer as the page showed it: added already, or corrected elsewhere."""


class Incoming(NamedTuple):
    """A list that was read and is not yet kept."""

    kind: ListKind
    source_name: str
    rows: list[Row]
    notes: list[str]
    order_number: str = ""
    interchange: str = ""


def read_text(text: str, gln: str) -> Incoming:
    """A pasted list; raises `UnreadableList`."""
    return _read(ListKind.PASTED, "", reading.numbered(files.clean(text)), gln)


def read_file(name: str, data: bytes, gln: str) -> Incoming:
    """A sent file; raises `UnreadableList`. Reads no database: nothing slow belongs into a transaction."""
    kind, numbered = files.lines_of(name, data)
    return _read(kind, files.clean(name)[-120:], numbered, gln)


def _read(kind: ListKind, name: str, numbered: list[tuple[int, str]], gln: str) -> Incoming:
    if not numbered:
        raise UnreadableList(_NOTHING_PASTED if kind is ListKind.PASTED else files.EMPTY)
    if is_interchange(numbered[0][1]):
        return _read_message(name, numbered[0][1], gln)
    if not dilicom.is_order(numbered):
        return Incoming(kind, name, *reading.read(numbered))
    order = dilicom.read(numbered)
    _check_orderer("Ligne 2", order.orderer_gln, gln)
    lines = sum(len(row.sources) for row in order.rows)
    note = f"Commande Dilicom n° {order.order_number}, {plural(lines, 'ligne')}, complète."
    return Incoming(ListKind.DILICOM, name, order.rows, [note], order.order_number)


def _read_message(name: str, text: str, gln: str) -> Incoming:
    order = edifact.read(text)
    _check_orderer("NAD+BY", order.orderer_gln, gln)
    lines = sum(len(row.sources) for row in order.rows)
    note = f"Commande EDI n° {order.order_number}, {plural(lines, 'ligne')}, complète."
    notes = [note, *order.notes]
    return Incoming(ListKind.EDIFACT, name, order.rows, notes, order.order_number, order.interchange)


def _check_orderer(where: str, said: str, gln: str) -> None:
    if said != gln or not gln:
        expected = f"attendu {gln}" if gln else "aucun n’est enregistré sur votre compte"
        raise UnreadableList(f"{where} : le GLN {said[:35]} n’est pas celui de votre compte ({expected})")


def keep(incoming: Incoming, account_id: int, by: User) -> OrderList:
    """Keep a list for its review; raises `AlreadyReceived` for an order number used within a year."""
    if incoming.order_number and (earlier := _earlier(account_id, incoming)):
        raise AlreadyReceived(earlier, _NUMBER_STANDS_IN[incoming.kind])
    kept = OrderList(
        account_id=account_id,
        created_by_id=by.id,
        kind=incoming.kind,
        source_name=incoming.source_name,
        order_number=incoming.order_number,
        interchange=incoming.interchange,
        notes=incoming.notes,
        rows=incoming.rows,
    )
    db.session.add(kept)
    db.session.flush()  # draws its key, which addresses need
    return kept


def _earlier(account_id: int, incoming: Incoming) -> OrderList | None:
    db.session.execute(sa.select(Account.id).where(Account.id == account_id).with_for_update())
    same: sa.ColumnElement[bool] = OrderList.order_number == incoming.order_number
    if incoming.interchange:
        same = sa.or_(same, OrderList.interchange == incoming.interchange)
    return db.session.scalar(
        sa.select(OrderList)
        .where(
            OrderList.account_id == account_id,
            same,
            OrderList.created_at > clock.now() - ORDER_NUMBER_KEPT_FOR,
        )
        .order_by(OrderList.id.desc())
        .limit(1)
    )


def recent(account_id: int) -> list[OrderList]:
    """The lists of the account that wait for their addition, the latest first, without their rows."""
    return list(
        db.session.scalars(
            sa.select(OrderList)
            .where(OrderList.account_id == account_id, OrderList.state == ListState.WAITING)
            .order_by(OrderList.id.desc())
            .limit(RECENT_LISTS)
            .options(defer(OrderList.rows), joinedload(OrderList.created_by))
        )
    )


def correct(order_list: OrderList, corrections: Mapping[int, Correction]) -> None:
    """Keep what was typed and chosen; rows that have become the same ISBN are merged."""
    db.session.refresh(order_list, with_for_update=True)
    order_list.rows = corrected(rows_of(order_list), corrections)
    order_list.version += 1


def add_ready(order_list: OrderList, version: int, corrections: Mapping[int, Correction], by: User) -> int:
    """Put into the cart every row that can be ordered, and say how many; the others stay to be corrected.

    Once for each version of the list that a page has shown: raises `ListChanged` for any other.
    """
    db.session.refresh(order_list, with_for_update=True)
    if order_list.version != version:
        raise ListChanged
    rows = corrected(rows_of(order_list), corrections)
    adding = [v for v in judged(order_list.account_id, rows) if v.to_add]
    cart = _fill_cart(order_list, adding, by)
    added = {verdict.row.number for verdict in adding}
    order_list.rows = [row._replace(added=True) if row.number in added else row for row in rows]
    order_list.version += 1
    if adding:
        _note_addition(order_list, cart, adding, by)
    return len(adding)


def _fill_cart(order_list: OrderList, adding: list[Verdict], by: User) -> Cart:
    cart = carts.open_cart(order_list.account_id)
    titles = catalogue.by_isbn([verdict.row.isbn for verdict in adding])
    chosen: dict[BackorderPolicy | None, dict[Title, int]] = {}
    for verdict in adding:
        policy = verdict.policy if verdict.choices else None
        chosen.setdefault(policy, {})[titles[verdict.row.isbn]] = verdict.to_add
    for policy, quantities in chosen.items():
        carts.add(cart, quantities, by, policy=policy)
    if order_list.order_number and not cart.own_reference:
        cart.own_reference = order_list.order_number
    return cart


def _note_addition(order_list: OrderList, cart: Cart, adding: list[Verdict], by: User) -> None:
    before = order_list.applied
    order_list.state = ListState.APPLIED
    order_list.cart_id = cart.id
    order_list.applied = {
        "lines": before.get("lines", 0) + len(adding),
        "copies": before.get("copies", 0) + sum(verdict.to_add for verdict in adding),
        "by": by.name,
        "at": clock.now().isoformat(),
    }
    audit.record(
        "lists.add", order_list.key, actor=by.name, account_id=order_list.account_id, lines=len(adding)
    )

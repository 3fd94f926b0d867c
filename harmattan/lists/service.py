"""Order lists: taken in, reviewed, corrected, added to the cart. Statements are constant in the lines."""

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from harmattan.access.models import Account, User
from harmattan.cart import service as carts
from harmattan.cart.models import Cart, CartLine
from harmattan.cart.rules import BackorderPolicy, CartState
from harmattan.catalogue import service as catalogue
from harmattan.catalogue.models import Title
from harmattan.core import audit, clock, registry
from harmattan.core.typography import date_long
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.settings import house
from harmattan.lists import dilicom, files, reading
from harmattan.lists.models import OrderList
from harmattan.lists.rules import (
    ListKind,
    ListState,
    Row,
    Source,
    UnreadableList,
    merge,
    with_isbn,
    with_quantity,
)
from harmattan.lists.verdicts import Facts, Group, Verdict, judge

ROWS_A_PAGE = 100
RECENT_LISTS = 10
ORDER_NUMBER_KEPT_FOR = dt.timedelta(days=365)


class AlreadyReceived(Refusal):
    """The order number of this file was used by the account within a year (domain.md §3.1)."""

    title = "Cette commande a déjà été reçue"

    def __init__(self, earlier: OrderList):
        day = date_long(clock.in_paris(earlier.created_at).date())
        super().__init__(
            f"La commande n° {earlier.order_number} a été reçue le {day}. Rien n’a été ajouté. "
            "Pour une autre commande, changez le numéro de la ligne C0003."
        )
        self.earlier = earlier


class ListChanged(Exception):
    """The list is no longer as the page showed it: added already, or corrected elsewhere."""


class Incoming(NamedTuple):
    """A list that was read and is not yet kept."""

    kind: ListKind
    source_name: str
    rows: list[Row]
    notes: list[str]
    order_number: str = ""


class Correction(NamedTuple):
    """What was typed or chosen at a row; None leaves it as it is."""

    isbn: str | None = None
    quantity: str | None = None
    policy: str | None = None
    take_suggestion: bool = False


@dataclass(frozen=True)
class Review:
    """One page of a list under review, problems first."""

    order_list: OrderList
    verdicts: list[Verdict]
    """Those of the page."""
    counts: dict[Group, int]
    """Rows of each group in the whole list, in the order of the page."""
    first_pages: dict[Group, int]
    """The page on which each group begins."""
    lines_to_add: int
    copies_to_add: int
    number: int
    last: int
    recent: Mapping[str, Any]
    """Recent orders of the ISBN shown."""

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.last

    @property
    def groups(self) -> list[tuple[Group, list[Verdict]]]:
        """The groups of the page with their rows."""
        shown = ((group, [v for v in self.verdicts if v.group is group]) for group in self.counts)
        return [(group, verdicts) for group, verdicts in shown if verdicts]

    @property
    def rejects(self) -> int:
        return sum(count for group, count in self.counts.items() if group.is_reject)


def read_text(text: str, gln: str) -> Incoming:
    """A pasted list; raises `UnreadableList`."""
    return _read(ListKind.PASTED, "", reading.numbered(files.clean(text)), gln)


def read_file(name: str, data: bytes, gln: str) -> Incoming:
    """A sent file; raises `UnreadableList`. Reads no database: nothing slow belongs into a transaction."""
    kind, numbered = files.lines_of(name, data)
    return _read(kind, files.clean(name)[-120:], numbered, gln)


def _read(kind: ListKind, name: str, numbered: list[tuple[int, str]], gln: str) -> Incoming:
    if not numbered:
        raise UnreadableList("Collez au moins une ligne, par exemple 978-2-343-00001-5 12")
    if not dilicom.is_order(numbered):
        return Incoming(kind, name, *reading.read(numbered))
    order = dilicom.read(numbered)
    if order.orderer_gln != gln:
        expected = f"attendu {gln}" if gln else "aucun n’est enregistré sur votre compte"
        raise UnreadableList(
            f"Ligne 2 : le GLN {order.orderer_gln} n’est pas celui de votre compte ({expected})"
        )
    note = f"Commande Dilicom n° {order.order_number}, {len(numbered)} lignes, complète."
    return Incoming(ListKind.DILICOM, name, order.rows, [note], order.order_number)


def keep(incoming: Incoming, by: User) -> OrderList:
    """Keep a list for its review; raises `AlreadyReceived` for an order number used within a year."""
    assert by.account_id is not None
    if incoming.order_number and (earlier := _earlier(by.account_id, incoming.order_number)):
        raise AlreadyReceived(earlier)
    kept = OrderList(
        key=secrets.token_urlsafe(16),
        account_id=by.account_id,
        created_by_id=by.id,
        kind=incoming.kind,
        source_name=incoming.source_name,
        order_number=incoming.order_number,
        notes=incoming.notes,
        rows=incoming.rows,
    )
    db.session.add(kept)
    return kept


def _earlier(account_id: int, order_number: str) -> OrderList | None:
    db.session.execute(sa.select(Account.id).where(Account.id == account_id).with_for_update())
    return db.session.scalar(
        sa.select(OrderList)
        .where(
            OrderList.account_id == account_id,
            OrderList.order_number == order_number,
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
            .options(sa.orm.defer(OrderList.rows), sa.orm.joinedload(OrderList.created_by))
        )
    )


def review(order_list: OrderList, page: int, corrections: Mapping[int, Correction] | None = None) -> Review:
    """A page of the list: every row judged by what the catalogue and the cart say now.

    `corrections` are shown without being kept: what was typed before a session was lost.
    """
    rows = _corrected(_rows(order_list), corrections or {})
    verdicts = _verdicts(order_list.account_id, rows)
    counts = Counter(verdict.group for verdict in verdicts)
    last = max(1, -(-len(verdicts) // ROWS_A_PAGE))
    number = min(max(page, 1), last)
    shown = verdicts[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE]
    to_add = [verdict.to_add for verdict in verdicts if verdict.to_add]
    return Review(
        order_list,
        shown,
        {group: counts[group] for group in Group if counts[group]},
        _first_pages(verdicts),
        len(to_add),
        sum(to_add),
        number,
        last,
        _recent_orders(order_list.account_id, shown),
    )


def correct(order_list: OrderList, corrections: Mapping[int, Correction]) -> None:
    """Keep what was typed and chosen; rows that have become the same ISBN are merged."""
    db.session.refresh(order_list, with_for_update=True)
    order_list.rows = _corrected(_rows(order_list), corrections)
    order_list.version += 1


def add_ready(order_list: OrderList, version: int, corrections: Mapping[int, Correction], by: User) -> int:
    """Put into the cart every row that can be ordered, and say how many; the others stay to be corrected.

    Once for each version of the list that a page has shown: raises `ListChanged` for any other.
    """
    db.session.refresh(order_list, with_for_update=True)
    if order_list.version != version:
        raise ListChanged
    rows = _corrected(_rows(order_list), corrections)
    adding = [v for v in _verdicts(order_list.account_id, rows) if v.to_add]
    cart = _fill_cart(order_list, adding, by)
    added = {verdict.row.number for verdict in adding}
    order_list.rows = [row._replace(added=True) if row.number in added else row for row in rows]
    order_list.version += 1
    if adding:
        _note_addition(order_list, cart, adding, by)
    return len(adding)


def rejects(order_list: OrderList) -> list[tuple[Source, Verdict]]:
    """Every line that does not enter the cart as it stands."""
    verdicts = _verdicts(order_list.account_id, _rows(order_list))
    return [(source, v) for v in verdicts if v.group.is_reject for source in v.row.sources]


def _rows(order_list: OrderList) -> list[Row]:
    return [Row(tuple(Source(*source) for source in sources), *rest) for sources, *rest in order_list.rows]


def _corrected(rows: list[Row], corrections: Mapping[int, Correction]) -> list[Row]:
    return merge(
        _correct(row, corrections[row.number]) if row.number in corrections and not row.added else row
        for row in rows
    )


def _correct(row: Row, correction: Correction) -> Row:
    if correction.isbn is not None:
        row = with_isbn(row, correction.isbn)
    if correction.take_suggestion and row.suggestion:
        row = with_isbn(row, row.suggestion)
    if correction.quantity is not None:
        row = with_quantity(row, correction.quantity)
    if correction.policy in tuple(BackorderPolicy):
        row = row._replace(policy=correction.policy)
    return row


def _verdicts(account_id: int, rows: Iterable[Row]) -> list[Verdict]:
    rows = list(rows)
    facts = _facts({row.isbn for row in rows if row.isbn})
    held = _held(account_id)
    verdicts = (judge(row, facts.get(row.isbn), held.get(row.isbn, 0)) for row in rows)
    return sorted(verdicts, key=lambda verdict: verdict.sort_key)


def _facts(isbns: set[str]) -> dict[str, Facts]:
    columns = [getattr(Title, name) for name in Facts._fields]
    found = db.session.execute(sa.select(*columns).where(Title.isbn.in_(isbns), Title.deleted_at.is_(None)))
    return {row.isbn: Facts(*row) for row in found}


def _held(account_id: int) -> dict[str, int]:
    found = db.session.execute(
        sa.select(Title.isbn, CartLine.quantity)
        .join(CartLine, CartLine.title_id == Title.id)
        .join(Cart, Cart.id == CartLine.cart_id)
        .where(Cart.account_id == account_id, Cart.state == CartState.OPEN)
    )
    return {isbn: quantity for isbn, quantity in found}


def _first_pages(verdicts: list[Verdict]) -> dict[Group, int]:
    first: dict[Group, int] = {}
    for position, verdict in enumerate(verdicts):
        first.setdefault(verdict.group, position // ROWS_A_PAGE + 1)
    return first


def _recent_orders(account_id: int, verdicts: list[Verdict]) -> Mapping[str, Any]:
    isbns = [verdict.row.isbn for verdict in verdicts if verdict.facts]
    since = clock.now() - dt.timedelta(days=house().recent_order_days)
    return (isbns and registry.ask("orders.of_isbns", account_id, isbns, since)) or {}


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

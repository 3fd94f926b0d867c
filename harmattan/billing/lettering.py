"""Lettrage: pieces of an account that settle each other bear the same letter (R70; domain.md §9)."""

import datetime as dt
import string
from collections.abc import Collection, Sequence
from itertools import chain, groupby
from typing import NamedTuple

import sqlalchemy as sa

from harmattan.billing.models import Allocation, Document, Payment
from harmattan.core import clock
from harmattan.core.extensions import db

Piece = tuple[bool, int]
"""A row: whether it is a payment (or else a document), and its key."""


def letters(account_id: int) -> dict[Piece, str]:
    """The letter of each settled piece of the account, as things stand now; three statements."""
    return {piece: letter for piece, (letter, _) in settled([account_id]).items()}


def settled(accounts: Collection[int] | sa.Select[tuple[int]]) -> dict[Piece, tuple[str, dt.date]]:
    """The same of many accounts at once, and the day since when each is settled; three statements too."""
    source_id = sa.func.coalesce(Allocation.payment_id, Allocation.credit_note_id)
    its = (Allocation.account_id, Allocation.invoice_id, Allocation.payment_id.is_not(None), source_id)
    rows = sa.select(*its, Allocation.at).where(Allocation.account_id.in_(accounts))
    still_open = _open(Document, accounts) | _open(Payment, accounts)
    found: dict[Piece, tuple[str, dt.date]] = {}
    links = db.session.execute(rows.order_by(Allocation.account_id, Allocation.id))
    for _, group in groupby(links, key=lambda row: row[0]):
        found |= _dated([_Link((False, row[1]), (row[2], row[3]), row[4]) for row in group], still_open)
    return found


class _Link(NamedTuple):
    invoice: Piece
    source: Piece
    at: dt.datetime


def _dated(links: Sequence[_Link], still_open: Collection[Piece]) -> dict[Piece, tuple[str, dt.date]]:
    """Each settled piece of one account: its letter, and the day of the last link of those that bear it."""
    named = lettered([(link.invoice, link.source) for link in links], still_open)
    since = {named[link.invoice]: link.at for link in links if link.invoice in named}
    return {piece: (name, clock.in_paris(since[name]).date()) for piece, name in named.items()}


def _open(table: type[Document | Payment], accounts: Collection[int] | sa.Select[tuple[int]]) -> set[Piece]:
    left = sa.select(table.id).where(table.account_id.in_(accounts), table.open_cents > 0)
    return {(table is Payment, key) for key in db.session.scalars(left)}


def lettered(links: Sequence[tuple[Piece, Piece]], still_open: Collection[Piece]) -> dict[Piece, str]:
    """A letter for each group of linked pieces of which none is open; groups in the order of their last link.

    A payment of three invoices makes one group of four, and so does what is linked to any of them.
    """
    above: dict[Piece, Piece] = {piece: piece for piece in chain.from_iterable(links)}

    def group(piece: Piece) -> Piece:
        while above[piece] != piece:
            above[piece] = piece = above[above[piece]]
        return piece

    for one, other in links:
        above[group(one)] = group(other)
    last = {group(one): position for position, (one, _) in enumerate(links)}
    for piece in still_open:
        if piece in above:
            last.pop(group(piece), None)
    names = {settled: letter(number) for number, settled in enumerate(sorted(last, key=last.__getitem__))}
    return {piece: names[group(piece)] for piece in above if group(piece) in names}


def letter(number: int) -> str:
    """A to Z, then AA, AB…: as columns of a spreadsheet are named."""
    above, last = divmod(number, len(string.ascii_uppercase))
    return (letter(above - 1) if above else "") + string.ascii_uppercase[last]

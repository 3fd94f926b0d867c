"""Lettrage: pieces of an account that settle each other bear the same letter (R70; domain.md §9)."""

import string
from collections.abc import Collection, Sequence
from itertools import chain

import sqlalchemy as sa

from harmattan.billing.models import Allocation, Document, Payment
from harmattan.core.extensions import db

Piece = tuple[bool, int]
"""A row: whether it is a payment (or else a document), and its key."""


def letters(account_id: int) -> dict[Piece, str]:
    """The letter of each settled piece of the account, as things stand now; three statements."""
    source_id = sa.func.coalesce(Allocation.payment_id, Allocation.credit_note_id)
    rows = db.session.execute(
        sa.select(Allocation.invoice_id, Allocation.payment_id.is_not(None), source_id)
        .where(Allocation.account_id == account_id)
        .order_by(Allocation.id)
    )
    links = [((False, invoice), (is_payment, source)) for invoice, is_payment, source in rows]
    return lettered(links, _open(Document, account_id) | _open(Payment, account_id))


def _open(table: type[Document | Payment], account_id: int) -> set[Piece]:
    left = sa.select(table.id).where(table.account_id == account_id, table.open_cents > 0)
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

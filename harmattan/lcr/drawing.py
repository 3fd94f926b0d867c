"""What a remittance would ask of each shop, reckoned from what is left to pay now (R80, R82)."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from harmattan.access.models import Account
from harmattan.access.scope import Owned
from harmattan.billing import matching
from harmattan.billing.matching import Part
from harmattan.billing.models import Document, Payment
from harmattan.billing.rules import Kind
from harmattan.core.extensions import db
from harmattan.lcr.models import Item, Mandate, Remittance
from harmattan.lcr.rules import MandateState

Row = TypeVar("Row", bound=Owned)


@dataclass(frozen=True)
class Draft:
    """One LCR as it would be drawn: a shop's invoices, less its credit notes, oldest due first."""

    account: Account
    mandate: Mandate | None
    """None where it is no longer in place: nothing is drawn then."""
    items: Sequence[Item]
    deducted: Sequence[Part]
    """Credit notes, and which invoice each would settle in part."""
    unallocated: Sequence[Payment]
    """Money received that settles nothing yet: accounting allocate it first."""

    def left_cents(self, item: Item) -> int:
        """What the LCR takes of an invoice."""
        return item.invoice.open_cents - sum(
            part.cents for part in self.deducted if part.invoice == item.invoice.number
        )

    @property
    def owed_cents(self) -> int:
        return sum(item.invoice.open_cents for item in self.items)

    @property
    def deducted_cents(self) -> int:
        return sum(part.cents for part in self.deducted)

    @property
    def cents(self) -> int:
        """Never negative (R82): where credit notes cover everything, or nobody may draw, nothing is drawn."""
        return self.owed_cents - self.deducted_cents if self.mandate else 0

    @property
    def mark(self) -> str:
        """What it would take of which invoice."""
        taken = ",".join(f"{item.invoice.number}:{self.left_cents(item)}" for item in self.items)
        return f"{self.account.number} {taken} {self.cents}"


def drafts(remittance: Remittance, *, locked: bool = False) -> list[Draft]:
    """The LCR of a remittance under review, by account number; `locked` until the transaction ends."""
    in_it = Item.remittance_id == remittance.id
    if locked:
        its = sa.select(Document).where(Document.id.in_(sa.select(Item.invoice_id).where(in_it)))
        db.session.scalars(its.with_for_update().execution_options(populate_existing=True)).all()
    accounts = sa.select(Item.account_id).where(in_it)
    items, credits = _by_account(_items(in_it)), _by_account(_credits(accounts))
    mandates, payments = _by_account(_mandates(accounts)), _by_account(_payments(accounts))
    found = sa.select(Account).where(Account.id.in_(accounts)).order_by(Account.number)
    return [
        _draft(
            account,
            next(iter(mandates[account.id]), None),
            items[account.id],
            credits[account.id],
            payments[account.id],
        )
        for account in db.session.scalars(found)
    ]


def mark(found: Sequence[Draft]) -> str:
    """Everything that was seen, in the form that makes the file: a digest, however many they are."""
    return hashlib.sha256(";".join(draft.mark for draft in found).encode()).hexdigest()


def _draft(
    account: Account,
    mandate: Mandate | None,
    items: Sequence[Item],
    credits: Sequence[Document],
    payments: Sequence[Payment],
) -> Draft:
    invoices = matching.opened(item.invoice for item in items)
    deducted = list(matching.deduct(matching.opened(credits), invoices))
    return Draft(account, mandate, items, deducted, payments)


def _by_account(rows: Iterable[Row]) -> defaultdict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.account_id].append(row)
    return found


def _items(in_it: sa.ColumnElement[bool]) -> Iterable[Item]:
    """Its invoices by due date; what was paid meanwhile is not asked for again."""
    rows = sa.select(Item).join(Item.invoice).where(in_it, Document.open_cents > 0)
    rows = rows.options(contains_eager(Item.invoice)).order_by(Document.due_on, Document.id)
    return db.session.scalars(rows)


def _mandates(accounts: sa.Select[int]) -> Iterable[Mandate]:
    in_place = (Mandate.account_id.in_(accounts), Mandate.state == MandateState.ACTIVE)
    return db.session.scalars(sa.select(Mandate).where(*in_place))


def _credits(accounts: sa.Select[int]) -> Iterable[Document]:
    its = (Document.account_id.in_(accounts), Document.kind == Kind.CREDIT_NOTE, Document.open_cents > 0)
    return db.session.scalars(sa.select(Document).where(*its).order_by(Document.issued_on, Document.id))


def _payments(accounts: sa.Select[int]) -> Iterable[Payment]:
    its = (Payment.account_id.in_(accounts), Payment.open_cents > 0)
    return db.session.scalars(sa.select(Payment).where(*its).order_by(Payment.id))

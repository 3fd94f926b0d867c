"""Whose money a line of the statement is, and what it settles: proposed by rule, confirmed by accounting.

The account is the one accounting chose; else that of the documents, of the announced payment or the number
that the line names; else that of the only open invoice, or awaited payment, of its amount. What it settles
is what `billing.matching` proposes. Sure is only what names its documents and pays them to the cent.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from harmattan.access.models import Account
from harmattan.banking.models import BankLine
from harmattan.banking.rules import Verdict
from harmattan.billing import allocation, matching
from harmattan.billing.allocation import OpenDocuments
from harmattan.billing.matching import Ground, Proposal
from harmattan.billing.models import Document
from harmattan.billing.rules import Kind
from harmattan.core import registry
from harmattan.core.extensions import db
from harmattan.payments import lookups as payments
from harmattan.payments.models import PaymentOrder
from harmattan.payments.rules import Means
from harmattan.payments.service import SERIES

_NAMED = re.compile(f"(FA|AV|{SERIES})([0-9]{{4}})([0-9]{{6}})")
_ACCOUNT = re.compile("(?<![0-9])[0-9]{6}(?![0-9])")
_ARRIVING = (Means.TRANSFER, Means.CHEQUE)
"""What is announced and comes through the bank; the payment page tells of itself."""


@dataclass(frozen=True)
class Suggestion:
    """What is proposed for a line."""

    verdict: Verdict
    account: Account | None = None
    proposal: Proposal | None = None
    order: PaymentOrder | None = None
    """The announced payment that this money closes."""
    by_lcr: tuple[str, ...] = ()
    """What of it our bank already presents to the shop's: it may be paid twice."""

    @property
    def mark(self) -> str:
        """What was seen, as its form holds it: nothing else is booked."""
        who = self.account.number if self.account else ""
        order = self.order.reference if self.order else ""
        return ";".join([who, order, self.proposal.mark if self.proposal else ""])


def named(text: str) -> list[str]:
    """Our numbers in what a bank passes on, whatever became of their hyphens: FA-2026-000123, PAI-…"""
    return ["-".join(found) for found in _NAMED.findall(matching.plain(text))]


@dataclass(frozen=True)
class _Known:
    """What the lines of a page may mean, each read once."""

    owners: Mapping[str, int]
    """Account by the number of a document, of an announced payment, or its own."""
    by_amount: Mapping[int, set[int]]
    """Accounts by the amount of an open invoice or an awaited payment."""
    orders: Mapping[int, Sequence[PaymentOrder]]
    """Awaited payments by account."""
    accounts: Mapping[int, Account]


def suggested(lines: Sequence[BankLine]) -> dict[int, Suggestion]:
    """What is proposed for each of these lines, by its key."""
    known = _read(lines)
    owners = {line.id: line.account_id or _owner(line, known) for line in lines}
    opened = allocation.open_by_account({owner for owner in owners.values() if owner})
    taken = _taken(opened.keys())
    return {
        line.id: _of(line, known.accounts[owner], opened[owner], known.orders.get(owner, ()), taken)
        if (owner := owners[line.id])
        else Suggestion(Verdict.UNKNOWN)
        for line in lines
    }


def _of(
    line: BankLine,
    account: Account,
    found: OpenDocuments,
    awaited: Sequence[PaymentOrder],
    taken: Collection[str],
) -> Suggestion:
    invoices, credit_notes = matching.opened(found.invoices), matching.opened(found.credit_notes)
    proposal = matching.propose(line.amount_cents, line.said, invoices, credit_notes)
    order = _order(line, awaited)
    is_sure = proposal.ground is Ground.REFERENCE
    if order:
        left = sum(each.open_cents for each in invoices if each.number in order.documents)
        left -= sum(each.open_cents for each in credit_notes if each.number in order.documents)
        is_named = is_sure or order.reference in named(line.said)
        is_sure = is_named and line.amount_cents == order.amount_cents == left
    paid = order.documents if order else [part.invoice for part in proposal.parts]
    by_lcr = tuple(dict.fromkeys(number for number in paid if number in taken))
    verdict = Verdict.SURE if is_sure and not by_lcr else Verdict.DOUBTFUL
    return Suggestion(verdict, account, proposal, order, by_lcr)


def _taken(account_ids: Collection[int]) -> set[str]:
    """The numbers of these accounts' invoices that an LCR at our bank takes."""
    by_lcr = registry.ask("lcr.taken_everywhere")
    if by_lcr is None:
        return set()
    its = (Document.account_id.in_(account_ids), Document.id.in_(by_lcr))
    return set(db.session.scalars(sa.select(Document.number).where(*its)))


def _owner(line: BankLine, known: _Known) -> int | None:
    """The account that all the numbers in the line lead to; else the only one such an amount leads to."""
    said = {known.owners[number] for number in _numbers(line.said) if number in known.owners}
    found = said or known.by_amount.get(line.amount_cents, set())
    return next(iter(found)) if len(found) == 1 else None


def _numbers(text: str) -> list[str]:
    return [*named(text), *_ACCOUNT.findall(text)]


def _order(line: BankLine, awaited: Sequence[PaymentOrder]) -> PaymentOrder | None:
    """The announced payment that the line names; else that of its very documents.

    Where the line names no document, the only one of its amount.
    """
    numbers = set(named(line.said))
    documents = {number for number in numbers if not number.startswith(SERIES)}
    told = [order for order in awaited if order.reference in numbers]
    if documents:
        others = [order for order in awaited if set(order.documents) == documents]
    else:
        others = [order for order in awaited if order.amount_cents == line.amount_cents]
    return next((found[0] for found in (told, others) if len(found) == 1), None)


def _read(lines: Sequence[BankLine]) -> _Known:
    numbers = {number for line in lines for number in _numbers(line.said)}
    amounts = {line.amount_cents for line in lines}
    documents = sa.select(Document.number, Document.account_id).where(Document.number.in_(numbers))
    accounts = sa.select(Account.number, Account.id).where(Account.number.in_(numbers))
    orders = payments.awaited(PaymentOrder.means.in_(_ARRIVING))
    owners = {
        **dict(db.session.execute(accounts).all()),
        **dict(db.session.execute(documents).all()),
        **{order.reference: order.account_id for order in orders},
    }
    by_amount: dict[int, set[int]] = {}
    for cents, account_id in [
        *_of_amounts(amounts),
        *((each.amount_cents, each.account_id) for each in orders),
    ]:
        by_amount.setdefault(cents, set()).add(account_id)
    of_account: dict[int, list[PaymentOrder]] = {}
    for order in orders:
        of_account.setdefault(order.account_id, []).append(order)
    chosen = {line.account_id for line in lines if line.account_id}
    wanted = chosen.union(owners.values(), *(found for found in by_amount.values() if len(found) == 1))
    rows = db.session.scalars(sa.select(Account).where(Account.id.in_(wanted)))
    return _Known(owners, by_amount, of_account, {row.id: row for row in rows})


def _of_amounts(amounts: Iterable[int]) -> list[tuple[int, int]]:
    is_open = (Document.kind == Kind.INVOICE, Document.open_cents > 0)
    rows = sa.select(Document.open_cents, Document.account_id).where(
        *is_open, Document.open_cents.in_(amounts)
    )
    return [(cents, account_id) for cents, account_id in db.session.execute(rows)]

"""Which invoices a payment or a credit note settles (domain.md §9): proposed by rule, then confirmed.

`propose` is pure: exact reference and amount, then the exact amount of a single open invoice, then the oldest
due; `propose_credit` too: the invoices that it corrects, else the oldest due. `proposal_for` reads what is
open of the account; `apply` books what was proposed, by the verbs of `billing.allocation`. Whoever pays says
what he pays (C. civ. 1342-10): what the label names comes first.
"""

import datetime as dt
import enum
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from harmattan.billing import allocation
from harmattan.billing.allocation import Source
from harmattan.billing.models import Allocation, Document, Payment
from harmattan.core.extensions import db


class Ground(enum.StrEnum):
    """Why these invoices are proposed."""

    REFERENCE = "reference"
    AMOUNT = "amount"
    CORRECTED = "corrected"
    OLDEST = "oldest"

    @property
    def label(self) -> str:
        return _GROUNDS[self]


_GROUNDS = {
    Ground.REFERENCE: "Numéros et montant exacts",
    Ground.AMOUNT: "Montant exact d’une seule facture",
    Ground.CORRECTED: "Ce qu’il corrige d’abord",
    Ground.OLDEST: "Échéances les plus anciennes d’abord",
}


@dataclass(frozen=True)
class Open:
    """An invoice that is open, or a credit note of which something is left."""

    number: str
    open_cents: int
    due_on: dt.date | None = None


@dataclass(frozen=True)
class Part:
    """So many cents for an invoice: of the payment, or of the credit note named."""

    invoice: str
    cents: int
    credit_note: str = ""


@dataclass(frozen=True)
class Proposal:
    ground: Ground
    parts: tuple[Part, ...]
    left_cents: int
    """What of it settles nothing: it stays on the account (R82)."""

    @property
    def mark(self) -> str:
        """What was seen, as a form holds it: nothing else is booked."""
        return ";".join(f"{part.invoice}:{part.credit_note}:{part.cents}" for part in self.parts)


def propose(
    amount_cents: int, label: str, invoices: Sequence[Open], credit_notes: Sequence[Open] = ()
) -> Proposal:
    """What a payment of this amount, sent under this label, settles of an account's open invoices."""
    by_due = _by_due(invoices)
    named = named_in(label, by_due)
    credits = named_in(label, credit_notes)
    if named and amount_cents == _sum(named) - _sum(credits):
        return _proposal(Ground.REFERENCE, amount_cents, named, credits)
    exact = [each for each in by_due if each.open_cents == amount_cents]
    if not named and len(exact) == 1:
        return _proposal(Ground.AMOUNT, amount_cents, exact)
    others = [each for each in by_due if each not in named]
    return _proposal(Ground.OLDEST, amount_cents, [*named, *others])


def propose_credit(amount_cents: int, corrected: Collection[str], invoices: Sequence[Open]) -> Proposal:
    """What a credit note settles: the invoices that it corrects (their numbers), else the oldest due."""
    by_due = _by_due(invoices)
    first = [each for each in by_due if each.number in corrected]
    return _proposal(Ground.CORRECTED if first else Ground.OLDEST, amount_cents, first or by_due)


def _by_due(invoices: Iterable[Open]) -> list[Open]:
    return sorted(invoices, key=lambda each: (each.due_on or dt.date.max, each.number))


def named_in(label: str, documents: Iterable[Open]) -> list[Open]:
    """Those whose number stands in the label, whatever was put between its parts."""
    read = plain(label)
    return [each for each in documents if plain(each.number) in read]


def plain(text: str) -> str:
    """Letters and digits alone: banks drop or change what stands between them."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def _sum(documents: Iterable[Open]) -> int:
    return sum(each.open_cents for each in documents)


def _proposal(
    ground: Ground, amount_cents: int, invoices: Sequence[Open], credits: Sequence[Open] = ()
) -> Proposal:
    parts = tuple(deduct(credits, invoices, amount_cents))
    paid = sum(part.cents for part in parts if not part.credit_note)
    return Proposal(ground, parts, amount_cents - paid)


def deduct(credit_notes: Iterable[Open], invoices: Iterable[Open], paid_cents: int = 0) -> Iterator[Part]:
    """The credit notes, then so much of a payment, spent one after the other on the invoices."""
    left = {each.number: each.open_cents for each in invoices}
    for source, cents in [*((each.number, each.open_cents) for each in credit_notes), ("", paid_cents)]:
        unspent = cents
        for number, open_cents in left.items():
            if taken := min(unspent, open_cents):
                yield Part(number, taken, source)
                unspent -= taken
                left[number] = open_cents - taken


def proposal_for(source: Source) -> Proposal:
    """What is proposed for what is left of it, from what is open on its account now."""
    found = allocation.open_documents(source.account_id)
    return proposal_among(source, opened(found.invoices), opened(found.credit_notes))


def proposal_among(source: Source, invoices: Sequence[Open], credit_notes: Sequence[Open]) -> Proposal:
    """The same, from what was read of its account."""
    if isinstance(source, Payment):
        return propose(source.open_cents, source.label, invoices, credit_notes)
    return propose_credit(source.open_cents, {each.invoice.number for each in source.cited}, invoices)


def opened(documents: Iterable[Document]) -> list[Open]:
    """Documents as the rule sees them."""
    return [Open(each.number, each.open_cents, each.due_on) for each in documents]


def apply(source: Source, parts: Sequence[Part], actor: str) -> list[Allocation]:
    """Book what was proposed. Raises `NotEnoughLeft` where something was used meanwhile."""
    numbers = {number for part in parts for number in (part.invoice, part.credit_note) if number}
    rows = sa.select(Document).where(Document.account_id == source.account_id, Document.number.in_(numbers))
    known = {each.number: each for each in db.session.scalars(rows)}
    return [
        allocation.allocate(
            known[part.credit_note] if part.credit_note else source, known[part.invoice], part.cents, actor
        )
        for part in parts
    ]

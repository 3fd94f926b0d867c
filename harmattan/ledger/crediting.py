"""Credit notes that accounting issues by hand, each with its reason (R82; ADR 7)."""

import hashlib
from collections.abc import Sequence

from harmattan.access.models import Account, User
from harmattan.billing import allocation, matching
from harmattan.billing import service as billing
from harmattan.billing.creditable import Creditable
from harmattan.billing.drafts import AlreadyCredited, Draft
from harmattan.billing.models import Document
from harmattan.billing.rules import Facts
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.outbox import service as outbox
from harmattan.outbox.attachments import Attached


class TaxedApart(Refusal):
    """One credit note cannot correct invoices that are taxed in different ways."""

    title = "Un avoir par régime de TVA"


def refuse_impossible(choice: Sequence[Creditable], way_on: tuple[str, str]) -> None:
    """Raises `AlreadyCredited` for an invoice of which nothing is left, `TaxedApart`."""
    for each in choice:
        if not each.by_rate:
            raise AlreadyCredited(
                f"La facture {each.invoice.number} est déjà entièrement créditée, ou ce qu’il en reste est en"
                " cours de retour.",
                way_on,
            )
    if len({each.invoice.regime for each in choice}) > 1:
        raise TaxedApart(
            "Ces factures ne sont pas taxées de la même façon : faites un avoir pour chacune.", way_on
        )


def mark(facts: Facts, choice: Sequence[Creditable]) -> str:
    """What was previewed, and on which state of its invoices: nothing else is issued."""
    seen = [(each.invoice.number, each.credited_cents) for each in choice]
    return hashlib.sha256(repr((facts.lines, facts.totals, facts.reason, seen)).encode()).hexdigest()


def issue(draft: Draft, choice: Sequence[Creditable], *, deduct: bool, by: User) -> Document:
    """Issue a credit note as it was previewed, and mail it to the shop.

    With `deduct` it settles what is still open of the invoices that it cites. Raises `AlreadyCredited` where
    anything of them was credited since they were read: of two at once, one is issued.
    """
    document = billing.issue(draft, by.name)
    _refuse_if_credited_since(draft, choice)
    if deduct:
        cited = {each.id for each in draft.facts.cited}
        _deduct(document, [each.invoice for each in choice if each.invoice.id in cited], by)
    _tell_the_shop(document, draft.account)
    return document


def _refuse_if_credited_since(draft: Draft, choice: Sequence[Creditable]) -> None:
    """The number of the series was taken before this is read: no other credit note is being made."""
    for each in choice:
        own = sum(line.line_cents for line in draft.facts.lines if line.cites == each.invoice.number)
        db.session.refresh(each.invoice, ["credited_cents", "open_cents"])
        if each.invoice.credited_cents != each.credited_cents + own:
            raise AlreadyCredited(
                f"Un avoir vient d’être établi sur la facture {each.invoice.number} :"
                " voyez ce qu’il en reste."
            )


def _deduct(document: Document, invoices: Sequence[Document], by: User) -> None:
    known = {each.number: each for each in invoices}
    for part in matching.deduct(matching.opened([document]), matching.opened(invoices)):
        allocation.allocate(document, known[part.invoice], part.cents, by.name)


def _tell_the_shop(document: Document, account: Account) -> None:
    outbox.queue(
        "credit_issued",
        account.email,
        service=Service.ACCOUNTING,
        account_id=account.id,
        reference=document.number,
        attached=[Attached("billing.document_file", document.number, f"{document.number}.pdf")],
        document=document,
    )

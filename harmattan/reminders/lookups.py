"""Accounts that are late and what is known of each, in a handful of statements whatever their number."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload

from harmattan.access.models import Account
from harmattan.billing import ageing
from harmattan.billing.models import Document, Payment
from harmattan.billing.rules import Kind
from harmattan.core import clock, registry
from harmattan.core.extensions import db
from harmattan.core.paging import Sheet
from harmattan.core.settings import house
from harmattan.core.worklist import Work
from harmattan.outbox.models import OutboxMessage
from harmattan.payments.models import PaymentOrder
from harmattan.payments.rules import Status
from harmattan.reminders import rules
from harmattan.reminders.models import Dispute, Reminder
from harmattan.reminders.rules import Facts, Late, Previous, Verdict

A_PAGE = 50
HISTORY = 12


@dataclass(frozen=True)
class Debtor:
    """An account with overdue invoices, as accounting's list shows it."""

    account: Account
    verdict: Verdict
    ages: Sequence[int]
    """What is overdue, by `ageing.AGES` after the first."""
    oldest: dt.date
    previous: Previous | None

    @property
    def overdue_cents(self) -> int:
        return sum(self.ages)


@dataclass(frozen=True)
class Page:
    """Those of a tab, the oldest debt first; how many each tab has."""

    debtors: Sequence[Debtor]
    sheet: Sheet
    counts: Mapping[bool, int]
    """By whether they may be reminded now."""


def page_of(*, can_be_reminded: bool, text: str, page: int) -> Page:
    """A page of the accounts that may be reminded today, or of those that are left in peace."""
    found = facts()
    today, closed = clock.today(), house().closing_days
    verdicts = {key: rules.verdict(known, today, closed) for key, known in found.items()}
    wanted = _named(found, text)
    tabs: dict[bool, list[int]] = {True: [], False: []}
    for key, verdict in verdicts.items():
        if key in wanted:
            tabs[verdict.level is not None].append(key)
    chosen = sorted(tabs[can_be_reminded], key=lambda key: (_oldest(found[key]), key))
    sheet = Sheet.of(page, len(chosen), A_PAGE)
    shown = chosen[sheet.offset : sheet.offset + A_PAGE]
    rows = {row.id: row for row in db.session.scalars(sa.select(Account).where(Account.id.in_(shown)))}
    debtors = [_debtor(rows[key], found[key], verdicts[key], today) for key in shown]
    return Page(debtors, sheet, {tab: len(keys) for tab, keys in tabs.items()})


def _named(found: Mapping[int, Facts], text: str) -> set[int]:
    """Of these accounts those whose number or name is meant; all without a text."""
    if not text:
        return set(found)
    named = Account.trade_name.icontains(text, autoescape=True)
    return set(db.session.scalars(sa.select(Account.id).where(sa.or_(Account.number == text, named))))


def _oldest(known: Facts) -> dt.date:
    return min(each.due_on for each in known.late)


def _debtor(account: Account, known: Facts, verdict: Verdict, today: dt.date) -> Debtor:
    ages = ageing.aged([(each.due_on, each.open_cents) for each in known.late], today)
    return Debtor(account, verdict, ages[1:], _oldest(known), known.previous)


def work() -> Work:
    """The accounts to remind, for accounting's worklist."""
    today, closed = clock.today(), house().closing_days
    count = sum(rules.verdict(known, today, closed).level is not None for known in facts().values())
    return Work("compte à relancer", "comptes à relancer", url_for("staff.reminders.index"), count)


def facts(account_id: int | None = None) -> dict[int, Facts]:
    """What is known of each account that is late, or of this one alone."""
    late = _late(account_id)
    free, announced, before = _free(account_id), declared(account_id), _previous(account_id)
    by_lcr = _by_lcr(account_id)
    return {
        key: Facts(invoices, free.get(key, 0), announced.get(key), key in by_lcr, before.get(key))
        for key, invoices in late.items()
    }


def _late(account_id: int | None) -> Mapping[int, list[Late]]:
    its = (Document.number, Document.issued_on, Document.due_on, Document.open_cents, Dispute.until)
    overdue = (Document.kind == Kind.INVOICE, Document.open_cents > 0, Document.due_on < clock.today())
    rows = (
        sa.select(Document.account_id, *its)
        .outerjoin(Dispute, Dispute.document_id == Document.id)
        .where(*overdue)
    )
    if (by_lcr := registry.ask("lcr.taken_everywhere")) is not None:
        rows = rows.where(Document.id.not_in(by_lcr))
    found: dict[int, list[Late]] = defaultdict(list)
    for key, *told in db.session.execute(_of(rows, Document.account_id, account_id)):
        found[key].append(Late(*told))
    return found


def _by_lcr(account_id: int | None) -> Collection[int]:
    """Accounts of which an LCR at our bank takes an invoice."""
    by_lcr = registry.ask("lcr.taken_everywhere")
    if by_lcr is None:
        return ()
    rows = sa.select(Document.account_id).distinct().where(Document.id.in_(by_lcr))
    return set(db.session.scalars(_of(rows, Document.account_id, account_id)))


def set_aside() -> sa.Select[int]:
    """The invoices that are not claimed for now: no LCR takes them either."""
    return sa.select(Dispute.document_id).where(Dispute.until >= clock.today())


def _free(account_id: int | None) -> Mapping[int, int]:
    """Credits and payments that settle nothing yet."""
    credits = sa.select(Document.account_id, Document.open_cents.label("cents")).where(
        Document.kind == Kind.CREDIT_NOTE, Document.open_cents > 0
    )
    payments = sa.select(Payment.account_id, Payment.open_cents).where(Payment.open_cents > 0)
    both = sa.union_all(
        _of(credits, Document.account_id, account_id), _of(payments, Payment.account_id, account_id)
    ).subquery()
    return dict(
        db.session.execute(
            sa.select(both.c.account_id, sa.func.sum(both.c.cents)).group_by(both.c.account_id)
        ).all()
    )


def declared(account_id: int | None) -> Mapping[int, dt.date]:
    """The day of the latest payment that each announced and that has not come, or is being looked at."""
    awaited = PaymentOrder.status.in_((Status.AWAITED, Status.TO_CHECK))
    rows = sa.select(PaymentOrder.account_id, sa.func.max(PaymentOrder.announced_at)).where(awaited)
    orders = _of(rows, PaymentOrder.account_id, account_id).group_by(PaymentOrder.account_id)
    return {key: clock.in_paris(at).date() for key, at in db.session.execute(orders)}


def _previous(account_id: int | None) -> Mapping[int, Previous]:
    places = sa.select(Reminder.account_id, sa.func.max(Reminder.place)).group_by(Reminder.account_id)
    last = sa.tuple_(Reminder.account_id, Reminder.place).in_(_of(places, Reminder.account_id, account_id))
    return {
        row.account_id: Previous(row.place, row.level, row.sent_on, row.documents)
        for row in db.session.scalars(sa.select(Reminder).where(last))
    }


def _of(rows: Any, column: Any, account_id: int | None) -> Any:
    """Of one account alone, where one is meant."""
    return rows if account_id is None else rows.where(column == account_id)


def history(account_id: int) -> Sequence[Reminder]:
    """An account's reminders, the latest first."""
    rows = sa.select(Reminder).where(Reminder.account_id == account_id).order_by(Reminder.place.desc())
    return db.session.scalars(rows.limit(HISTORY)).all()


def mails(references: Sequence[str]) -> Mapping[str, str]:
    """The word in addresses of the mail of each reminder."""
    its = sa.select(OutboxMessage.subject_reference, OutboxMessage.key).order_by(OutboxMessage.id.desc())
    return dict(db.session.execute(its.where(OutboxMessage.subject_reference.in_(references))).all())


def disputes(account_id: int) -> Mapping[str, Dispute]:
    """What keeps invoices of an account out of reminders today, by their numbers."""
    rows = sa.select(Dispute).where(Dispute.account_id == account_id, Dispute.until >= clock.today())
    return {
        row.document.number: row for row in db.session.scalars(rows.options(joinedload(Dispute.document)))
    }


@dataclass(frozen=True)
class StillClaimed:
    """What is left today of what a reminder claimed."""

    sent_on: dt.date
    documents: Sequence[str]
    to_pay_cents: int
    free_cents: int
    """What is already taken off: credit notes and payments that nothing was settled with yet."""


def latest(account_id: int) -> StillClaimed | None:
    """What the account's documents should say of its last reminder; None once all of it is settled."""
    rows = sa.select(Reminder).where(Reminder.account_id == account_id).order_by(Reminder.place.desc())
    found = db.session.scalar(rows.limit(1))
    if found is None:
        return None
    its = (Document.account_id == account_id, Document.number.in_(found.documents))
    still = sa.select(Document.number, Document.open_cents).where(*its, Document.open_cents > 0)
    left = dict(db.session.execute(still.order_by(Document.due_on, Document.number)).all())
    free_cents = _free(account_id).get(account_id, 0)
    to_pay_cents = sum(left.values()) - free_cents
    return StillClaimed(found.sent_on, list(left), to_pay_cents, free_cents) if to_pay_cents > 0 else None

"""Remind an account, once; keep an invoice out of reminders while it is disputed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from harmattan.access.models import Account
from harmattan.billing.models import Document
from harmattan.core import audit, clock, database, numbering
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.settings import house
from harmattan.core.typography import date_long, euros
from harmattan.outbox import rendering
from harmattan.outbox import service as outbox
from harmattan.reminders import lookups, rules
from harmattan.reminders.models import Dispute, Reminder
from harmattan.reminders.rules import Facts, Level, Previous, Verdict

SERIES, MAIL = "REL", "reminder"


class NotToBeReminded(Refusal):
    """A rule leaves the account in peace today."""

    title = "Ce compte ne se relance pas aujourd’hui"


class SeenOtherwise(Refusal):
    """Something was paid, credited, set aside or sent meanwhile: another text would leave than was read."""

    title = "Ce compte a changé entre-temps"


class NotSetAside(Refusal):
    """A colleague took the invoice up again first."""

    title = "Cette facture n’est plus mise de côté"


@dataclass(frozen=True)
class Case:
    """An account as whoever reminds it sees it."""

    account: Account
    facts: Facts
    verdict: Verdict

    @property
    def place(self) -> int:
        """Which of its reminders the next one would be."""
        return self.facts.previous.place + 1 if self.facts.previous else 1

    @property
    def mark(self) -> str:
        """What was read, as its form sends it back."""
        numbers = ",".join(each.number for each in self.verdict.claimed)
        return f"{self.place}:{self.verdict.to_pay_cents}:{numbers}"


def case(account: Account) -> Case:
    """How the account stands now."""
    known = lookups.facts(account.id).get(account.id, Facts(()))
    verdict = (
        rules.verdict(known, clock.today(), house().closing_days)
        if known.late
        else Verdict(None, None, "Rien n’est échu", (), known.free_cents)
    )
    return Case(account, known, verdict)


def text(case: Case, level: Level) -> tuple[str, str]:
    """(subject, body) of the mail, as it would leave now."""
    return rendering.text_of(MAIL, service=Service.ACCOUNTING, attached=(), **_told(case, level))


def send(case: Case, level: Level, actor: str, *, seen: str) -> Reminder:
    """Write to the account, once: of two who press at once, one does.

    Raises `SeenOtherwise` where the account is not as it was read, and `NotToBeReminded`.
    """
    verdict, account = case.verdict, case.account
    if seen != case.mark:
        raise SeenOtherwise("Relisez ce qui est échu et le texte proposé maintenant, puis décidez.")
    if level not in verdict.levels:
        raise NotToBeReminded(f"{verdict.why or 'Choisissez un niveau proposé'}.")
    reference = numbering.next_reference(SERIES, clock.today())
    sent = _kept(case, level, actor, reference)
    if sent is None:
        raise SeenOtherwise("Une relance vient de partir : elle se lit ci-dessous.")
    outbox.queue(
        MAIL,
        account.email,
        service=Service.ACCOUNTING,
        account_id=account.id,
        reference=reference,
        **_told(case, level),
    )
    audit.record(
        "reminders.send",
        reference,
        actor=actor,
        account_id=account.id,
        level=level.label,
        amount=euros(verdict.to_pay_cents),
    )
    return sent


def _kept(case: Case, level: Level, actor: str, reference: str) -> Reminder | None:
    """The reminder, unless a colleague has just sent the same one."""
    facts: dict[str, Any] = {
        "reference": reference,
        "account_id": case.account.id,
        "place": case.place,
        "level": level,
        "sent_on": clock.today(),
        "sent_by": actor,
        "recipient": case.account.email,
        "documents": [each.number for each in case.verdict.claimed],
        "to_pay_cents": case.verdict.to_pay_cents,
    }
    row = database.insert(Reminder).values(**facts)
    taken = row.on_conflict_do_nothing(index_elements=["account_id", "place"]).returning(Reminder)
    kept: Reminder | None = db.session.scalar(taken)
    return kept


def _told(case: Case, level: Level) -> dict[str, Any]:
    return {
        "account": case.account,
        "level": level,
        "verdict": case.verdict,
        "since": _since(case.facts.previous, level),
        "last_day": rules.rest_ends(clock.today(), house().closing_days),
    }


def _since(previous: Previous | None, level: Level) -> dt.date | None:
    """The day of the reminder that this one follows; a courteous one follows none."""
    return previous.on if previous and level is not Level.COURTEOUS else None


def set_aside(document: Document, reason: str, until: dt.date, actor: str) -> None:
    """Claim an invoice no more until after that day; said again, the last word counts."""
    facts = {"reason": reason, "until": until, "set_by": actor, "set_at": clock.now()}
    row = database.insert(Dispute).values(document_id=document.id, account_id=document.account_id, **facts)
    db.session.execute(row.on_conflict_do_update(index_elements=["document_id"], set_=facts))
    _note("reminders.set_aside", document, actor, until=date_long(until))


def resume(document: Document, actor: str) -> None:
    """Claim the invoice again. Raises `NotSetAside`."""
    if not database.changed_rows(sa.delete(Dispute).where(Dispute.document_id == document.id)):
        raise NotSetAside("Une autre personne l’a reprise. Rechargez la page.")
    _note("reminders.resume", document, actor)


def _note(act: str, document: Document, actor: str, **told: str) -> None:
    audit.record(act, document.number, actor=actor, account_id=document.account_id, **told)

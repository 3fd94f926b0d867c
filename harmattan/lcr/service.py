"""Mandates: a shop asks to pay by LCR, accounting decide, either may end it (R80)."""

from collections.abc import Sequence

import sqlalchemy as sa

from harmattan.access.models import Account, User
from harmattan.conversations.attachments import NewFile
from harmattan.core import audit, clock, database, identifiers, numbering
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.settings import house
from harmattan.core.typography import moment
from harmattan.lcr import rules
from harmattan.lcr.models import BankDetailsFile, Mandate
from harmattan.lcr.rules import KEPT_FOR, LIVE, TRANSITIONS, Action, MandateState
from harmattan.outbox import service as outbox

SERIES = "MAN"


class NotInThisState(Refusal):
    """The mandate is in a state in which this cannot be done."""


class AlreadyAsked(Refusal):
    """An account has one live mandate: a new RIB comes after the end of the former one."""

    title = "La LCR est déjà demandée ou en place"


class OurOwnAccount(Refusal):
    """An LCR is drawn on the shop's bank account, never on ours."""

    title = "Cet IBAN est le nôtre"


def live(account_id: int) -> Mandate | None:
    """The account's mandate that is asked for, in place or suspended."""
    its = sa.select(Mandate).where(Mandate.account_id == account_id, Mandate.state.in_(LIVE))
    return db.session.scalar(its)


def ask(account: Account, holder: str, iban: str, by: User, files: Sequence[NewFile] = ()) -> Mandate:
    """The shop gives its bank details, which accounting alone read; they are told. Raises `AlreadyAsked`."""
    now = clock.now()
    asked = database.insert(Mandate).values(
        reference=numbering.next_reference(SERIES, clock.today()),
        account_id=account.id,
        state=MandateState.ASKED,
        state_since=now,
        asked_at=now,
        asked_by=by.name,
        holder=holder,
        iban=iban,
        masked_iban=identifiers.masked_iban(iban),
        bank_name=identifiers.bank_of(iban),
        reason="",
    )
    mandate_id = db.session.scalar(asked.on_conflict_do_nothing().returning(Mandate.id))
    if mandate_id is None:
        raise AlreadyAsked("Retirez-la d’abord pour donner un autre RIB.")
    mandate = db.session.get_one(Mandate, mandate_id)
    mandate.files = [BankDetailsFile.of(file) for file in files]
    audit.record("lcr.ask", mandate.reference, actor=by.name, account_id=account.id)
    _tell(mandate, "lcr_asked")
    accounting = house().service_mailboxes[Service.ACCOUNTING.value]
    outbox.queue(
        "lcr_to_study", accounting, service=Service.ACCOUNTING, reference=mandate.reference, mandate=mandate
    )
    return mandate


def read_iban(mandate: Mandate, by: User) -> str:
    """The whole IBAN, to compare with the RIB while the request is studied; the journal keeps who read."""
    if mandate.state is not MandateState.ASKED or not mandate.iban:
        raise NotInThisState(
            "L’IBAN ne se lit en entier que pendant l’étude de la demande : ouvrez le RIB joint, ou écrivez à"
            " la librairie."
        )
    audit.record("lcr.read_iban", mandate.reference, actor=by.name, account_id=mandate.account_id)
    return str(mandate.iban)


def act(mandate: Mandate, action: Action, by: User, reason: str = "") -> None:
    """Lead a mandate to its next state: the only writer of `state`; of two at once one is refused."""
    target = TRANSITIONS[mandate.state].get(action)
    if target is MandateState.ACTIVE and rules.is_same_account(mandate.iban, house().iban):
        raise OurOwnAccount(
            "Refusez cette demande ou terminez-la : la librairie donnera le RIB de son compte."
        )
    moved = (
        sa.update(Mandate)
        .where(Mandate.id == mandate.id, Mandate.state == mandate.state)
        .values(state=target, state_since=clock.now(), reason=reason)
    )
    if target is None or not database.changed_rows(moved):
        db.session.refresh(mandate, ["state", "state_since"])
        raise NotInThisState(
            f"Ce paiement par LCR est « {mandate.state.label} » depuis le {moment(mandate.state_since)} :"
            " cette action n’y est plus prévue."
        )
    db.session.refresh(mandate, ["state", "state_since", "reason"])
    if action is Action.ACCEPT:
        mandate.accepted_at = mandate.state_since
    audit.record(f"lcr.{action}", mandate.reference, actor=by.name, account_id=mandate.account_id)
    _tell(mandate, "lcr_decided")


def _tell(mandate: Mandate, kind: str) -> None:
    """The address on file: nobody's account is drawn upon without the shop knowing."""
    outbox.queue(
        kind, mandate.account.email, service=Service.ACCOUNTING, account_id=mandate.account_id,
        reference=mandate.reference, mandate=mandate,
    )  # fmt: skip


def forget_old() -> None:
    """Drop the bank details of mandates that were refused, or are over, a while ago."""
    over = (Mandate.state.not_in(LIVE), Mandate.state_since < clock.now() - KEPT_FOR)
    ids = sa.select(Mandate.id).where(*over)
    database.changed_rows(sa.delete(BankDetailsFile).where(BankDetailsFile.mandate_id.in_(ids)))
    database.changed_rows(sa.update(Mandate).where(*over, Mandate.iban.is_not(None)).values(iban=None))

"""Invite accounts to the portal (R1), one or a whole list; put another principal user in place (R21)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from harmattan.access.models import Account, User
from harmattan.accounts import lookups, rules
from harmattan.accounts.lookups import Standing
from harmattan.accounts.models import Invitation, InvitationList
from harmattan.accounts.rules import AccessState
from harmattan.core import audit, clock, database, jobs, links, numbering
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.outbox import service as outbox
from harmattan.people import service as people

SEND_JOB = "accounts.send_invitations"
COMMIT_EVERY = 50


class HasAccess(Refusal):
    title = "Ce compte a déjà un accès"


class NoAddress(Refusal):
    title = "Ce compte n’a pas d’adresse e-mail"


class AlreadySent(Refusal):
    title = "Ces invitations sont déjà parties"


@dataclass
class Review:
    """What a list of numbers comes to: who is invited, and who is not, with the reason."""

    to_invite: list[Standing] = field(default_factory=list)
    invited_before: list[Standing] = field(default_factory=list)
    with_access: list[Standing] = field(default_factory=list)
    without_address: list[Standing] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def chosen(self, again: bool) -> list[Standing]:
        """Who gets a mail."""
        return self.to_invite + (self.invited_before if again else [])


def invite(account: Account, by: str, of: InvitationList | None = None) -> Invitation:
    """Mail the address on file the way to the form for access (R1); raises `HasAccess` or `NoAddress`."""
    if people.principal_of(account.id) is not None:
        raise HasAccess("Ses utilisateurs se connectent, ou demandent un nouveau mot de passe.")
    if not account.email:
        raise NoAddress("Complétez les coordonnées du compte, puis invitez-le.")
    sent = Invitation(account_id=account.id, sent_to=account.email, sent_by=by, list_id=of.id if of else None)
    db.session.add(sent)
    outbox.queue(
        "invitation",
        account.email,
        service=Service.SALES,
        account_id=account.id,
        account=account,
        address=links.absolute("onboarding.request_form", compte=account.number),
    )
    audit.record("accounts.invite", account.number, actor=by, account_id=account.id)
    return sent


def replace_principal(account: Account, by: User) -> None:
    """The principal user left and nobody else is there: close that access, invite the account anew (R21)."""
    principal = people.principal_of(account.id)
    if principal is not None:
        people.retire(principal, by)
    db.session.flush()
    invite(account, by.name)


def keep(found: rules.NumberList, source_name: str, by: User) -> InvitationList:
    """Keep a list of numbers, to be read once more before anything is sent."""
    kept = InvitationList(
        reference=numbering.next_reference("INV", clock.today()),
        source_name=source_name[:120],
        numbers=found.numbers,
        unread=found.unread,
        made_by=by.name,
    )
    db.session.add(kept)
    return kept


def review(kept: InvitationList) -> Review:
    """What this list comes to, as things stand now."""
    known, found = lookups.of_numbers(kept.numbers), Review()
    for number in kept.numbers:
        if (standing := known.get(number)) is None:
            found.unknown.append(number)
        else:
            _place_of(standing, found).append(standing)
    return found


def send(kept: InvitationList, again: bool) -> None:
    """Let the worker invite what the review showed; raises `AlreadySent`."""
    unsent = (InvitationList.id == kept.id, InvitationList.sent_at.is_(None))
    if not database.changed_rows(
        sa.update(InvitationList).where(*unsent).values(sent_at=clock.now(), again=again)
    ):
        raise AlreadySent("La page de la liste dit où elles en sont.")
    jobs.enqueue(SEND_JOB, {"list_id": kept.id})


def run(payload: dict[str, Any]) -> None:
    """The worker's part: invite those still to be invited, some at a time; run again, nobody twice."""
    kept = db.session.get_one(InvitationList, payload["list_id"])
    done = set(db.session.scalars(sa.select(Invitation.account_id).where(Invitation.list_id == kept.id)))
    waiting = [each.account for each in review(kept).chosen(kept.again) if each.account.id not in done]
    for count, account in enumerate(waiting, start=1):
        invite(account, kept.made_by, of=kept)
        if count % COMMIT_EVERY == 0:
            jobs.renew()
            db.session.commit()
    kept.finished_at = clock.now()


def sent_of(kept: InvitationList) -> Sequence[Invitation]:
    """The invitations that this list has led to so far."""
    return db.session.scalars(sa.select(Invitation).where(Invitation.list_id == kept.id)).all()


def _place_of(standing: Standing, found: Review) -> list[Standing]:
    if standing.state in (AccessState.ACTIVATED, AccessState.CONNECTED):
        return found.with_access
    if not standing.account.email:
        return found.without_address
    return found.invited_before if standing.state is AccessState.INVITED else found.to_invite

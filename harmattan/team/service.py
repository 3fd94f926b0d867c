"""Let staff in, give them their service, suspend them; somebody of settings always stays."""

from collections.abc import Sequence

import sqlalchemy as sa

from harmattan.access import recovery, second_factor, sessions
from harmattan.access.models import User
from harmattan.core import audit, clock
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.outbox import service as outbox
from harmattan.team import rules
from harmattan.team.rules import NewPerson


class EmailTaken(Exception):
    """Somebody logs in with this address already."""


class LastKeeper(Refusal):
    title = "Il faut quelqu’un à l’administration du portail"


class NotOneself(Refusal):
    title = "Vous ne changez pas votre propre accès"


def members() -> Sequence[User]:
    """Everybody of the services, those whose access is suspended last."""
    of_staff = sa.select(User).where(User.service.is_not(None))
    return db.session.scalars(
        of_staff.order_by(User.disabled_at.is_not(None), User.service, User.last_name, User.first_name)
    ).all()


def add(person: NewPerson, service: Service, by: str) -> User:
    """A new member of staff, who chooses the password by a mailed link; raises `EmailTaken`."""
    address = person.email.strip().lower()
    if db.session.scalar(sa.select(User.id).where(User.email == address)) is not None:
        raise EmailTaken
    user = User(
        email=address,
        first_name=outbox.one_line(person.first_name),
        last_name=outbox.one_line(person.last_name),
        password_hash="",  # opens nothing
        service=service,
    )
    db.session.add(user)
    db.session.flush()
    audit.record("team.add", address, actor=by, before="–", after=service.label)
    recovery.welcome(user, by)
    return user


def change_service(target: User, service: Service, by: User) -> None:
    """Put a member of staff into another service; raises `NotOneself` or `LastKeeper`."""
    _must_leave_somebody(target, service, by)
    before, target.service = target.service, service
    _tell("team.change_service", target, by, before=before.label if before else "", after=service.label)


def suspend(target: User, by: User) -> None:
    """Close this access at once; raises `NotOneself` or `LastKeeper`."""
    _must_leave_somebody(target, None, by)
    target.disabled_at = clock.now()
    sessions.end_all(target)
    _tell("team.suspend", target, by, before="accès ouvert", after="accès suspendu")


def reopen(target: User, by: User) -> None:
    """Let a suspended member of staff log in again."""
    target.disabled_at = None
    _tell("team.reopen", target, by, before="accès suspendu", after="accès ouvert")


def send_link(target: User, by: User) -> None:
    """Mail the link to choose a password once more; whoever sends it never sees it."""
    recovery.welcome(target, by.name)


def reset_second_factor(target: User, by: User) -> None:
    """For whoever lost the application and the recovery codes; the next log-in sets up another."""
    second_factor.reset(target, by)


def _must_leave_somebody(target: User, service: Service | None, by: User) -> None:
    if target.id == by.id:
        raise NotOneself("Demandez-le à une autre personne de l’administration du portail.")
    locked = sa.select(User).where(User.service == Service.SETTINGS).order_by(User.id).with_for_update()
    keepers = [_member(user) for user in db.session.scalars(locked)]
    if rules.leaves_settings_empty(_member(target), service, keepers):
        raise LastKeeper("Donnez d’abord ce service à une autre personne.")


def _member(user: User) -> rules.Member:
    return rules.Member(user.id, user.service or Service.SALES, user.disabled_at is None)


def _tell(action: str, target: User, by: User, *, before: str, after: str) -> None:
    audit.record(action, target.email, actor=by.name, before=before, after=after)
    outbox.queue("access_changed", target.email, service=Service.SETTINGS, user=target, by=by, after=after)

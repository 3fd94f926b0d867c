"""Another second factor in the place of one's own: the old one serves until the new one has shown a code."""

import datetime as dt

import pyotp
import sqlalchemy as sa

from harmattan.access import second_factor, secret_words
from harmattan.access.models import User
from harmattan.access.second_factor import RecoveryCode, SecondFactor, WrongCode
from harmattan.core import audit, clock, database, throttle, tokens
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.outbox import service as outbox

OFFERED_FOR = dt.timedelta(minutes=15)


class NothingOffered(Refusal):
    title = "Cette clé n’est plus proposée"


def offered(user: User) -> SecondFactor | None:
    """The factor with its new secret, as long as that is offered."""
    found = second_factor.of(user)
    return found if found is not None and found.next_until and found.next_until > clock.now() else None


def offer(user: User) -> None:
    """Draw a new secret and new recovery codes, to be confirmed soon; nothing else changes yet."""
    factor = second_factor.of(user)
    if factor is None:
        factor = SecondFactor(user_id=user.id, secret=pyotp.random_base32())
        db.session.add(factor)
    factor.next_secret = pyotp.random_base32()
    factor.next_codes = " ".join(secret_words.new_recovery_codes())
    factor.next_until = clock.now() + OFFERED_FOR


def withdraw(user: User) -> None:
    """Leave everything as it was."""
    _forget_offer(SecondFactor.user_id == user.id)


def take(user: User, typed: str) -> None:
    """The application shows a code of the new secret, which takes over; else `WrongCode`."""
    throttle.count_all(second_factor.limits(user))
    factor = offered(user)
    if factor is None or not factor.next_secret:
        raise NothingOffered("Elle l’est un quart d’heure, et une fois : demandez-en une autre.")
    new = factor.next_offer
    step = second_factor.step_of(new.secret, typed)
    if step is None:
        raise WrongCode
    ours = (SecondFactor.user_id == user.id, SecondFactor.next_until == factor.next_until)
    if not _forget_offer(
        *ours, secret=new.secret, offered_codes=None, confirmed_at=clock.now(), last_step=step
    ):
        raise NothingOffered("Elle vient de servir.")
    throttle.forgive(*second_factor.limits(user))
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    db.session.add_all(RecoveryCode(code_hash=tokens.hash_of(code), user_id=user.id) for code in new.codes)
    outbox.queue("second_factor_changed", user.email, service=Service.SETTINGS, user=user)
    audit.record("access.replace_second_factor", user.email, actor=user.name)


def _forget_offer(*which: sa.ColumnElement[bool], **also: object) -> bool:
    """Whether there was an offer: of many at once one finds it."""
    nothing = {"next_secret": None, "next_codes": None, "next_until": None}
    return database.changed_rows(sa.update(SecondFactor).where(*which).values(**nothing, **also)) == 1

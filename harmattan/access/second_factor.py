"""The second factor of staff (ASVS 6.3.3): codes of an application by RFC 6238, recovery codes on paper.

`STAFF_TOTP` asks for it: on in production, off in the demonstration. It is set up at the first log-in
after; then each log-in asks for a code, also after a forgotten password.
"""

import datetime as dt
import hmac
import re
from dataclasses import dataclass

import pyotp
import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from harmattan.access import rules, secret_words, sessions
from harmattan.access.models import User
from harmattan.access.rules import Stage
from harmattan.core import audit, clock, database, throttle, tokens
from harmattan.core.extensions import Base, db
from harmattan.core.sealed import Sealed
from harmattan.core.services import Service
from harmattan.core.settings import house
from harmattan.core.throttle import Limit
from harmattan.outbox import service as outbox


class WrongCode(Exception):
    """Neither a code of this moment that has not served yet, nor a recovery code."""


@dataclass(frozen=True)
class Offer:
    """A secret for an application, and the recovery codes to note with it."""

    secret: str
    codes: list[str]

    def address(self, email: str) -> str:
        """What the QR code says to the application."""
        return pyotp.TOTP(self.secret, name=email, issuer=house().name).provisioning_uri()

    @property
    def key_to_type(self) -> str:
        """The secret for whoever cannot read the QR code, in groups of four."""
        return " ".join(re.findall(".{4}", self.secret))


class SecondFactor(Base):
    """The secret that a member of staff shares with an application."""

    __tablename__ = "second_factors"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id), primary_key=True)
    secret: Mapped[str] = mapped_column(Sealed)
    offered_codes: Mapped[str | None] = mapped_column(Sealed)
    """The recovery codes, to be read until the factor is confirmed; their hashes alone stay."""
    confirmed_at: Mapped[dt.datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)
    """The time step of the last code taken: neither it nor an older one opens anything more."""
    next_secret: Mapped[str | None] = mapped_column(Sealed)
    """Offered in the place of the secret, with its codes, for a while (`second_factor_change`)."""
    next_codes: Mapped[str | None] = mapped_column(Sealed)
    next_until: Mapped[dt.datetime | None]

    @property
    def offer(self) -> Offer:
        """What is read until the factor is confirmed."""
        return Offer(self.secret, (self.offered_codes or "").split())

    @property
    def next_offer(self) -> Offer:
        """What may come in its place."""
        return Offer(self.next_secret or "", (self.next_codes or "").split())


class RecoveryCode(Base):
    """Stands in once for a code of the application; long enough for a plain hash (ASVS 6.5.2)."""

    __tablename__ = "recovery_codes"

    code_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id), index=True)
    used_at: Mapped[dt.datetime | None]


def is_asked_of(user: User) -> bool:
    """Whether each log-in of this person asks for a code."""
    return user.is_staff and bool(current_app.config["STAFF_TOTP"])


def begin(user: User) -> Stage:
    """What a right password leads to; makes a secret for whoever has confirmed none yet."""
    if not is_asked_of(user):
        return Stage.OPEN
    if not has_one(user):
        db.session.execute(sa.delete(SecondFactor).where(SecondFactor.user_id == user.id))
        codes = " ".join(secret_words.new_recovery_codes())
        db.session.add(SecondFactor(user_id=user.id, secret=pyotp.random_base32(), offered_codes=codes))
    return Stage.SECOND_FACTOR


def of(user: User) -> SecondFactor | None:
    """This person's second factor, confirmed or only offered."""
    return db.session.get(SecondFactor, user.id)


def has_one(user: User) -> bool:
    """Whether a code can be asked for."""
    found = of(user)
    return found is not None and found.confirmed_at is not None


def confirm(user: User, typed: str) -> None:
    """The application shows the codes that we expect: from now on they are asked for; else `WrongCode`."""
    throttle.count_all(limits(user))
    offered = of(user)
    if offered is None or offered.confirmed_at is not None or not _use_code(user, typed):
        raise WrongCode
    throttle.forgive(*limits(user))
    db.session.add_all(
        RecoveryCode(code_hash=tokens.hash_of(code), user_id=user.id) for code in offered.offer.codes
    )
    offered.confirmed_at, offered.offered_codes = clock.now(), None
    audit.record("access.confirm_second_factor", user.email, actor=user.name)


def check(user: User, typed: str) -> None:
    """Take a code, or a recovery code, once; else `WrongCode`, or `throttle.TooMany` after some tries."""
    throttle.count_all(limits(user))
    if not (_use_code(user, typed) or _use_recovery_code(user, typed)):
        raise WrongCode
    throttle.forgive(*limits(user))


def reset(user: User, by: User) -> None:
    """Forget the factor: the next log-in sets up another. Ends every session, and a mail says so."""
    for table in (SecondFactor, RecoveryCode):
        db.session.execute(sa.delete(table).where(table.user_id == user.id))
    sessions.end_all(user)
    outbox.queue("second_factor_reset", user.email, service=Service.SETTINGS, user=user, by=by)
    audit.record("access.reset_second_factor", user.email, actor=by.name)


def codes_left(user: User) -> int:
    """How many recovery codes have not served."""
    left = sa.select(sa.func.count()).select_from(RecoveryCode)
    return db.session.scalar(left.where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))) or 0


def limits(user: User) -> list[Limit]:
    """How often codes may be tried."""
    return [
        Limit(f"code:{user.id}", rules.LOG_IN_TRIES, rules.LOG_IN_WINDOW),
        Limit(f"code-day:{user.id}", rules.LOG_IN_TRIES_A_DAY, rules.LOG_IN_DAY),
    ]


def _use_code(user: User, typed: str) -> bool:
    """Each code serves once, whoever is quicker: the step of the last one only moves forward."""
    factor = of(user)
    step = step_of(factor.secret, typed) if factor is not None else None
    if step is None:
        return False
    unused = (SecondFactor.user_id == user.id, SecondFactor.last_step < step)
    return database.changed_rows(sa.update(SecondFactor).where(*unused).values(last_step=step)) == 1


def step_of(secret: str, typed: str) -> int | None:
    """The time step, now or half a minute away, whose code this is; None for any other text."""
    code = "".join(typed.split())
    return next((step for step in rules.code_steps(clock.now()) if _is_code(secret, step, code)), None)


def _is_code(secret: str, step: int, typed: str) -> bool:
    return hmac.compare_digest(pyotp.TOTP(secret).generate_otp(step).encode(), typed.encode())


def _use_recovery_code(user: User, typed: str) -> bool:
    code = secret_words.as_recovery_code(typed)
    if code is None:
        return False
    unused = (
        RecoveryCode.user_id == user.id,
        RecoveryCode.code_hash == tokens.hash_of(code),
        RecoveryCode.used_at.is_(None),
    )
    return database.changed_rows(sa.update(RecoveryCode).where(*unused).values(used_at=clock.now())) == 1

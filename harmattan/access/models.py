"""Customer accounts, the people of shops and services, and their sessions."""

import datetime as dt
import secrets
from typing import Any

import sqlalchemy as sa
from flask_login import AnonymousUserMixin, UserMixin
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harmattan.access.rules import READERS, Permission, Right, Stage, access_has_ended, permissions
from harmattan.core import clock
from harmattan.core.extensions import Base
from harmattan.core.places import Address
from harmattan.core.services import Service
from harmattan.core.terms import EndOfMonth, PaymentTerm

USUAL_TERM = PaymentTerm(30, end_of_month=EndOfMonth.AFTER)
"""What an account has unless another term was agreed."""


class RightSet(sa.TypeDecorator[frozenset[Right]]):
    """A set of rights, kept as their sorted values."""

    impl = sa.String(80)
    cache_ok = True

    def process_bind_param(self, value: frozenset[Right] | None, dialect: Dialect) -> str:
        return " ".join(sorted(value or ()))

    def process_result_value(self, value: Any, dialect: Dialect) -> frozenset[Right]:
        return frozenset(Right(right) for right in (value or "").split())


class Account(Base):
    """A customer account: one bookshop, its address, its terms."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(10), unique=True)
    trade_name: Mapped[str] = mapped_column(sa.String(120))
    legal_name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(254))
    """The address on file (R5)."""
    phone: Mapped[str] = mapped_column(sa.String(30), default="")
    siret: Mapped[str] = mapped_column(sa.String(14), default="")
    vat_number: Mapped[str] = mapped_column(sa.String(16), default="")
    gln: Mapped[str] = mapped_column(sa.String(13), default="")
    street: Mapped[str] = mapped_column(sa.String(200))
    postal_code: Mapped[str] = mapped_column(sa.String(12))
    city: Mapped[str] = mapped_column(sa.String(80))
    country: Mapped[str] = mapped_column(sa.String(2), default="FR")
    discount_bp: Mapped[int]
    """Trade discount on the public price HT, in basis points."""
    payment_term: Mapped[PaymentTerm] = mapped_column(default=USUAL_TERM)
    credit_limit_cents: Mapped[int | None]
    """How much may be owed before sales look twice (TTC); None for no limit."""
    activated_at: Mapped[dt.datetime | None]

    @property
    def place(self) -> Address:
        """Where the shop is."""
        return Address(self.trade_name, self.street, self.postal_code, self.city, self.country)


class User(UserMixin, Base):
    """A person who logs in: of a shop (`account`) or of a service (`service`), never both."""

    __tablename__ = "users"
    __table_args__ = (
        sa.CheckConstraint("(account_id IS NULL) <> (service IS NULL)", name="shop_or_service"),
        sa.Index(
            "uq_users_principal",
            "account_id",
            unique=True,
            sqlite_where=sa.text("is_principal"),
            postgresql_where=sa.text("is_principal"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=lambda: secrets.token_urlsafe(9))
    """Random; the person's word in addresses."""
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    first_name: Mapped[str] = mapped_column(sa.String(60))
    last_name: Mapped[str] = mapped_column(sa.String(60))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    """Empty until a member of staff has chosen a password; opens nothing then."""
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Account.id), index=True)
    service: Mapped[Service | None]
    rights: Mapped[frozenset[Right]] = mapped_column(RightSet, default=frozenset())
    is_principal: Mapped[bool] = mapped_column(default=False)
    ends_on: Mapped[dt.date | None]
    disabled_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    last_log_in_at: Mapped[dt.datetime | None]

    account: Mapped[Account | None] = relationship(lazy="joined")

    seen_by = None  # type: User | None
    """During « voir comme le client »: the member of staff who looks (access.viewing). Never stored."""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def is_staff(self) -> bool:
        return self.service is not None

    @property
    def has_access(self) -> bool:
        """Whether this person may log in today: neither suspended nor past a last day (J2)."""
        return self.disabled_at is None and not access_has_ended(self.ends_on, clock.today())

    @property
    def permissions(self) -> frozenset[Permission]:
        held = permissions(self.rights, self.is_principal)
        if self.seen_by is None:
            return held
        return frozenset(each for each in held if self.seen_by.service in READERS[each])

    def may(self, permission: Permission | str) -> bool:
        """Whether this bookseller holds the permission."""
        return permission in self.permissions

    def get_id(self) -> str:
        """Flask-Login's key is the session's secret, not the user (see access.sessions)."""
        raise NotImplementedError("log in through access.sessions.start")


class LoginSession(Base):
    """A log-in that is under way; the browser holds the token, we hold its hash."""

    __tablename__ = "login_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id), index=True)
    started_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    last_seen_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    browser: Mapped[str] = mapped_column(sa.String(200), default="")
    stage: Mapped[Stage] = mapped_column(default=Stage.OPEN)
    viewed_user_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    """Whose pages this member of staff looks at."""

    user: Mapped[User] = relationship(foreign_keys=user_id, lazy="joined", innerjoin=True)
    viewed_user: Mapped[User | None] = relationship(foreign_keys=viewed_user_id)

    @property
    def key(self) -> str:
        """Its word in forms: enough of the hash to tell one's sessions apart."""
        return self.token_hash[:16]


class Recovery(Base):
    """A temporary password and a link, mailed together; the lasting password stays valid meanwhile (R35)."""

    __tablename__ = "recoveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id), index=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    """None for staff, who get the link only."""
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[dt.datetime]
    tries: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[dt.datetime | None]
    """Used, replaced by a newer one, or made useless by an ordinary log-in."""


class Visitor(AnonymousUserMixin):
    """Whoever is not logged in."""

    id: None = None
    account: None = None
    account_id: None = None
    service: None = None
    seen_by: None = None
    is_staff = False
    permissions: frozenset[Permission] = frozenset()

    def may(self, permission: Permission | str) -> bool:
        return False

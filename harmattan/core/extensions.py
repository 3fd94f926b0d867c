"""The Flask extensions, made here and bound in `create_app`."""

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_login import LoginManager
from flask_mail import Mail
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from htmx_flask import Htmx
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase

from harmattan.core.places import Address
from harmattan.core.terms import PaymentTerm


class Instant(sa.TypeDecorator[dt.datetime]):
    """An aware instant: stored in UTC without a zone, given back aware."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return value.astimezone(dt.UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return value.replace(tzinfo=dt.UTC) if value else None


class Term(sa.TypeDecorator[PaymentTerm]):
    """A payment term, kept as its code."""

    impl = sa.String(60)
    cache_ok = True

    def process_bind_param(self, value: PaymentTerm | None, dialect: Dialect) -> str | None:
        return value.code if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> PaymentTerm | None:
        return PaymentTerm.of_code(value) if value else None


class Place(sa.TypeDecorator[Address]):
    """A postal address, kept as JSON."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: Address | None, dialect: Dialect) -> dict[str, Any] | None:
        return value.as_json() if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> Address | None:
        return Address(**value) if value else None


class Base(DeclarativeBase):
    """Every table: named constraints, aware instants, enums stored by value under a CHECK."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


_BY_VALUE = sa.Enum(
    enum.StrEnum,
    native_enum=False,
    create_constraint=True,
    validate_strings=True,
    length=40,
    values_callable=lambda members: [member.value for member in members],
)

Base.registry.update_type_annotation_map(
    {
        dt.datetime: Instant,
        enum.StrEnum: _BY_VALUE,
        PaymentTerm: Term,
        Address: Place,
        dict[str, Any]: sa.JSON,
        list[Any]: sa.JSON,
    }
)

# A committed row stays readable: an answer is rendered after the commit without asking again.
db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False})
login = LoginManager()
csrf = CSRFProtect()
mail = Mail()
htmx = Htmx()


def init_app(app: Flask) -> None:
    """Bind them all."""
    db.init_app(app)
    login.init_app(app)
    login.session_protection = None  # access.sessions decides how long a session lives
    csrf.init_app(app)
    mail.init_app(app)
    htmx.init_app(app)

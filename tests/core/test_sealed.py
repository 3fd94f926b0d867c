"""Bank details and second factors are sealed at rest, and survive a change of the secret key."""

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Mapped, Session, mapped_column

from harmattan.core import sealed
from harmattan.core.extensions import db

IBAN = "FR7630006000011234567890189"


class _Base(sa.orm.DeclarativeBase):
    """Apart from the house's tables."""


class _Kept(_Base):
    __tablename__ = "kept"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret: Mapped[str | None] = mapped_column(sealed.Sealed)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_opens_again_and_is_not_seen(app: Flask, text: str) -> None:
    kept = sealed.seal(text)
    assert sealed.unseal(kept) == text
    assert len(text) < 8 or text not in kept


def test_the_same_text_is_sealed_differently_each_time(app: Flask) -> None:
    assert sealed.seal(IBAN) != sealed.seal(IBAN)


def test_a_new_secret_key_still_opens_what_a_former_one_sealed(app: Flask) -> None:
    kept = sealed.seal(IBAN)
    app.config.update(SECRET_KEY="new" * 12, SECRET_KEY_FALLBACKS=[app.config["SECRET_KEY"]])
    assert sealed.unseal(kept) == IBAN
    app.config["SECRET_KEY_FALLBACKS"] = []
    with pytest.raises(sealed.Unreadable):
        sealed.unseal(kept)


def test_what_is_sealed_now_needs_no_former_key(app: Flask) -> None:
    app.config.update(SECRET_KEY="new" * 12, SECRET_KEY_FALLBACKS=[app.config["SECRET_KEY"]])
    kept = sealed.seal(IBAN)
    app.config["SECRET_KEY_FALLBACKS"] = []
    assert sealed.unseal(kept) == IBAN


def test_a_changed_text_does_not_open(app: Flask) -> None:
    kept = sealed.seal(IBAN)
    with pytest.raises(sealed.Unreadable):
        sealed.unseal(kept[:-8] + ("A" if kept[-8] != "A" else "B") + kept[-7:])


def test_the_database_holds_a_sealed_column_sealed(any_app: Flask) -> None:
    _Base.metadata.create_all(db.engine)
    with Session(db.engine) as session, session.begin():
        session.add_all([_Kept(id=1, secret=IBAN), _Kept(id=2, secret=None), _Kept(id=3, secret="")])
    with Session(db.engine) as session:
        stored = session.scalars(sa.text("SELECT secret FROM kept ORDER BY id")).all()
        read = session.scalars(sa.select(_Kept.secret).order_by(_Kept.id)).all()
    assert IBAN not in stored[0]
    assert list(stored[1:]) == [None, ""]
    assert list(read) == [IBAN, None, ""]

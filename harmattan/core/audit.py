"""Who did what, when (R106): one row per change of state, rights or details."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Mapped, mapped_column

from harmattan.core import clock
from harmattan.core.extensions import Base, db


class AuditEntry(Base):
    """One act. `account_id` says which shop may read it; None keeps it among staff."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        sa.Index("ix_audit_entries_account_id_at", "account_id", "at"),
        sa.Index("ix_audit_entries_at", "at"),
        sa.Index("ix_audit_entries_subject", "subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    actor: Mapped[str] = mapped_column(sa.String(120))
    """The person's name as it was, or « le portail »."""
    action: Mapped[str] = mapped_column(sa.String(60))
    """area.verb, for instance orders.place."""
    subject: Mapped[str] = mapped_column(sa.String(80))
    """The reference of what was acted on."""
    account_id: Mapped[int | None]
    details: Mapped[dict[str, Any]]

    @property
    def label(self) -> str:
        """What was done, in French."""
        return names().get(self.action, self.action)


def record(
    action: str, subject: str, *, actor: str, account_id: int | None = None, **details: Any
) -> AuditEntry:
    """Add an entry to the transaction of the act itself."""
    entry = AuditEntry(action=action, subject=subject, actor=actor, account_id=account_id, details=details)
    db.session.add(entry)
    return entry


def latest(account_id: int, limit: int) -> Sequence[AuditEntry]:
    """Who did what on the account, the latest first (R106)."""
    of_account = sa.select(AuditEntry).where(AuditEntry.account_id == account_id)
    return db.session.scalars(in_order(of_account).limit(limit)).all()


def in_order(entries: sa.Select[AuditEntry]) -> sa.Select[AuditEntry]:
    """The latest first."""
    return entries.order_by(AuditEntry.at.desc(), AuditEntry.id.desc())


def names() -> Mapping[str, str]:
    """How the journals name each action."""
    table: Mapping[str, str] = current_app.extensions["acts"]
    return table


def name_acts(app: Flask, names: Mapping[str, str]) -> None:
    """Bind the table of those names."""
    app.extensions["acts"] = names

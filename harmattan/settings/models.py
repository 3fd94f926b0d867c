"""Every change of the house's facts, with what was said before it (R105)."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from harmattan.access.models import User
from harmattan.core import clock
from harmattan.core.extensions import Base
from harmattan.settings.rules import VersionState


class SettingsVersion(Base):
    """A change of one section: from a day on, these settings say this instead of that."""

    __tablename__ = "settings_versions"
    __table_args__ = (sa.UniqueConstraint("section", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    section: Mapped[str] = mapped_column(sa.String(30))
    number: Mapped[int]
    """From 1 on, within its section."""
    state: Mapped[VersionState]
    valid_from: Mapped[dt.date]
    facts: Mapped[dict[str, Any]]
    """What has changed alone, as the section keeps it."""
    before: Mapped[dict[str, Any]]
    """The same settings on the day before."""
    undoes: Mapped[int | None]
    """The number of the version that it takes back."""
    made_by: Mapped[str] = mapped_column(sa.String(120))
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))
    made_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    decided_by: Mapped[str | None] = mapped_column(sa.String(120))
    """Who has confirmed or withdrawn it."""
    decided_at: Mapped[dt.datetime | None]

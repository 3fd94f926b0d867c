"""Import runs and what they had to say about single records."""

import datetime as dt
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harmattan.access.models import User
from harmattan.core import clock
from harmattan.core.extensions import Base
from harmattan.imports.rules import RunState


class CatalogueImport(Base):
    """One passage of one ONIX file, dry or real; its counts grow batch by batch."""

    __tablename__ = "catalogue_imports"
    __table_args__ = (sa.Index("ix_catalogue_imports_sender_id", "sender", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[RunState] = mapped_column(default=RunState.WAITING)
    dry_run: Mapped[bool] = mapped_column(default=False)
    forced: Mapped[bool] = mapped_column(default=False)
    """Applied even when an earlier message came later."""
    file_name: Mapped[str] = mapped_column(sa.String(200))
    """As the sender called it."""
    path: Mapped[str] = mapped_column(sa.String(500))
    """Where it lies; « » once it is no longer needed."""
    size: Mapped[int] = mapped_column(sa.BigInteger)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    sender: Mapped[str] = mapped_column(sa.String(120), default="")
    message_number: Mapped[int | None] = mapped_column(sa.BigInteger)
    sent_at: Mapped[dt.datetime | None]
    applied_as: Mapped[str | None] = mapped_column(sa.String(20))
    """Of a dry run: the reference of the real one that followed."""

    total: Mapped[int | None]
    """Records in the file, known once it has been checked."""
    read: Mapped[int] = mapped_column(default=0)
    """Records dealt with and committed: where a run that was cut goes on."""
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    deleted: Mapped[int] = mapped_column(default=0)
    ignored: Mapped[int] = mapped_column(default=0)
    """Test records."""
    coming_prices: Mapped[int] = mapped_column(default=0)
    """Prices for a later day, of titles whose announcements changed."""
    rejected: Mapped[int] = mapped_column(default=0)
    warnings: Mapped[int] = mapped_column(default=0)

    requested_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    requested_by_name: Mapped[str] = mapped_column(sa.String(120))
    """The person's name as it was, or « ligne de commande »."""
    created_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    started_at: Mapped[dt.datetime | None]
    finished_at: Mapped[dt.datetime | None]
    message: Mapped[str] = mapped_column(sa.Text, default="")
    """Why the file was refused."""

    requested_by: Mapped[User | None] = relationship()

    @property
    def file(self) -> Path:
        return Path(self.path)

    @property
    def percent(self) -> int:
        """How far it has come; 0 while the file is being checked."""
        return self.read * 100 // self.total if self.total else 0


class ImportRemark(Base):
    """What was wrong with one record: rejected, or taken with a warning."""

    __tablename__ = "import_remarks"
    __table_args__ = (sa.Index("ix_import_remarks_import_id_position", "import_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(sa.ForeignKey(CatalogueImport.id, ondelete="CASCADE"))
    is_warning: Mapped[bool]
    position: Mapped[int]
    """The record's place in the file, from 1."""
    record_reference: Mapped[str] = mapped_column(sa.String(100), default="")
    isbn: Mapped[str] = mapped_column(sa.String(13), default="")
    reason: Mapped[str] = mapped_column(sa.String(300))

    @property
    def kind(self) -> str:
        return "avertissement" if self.is_warning else "rejet"

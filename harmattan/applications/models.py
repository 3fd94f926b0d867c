"""Applications for an account, what was said and sent about them, and the links that open them."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harmattan.access.models import Account
from harmattan.applications.rules import Action, ApplicationState
from harmattan.conversations.models import SentFile
from harmattan.core import clock, identifiers
from harmattan.core.extensions import Base
from harmattan.core.sealed import Sealed


class Application(Base):
    """A bookshop asks for an account; its details stand here until it has one (R29)."""

    __tablename__ = "applications"
    __table_args__ = (sa.Index("ix_applications_state_answer_by", "state", "answer_by"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[ApplicationState] = mapped_column(default=ApplicationState.SUBMITTED)
    """Written by `applications.service.act` alone."""
    version: Mapped[int] = mapped_column(default=1)
    submitted_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    answer_by: Mapped[dt.date]
    """The last day on which sales answer; a new one once what they asked for has come (R25, R27)."""
    first_answer_by: Mapped[dt.date]
    """What was promised at first."""
    first_answered_at: Mapped[dt.datetime | None]
    trade_name: Mapped[str] = mapped_column(sa.String(120))
    legal_name: Mapped[str] = mapped_column(sa.String(120))
    siret: Mapped[str] = mapped_column(sa.String(14), index=True)
    vat_number: Mapped[str] = mapped_column(sa.String(16))
    gln: Mapped[str] = mapped_column(sa.String(13))
    street: Mapped[str] = mapped_column(sa.String(200))
    postal_code: Mapped[str] = mapped_column(sa.String(12), index=True)
    city: Mapped[str] = mapped_column(sa.String(80))
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    phone: Mapped[str] = mapped_column(sa.String(30))
    first_name: Mapped[str] = mapped_column(sa.String(60))
    last_name: Mapped[str] = mapped_column(sa.String(60))
    iban: Mapped[str] = mapped_column(Sealed, deferred=True)
    refusal_reason: Mapped[str] = mapped_column(sa.Text, default="")
    """Among staff; the applicant reads other words (R28)."""
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Account.id))
    """The account it became."""

    account: Mapped[Account | None] = relationship()
    events: Mapped[list["ApplicationEvent"]] = relationship(
        back_populates="application", order_by="ApplicationEvent.id"
    )

    @property
    def gln_doubt(self) -> str:
        """Why the GLN looks miscopied, or nothing."""
        return identifiers.gln_doubt(self.gln)

    @property
    def contact(self) -> str:
        return f"{self.first_name} {self.last_name}"


class ApplicationLink(Base):
    """One private link of an application; each mail has its own, and all of them open it."""

    __tablename__ = "application_links"

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey(Application.id), index=True)


class ApplicationEvent(Base):
    """What was done or said, dated and signed: both sides read it (R106)."""

    __tablename__ = "application_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey(Application.id), index=True)
    at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    actor: Mapped[str] = mapped_column(sa.String(121))
    action: Mapped[Action]
    state: Mapped[ApplicationState]
    """The state it led to."""
    text: Mapped[str] = mapped_column(sa.Text, default="")

    application: Mapped[Application] = relationship(back_populates="events")
    pieces: Mapped[list["Piece"]] = relationship(back_populates="event", order_by="Piece.id", lazy="selectin")


class Piece(SentFile):
    """A file that came with an application: Kbis, RIB…"""

    __tablename__ = "application_pieces"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey(ApplicationEvent.id), index=True)

    event: Mapped[ApplicationEvent] = relationship(back_populates="pieces")

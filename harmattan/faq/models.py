"""How often answers were shown, helped, or were not enough."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from harmattan.core.extensions import Base
from harmattan.faq.rules import Said


class AnswerCount(Base):
    """A count of a day; who read, who wrote is not kept."""

    __tablename__ = "answer_counts"

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    """The subject of the contact form that proposed the answer; empty for the page of questions."""
    said: Mapped[Said] = mapped_column(primary_key=True)
    count: Mapped[int]

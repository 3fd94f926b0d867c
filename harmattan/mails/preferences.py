"""Which mails a person wants, and when: at once, in one mail each morning, or in the portal alone.

Only the kinds listed here are a matter of choice. Confirmations, invoices, and what carries a secret or asks
for an answer by mail alone go out at once, whatever was chosen.
"""

import enum
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from harmattan.access.models import User
from harmattan.core import database
from harmattan.core.extensions import Base, db
from harmattan.outbox.models import Delivery


class Topic(enum.StrEnum):
    """What a mail of choice is about."""

    MESSAGES = "messages"
    ORDERS = "orders"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Topic.MESSAGES: "Réponses des services à vos messages",
    Topic.ORDERS: "Départ des colis de vos commandes",
}

TOPICS: dict[str, Topic] = {
    "message_answered": Topic.MESSAGES,
    "parcels_left": Topic.ORDERS,
}
"""The kinds of mail (`templates/mail/<kind>.txt`) that one may choose about."""

CHOICES = {
    Delivery.NOW: "Tout de suite, un courriel à la fois",
    Delivery.DIGEST: "En un seul courriel, chaque matin",
    Delivery.PORTAL: "Pas de courriel : je les lis dans l’espace libraires",
}


class MailPreference(Base):
    """What a person chose about a topic; without a row it is at once."""

    __tablename__ = "mail_preferences"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id), primary_key=True)
    topic: Mapped[Topic] = mapped_column(primary_key=True)
    delivery: Mapped[Delivery]


def delivery_of(kind: str, recipient: str) -> Delivery | None:
    """What the reader of a mail chose for its kind; None where nothing is chosen (asked by the outbox)."""
    if kind not in TOPICS:
        return None
    return db.session.scalar(
        sa.select(MailPreference.delivery)
        .join(User, User.id == MailPreference.user_id)
        .where(User.email == recipient, MailPreference.topic == TOPICS[kind])
    )


def of(user: User) -> dict[Topic, Delivery]:
    """What a person chose, topic by topic."""
    rows = db.session.execute(
        sa.select(MailPreference.topic, MailPreference.delivery).where(MailPreference.user_id == user.id)
    )
    return dict.fromkeys(Topic, Delivery.NOW) | {row.topic: row.delivery for row in rows}


def choose(user: User, chosen: Mapping[Topic, Delivery]) -> None:
    """Keep what a person chose; mails already written go as they were to go."""
    for topic, delivery in chosen.items():
        kept = database.insert(MailPreference).values(user_id=user.id, topic=topic, delivery=delivery)
        db.session.execute(
            kept.on_conflict_do_update(index_elements=["user_id", "topic"], set_={"delivery": delivery})
        )

"""Which mails a person wants, and when: at once, in one mail each morning, or in the portal alone.

Notices and reminders are a matter of choice (`TOPICS`). What is proof, protects the account or asks for an
answer goes out at once, whatever was chosen (`BINDING`). Every mail asks `delivery_of`, through the outbox.
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
    TITLES = "titles"
    QUOTES = "quotes"
    DOCUMENTS = "documents"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Topic.MESSAGES: "Réponses des services à vos messages",
    Topic.ORDERS: "Départ des colis de vos commandes",
    Topic.TITLES: "Nouvelles des titres dont vous avez demandé à être prévenu",
    Topic.QUOTES: "Rappels avant la fin d’un devis qui attend votre accord",
    Topic.DOCUMENTS: "Dossiers de documents que vous avez demandés, quand ils sont prêts",
}

TOPICS: dict[str, Topic] = {
    "message_answered": Topic.MESSAGES,
    "parcels_left": Topic.ORDERS,
    "news_of_titles": Topic.TITLES,
    "quote_reminder": Topic.QUOTES,
    "dossier_ready": Topic.DOCUMENTS,
}
"""The kinds of mail (`templates/mail/<kind>.txt`) that one may choose about."""


class Why(enum.StrEnum):
    """Why a mail is not a matter of choice, as its reader is told."""

    PROOF = "Ce qui fait foi : confirmations, réponses à vos demandes, factures, avoirs et relances"
    SECURITY = "Ce qui protège votre compte : mots de passe, accès, coordonnées, connexions"
    QUESTION = "Ce qui attend votre réponse : complément demandé, date ou devis proposé"


BINDING: dict[Why, tuple[str, ...]] = {
    Why.PROOF: (
        *("address_changed", "application_received", "application_refused", "credit_issued"),
        *("message_received", "order_changed", "order_recorded", "quote_refused", "quote_requested"),
        *("lcr_announced", "lcr_asked", "lcr_decided", "lcr_unpaid", "payment_given_up"),
        "payment_reversed",
        *("reminder", "rest_cancelled", "rest_credited", "return_settled"),
    ),
    Why.SECURITY: (
        *("access_already", "access_changed", "access_expired", "access_first_access", "access_granted"),
        *("access_refused", "account_opened", "details_changed", "invitation", "new_browser"),
        *("password_changed", "password_recovery", "second_factor_changed", "second_factor_reset"),
        "staff_welcome",
    ),
    Why.QUESTION: (
        *("access_colleague", "access_pending", "application_details_asked", "order_date", "quote_offered"),
    ),
}
TO_OUR_SERVICES = (
    "bank_details_changed",
    "settings_proposed",
    "import_ended",
    "lcr_to_study",
    "message_new",
    "message_transferred",
    "orders_deferred",
)
"""Mails of the house to itself."""

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

"""The life of a quote: the only writer of its state, and why it refuses."""

from typing import Any

import sqlalchemy as sa

from harmattan.core import audit, clock
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.typography import date_long, moment
from harmattan.outbox import service as outbox
from harmattan.quotes import rules
from harmattan.quotes.models import Quote, QuoteEvent
from harmattan.quotes.rules import TRANSITIONS, Action, Status

PORTAL = "le portail"
"""Who notes down that an offer is over."""


class Overtaken(Refusal):
    """Somebody acted on the quote since it was shown: nothing is decided over their head."""

    title = "Ce devis a changé entre-temps"


class NotInThisState(Refusal):
    """The quote is in a state in which this cannot be done (R49)."""

    title = "Ce devis ne le permet plus"


class Expired(Refusal):
    """The offer's last day is over (R49)."""

    title = "Ce devis est expiré"

    def __init__(self, quote: Quote):
        until = date_long(quote.valid_until) if quote.valid_until else date_long(clock.today())
        super().__init__(
            f"Le devis {quote.reference} est expiré : il était valable jusqu’au {until}. Sa page permet de"
            " refaire la demande, déjà remplie."
        )


def act(
    quote: Quote, action: Action, actor: str, text: str = "", *, seen: int | None = None, **facts: object
) -> None:
    """Lead a quote to its next state: the only writer of `status` (R106).

    `seen` is the version that was shown; `facts` change in the same conditional update. Raises `Overtaken`,
    `Expired` or `NotInThisState`; of two acts at once one is refused.
    """
    standing = quote.status if action is Action.EXPIRE else status_today(quote)
    target = TRANSITIONS[standing].get(action)
    if target is None or seen not in (None, quote.version) or not _moved(quote, target, facts):
        raise refusal(quote, action)
    note(quote, action, actor, text)


def status_today(quote: Quote) -> Status:
    """The state, with an offer whose last day is over taken for what it is."""
    return rules.seen_on(quote.status, quote.valid_until, clock.today())


def _moved(quote: Quote, target: Status, facts: dict[str, object]) -> bool:
    """Change the quote unless somebody else has changed it since it was read."""
    since = quote.status_since if target is quote.status else clock.now()
    moved = (
        sa.update(Quote)
        .where(Quote.id == quote.id, Quote.status == quote.status, Quote.version == quote.version)
        .values(status=target, status_since=since, version=quote.version + 1, **facts)
        .returning(Quote.id)
    )
    return db.session.scalar(moved, execution_options={"synchronize_session": "fetch"}) is not None


def note(quote: Quote, action: Action, actor: str, text: str) -> None:
    """Write down what was done with the quote: who, when, what was said (R106)."""
    event = QuoteEvent(
        quote_id=quote.id, at=clock.now(), actor=actor, action=action, status=quote.status, text=text
    )
    db.session.add(event)
    audit.record(f"quotes.{action}", quote.reference, actor=actor, account_id=quote.account_id)


def refusal(quote: Quote, action: Action) -> Refusal:
    """Why this cannot be done with the quote as it stands, and since when."""
    db.session.refresh(quote, ["status", "status_since", "version", "valid_until"])
    status = status_today(quote)
    if status is Status.EXPIRED:
        return Expired(quote)
    standing = f"Le devis {quote.reference} est « {status.label} » depuis le {moment(quote.status_since)}"
    if action in TRANSITIONS[quote.status]:
        last = db.session.scalars(
            sa.select(QuoteEvent)
            .where(QuoteEvent.quote_id == quote.id)
            .order_by(QuoteEvent.id.desc())
            .limit(1)
        ).one()
        return Overtaken(
            f"{last.actor}, le {moment(last.at)} : {last.action.step.lower()}. Rien n’a été envoyé :"
            " relisez le devis, puis décidez."
        )
    return NotInThisState(f"{standing} : cette action n’y est pas prévue.")


def tell(quote: Quote, kind: str, **context: Any) -> None:
    """Write to the person who asked for the quote."""
    outbox.queue(
        kind,
        quote.requested_by.email,
        service=Service.SALES,
        account_id=quote.account_id,
        reference=quote.reference,
        quote=quote,
        **context,
    )

"""The versions of a quote, each compared with the one before (J7)."""

import datetime as dt
from dataclasses import dataclass

from harmattan.core.typography import date_long, euros, percent, plural
from harmattan.quotes.models import Offer, Quote, QuoteLine
from harmattan.quotes.rules import Outcome

LINES_SHOWN = 10


@dataclass(frozen=True)
class Version:
    """One offer among the others."""

    offer: Offer
    changes: tuple[str, ...]
    """What is not as it was in the version before."""
    outcome: str


def of(quote: Quote, today: dt.date) -> list[Version]:
    """Latest first; an offer whose last day is over is said to be, noted down or not."""
    pairs = zip([None, *quote.offers], quote.offers, strict=False)
    return [Version(offer, changes(before, offer), _outcome(offer, today)) for before, offer in pairs][::-1]


def changes(before: Offer | None, offer: Offer) -> tuple[str, ...]:
    """A sentence for each term, line and date that is another one."""
    if before is None:
        return ()
    sentences = [
        f"« {line.title} » : {_granted(before, line)} → {_granted(offer, line)}"
        for line in offer.quote.lines
        if _granted(before, line) != _granted(offer, line)
    ]
    if len(sentences) > LINES_SHOWN:
        others = plural(len(sentences) - LINES_SHOWN, "autre ligne changée", "autres lignes changées")
        sentences = [*sentences[:LINES_SHOWN], f"et {others}"]
    if before.term != offer.term:
        sentences.append(f"Paiement : {before.term} → {offer.term}")
    if before.gross_cents != offer.gross_cents:
        sentences.append(f"Total TTC : {euros(before.gross_cents)} → {euros(offer.gross_cents)}")
    if before.valid_until != offer.valid_until:
        sentences.append(f"Validité : {date_long(before.valid_until)} → {date_long(offer.valid_until)}")
    return tuple(sentences)


def _granted(offer: Offer, line: QuoteLine) -> str:
    """« 50 à 40 %, 10 à 36 % », with the public price where it is not the request's."""
    parts = [part for part in offer.parts if part.line_id == line.id]
    said = ", ".join(f"{part.quantity} à {percent(part.discount_bp)}" for part in parts)
    price = parts[0].price_cents if parts else line.price_cents
    return said if price == line.price_cents else f"{said} (prix public {euros(price)})"


def _outcome(offer: Offer, today: dt.date) -> str:
    if offer.outcome is Outcome.OPEN and offer.valid_until < today:
        return Outcome.EXPIRED.label
    return offer.outcome.label

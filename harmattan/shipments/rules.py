"""The life of a parcel, its number and weight, and when it may leave (R63, R66, R67; domain.md §8)."""

import datetime as dt
import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import quote

from harmattan.core import states
from harmattan.core.settings import Carrier
from harmattan.core.typography import date_weekday
from harmattan.deliveries import rules as deliveries
from harmattan.deliveries.rules import Delays, DeliveryMode

HEAVIEST_G = 999_000


class ParcelState(states.State):
    SENT = "sent", "En route", "cours"
    RECEIVED = "received", "Reçu", "fait"
    DISPUTED = "disputed", "Écart signalé", "att"
    """Received, with copies missing or damaged."""


class Action(enum.StrEnum):
    RECEIVE = "receive"
    DISPUTE = "dispute"


TRANSITIONS: dict[ParcelState, dict[Action, ParcelState]] = {
    ParcelState.SENT: {Action.RECEIVE: ParcelState.RECEIVED, Action.DISPUTE: ParcelState.DISPUTED},
    ParcelState.RECEIVED: {Action.DISPUTE: ParcelState.DISPUTED},
    ParcelState.DISPUTED: {},
}
"""What becomes of a dispute is told in its thread."""


@dataclass(frozen=True)
class NewParcel:
    """A parcel as it leaves: how many copies of each line of the order (by id)."""

    carrier: str
    tracking_number: str
    weight_g: int | None
    copies: Mapping[int, int]


class Gap(NamedTuple):
    """What is wrong with the copies of one title in a parcel."""

    missing: int
    damaged: int


_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z-]{3,39}")
_WEIGHT = re.compile(r"(\d{1,6}(?:[.,]\d{1,3})?) ?(kg|g)?", re.IGNORECASE)


class Unreadable(ValueError):
    """What was typed cannot be taken; the message says in French what to type."""


def parse_number(text: str, carrier: Carrier) -> str:
    """A tracking number as carriers print it, spaces left out; required where parcels can be followed."""
    number = "".join(text.split()).upper()
    if not number and carrier.tracking:
        raise Unreadable(f"Saisissez le numéro de suivi {carrier.label}")
    if number and not _NUMBER.fullmatch(number):
        raise Unreadable("Vérifiez le numéro de suivi : 4 à 40 chiffres et lettres")
    return number


def parse_weight(text: str) -> int | None:
    """Grams, from « 12,4 » (kilograms), « 12,4 kg » or « 850 g »; None where nothing was said."""
    if not text.strip():
        return None
    match = _WEIGHT.fullmatch(text.strip())
    if match is None:
        raise Unreadable("Saisissez le poids en kilogrammes, par exemple 12,4")
    number = Decimal(match[1].replace(",", "."))
    grams = int(number if (match[2] or "").lower() == "g" else number * 1000)
    if not 0 < grams <= HEAVIEST_G:
        raise Unreadable("Vérifiez le poids : il se saisit en kilogrammes, par exemple 12,4")
    return grams


def tracking_url(carrier: Carrier | None, number: str) -> str:
    """Where the parcel is followed: the carrier's own address from our list, or nothing."""
    if carrier is None or not number:
        return ""
    return carrier.tracking.replace("{number}", quote(number, safe=""))


def too_early(delivery_on: dt.date, not_before: dt.date | None, mode: DeliveryMode, delays: Delays) -> str:
    """Why parcels that arrive that day may not leave yet, or nothing (R63; partials included)."""
    if not_before is None or delivery_on >= not_before:
        return ""
    leaves = deliveries.departure_for(not_before, mode, delays)
    return (
        f"La librairie demande « Pas de livraison avant le » {date_weekday(not_before)}, et cet envoi"
        f" arriverait le {date_weekday(delivery_on)}. Faites-le partir le {date_weekday(leaves)} au plus tôt."
    )

"""Addresses, and the territories that decide carriage and VAT (domain.md §1)."""

import enum
from dataclasses import asdict, dataclass
from typing import Any

from babel import Locale


class Territory(enum.StrEnum):
    """Where goods go: decides VAT and the carriage zone."""

    MAINLAND = "mainland"
    CORSICA = "corsica"
    OVERSEAS = "overseas"
    EUROPEAN_UNION = "european_union"
    WORLD = "world"


@dataclass(frozen=True)
class Address:
    """A postal address, kept whole with what it was used for."""

    recipient: str
    street: str
    postal_code: str
    city: str
    country: str = "FR"
    """ISO 3166, two letters."""

    @property
    def lines(self) -> tuple[str, ...]:
        """As it is printed; the country where it is another one."""
        town = f"{self.postal_code} {self.city}".strip()
        abroad = () if self.country == "FR" else (country_name(self.country),)
        return (self.recipient, self.street, town, *abroad)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def country_name(code: str) -> str:
    """« Belgique »"""
    return str(Locale("fr").territories.get(code, code))


_OVERSEAS_PREFIXES = ("971", "972", "973", "974", "975", "976", "977", "978", "984", "986", "987", "988")
_OVERSEAS_COUNTRIES = ("GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF", "TF")
_EUROPEAN_UNION = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "GR", "HR", "HU"),
    *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
)


def territory(postal_code: str, country: str = "FR") -> Territory:
    """Where an address lies; Monaco counts as the mainland."""
    state = country.strip().upper() or "FR"
    digits = "".join(character for character in postal_code if character.isdigit())
    if state in _OVERSEAS_COUNTRIES:
        return Territory.OVERSEAS
    if state in _EUROPEAN_UNION:
        return Territory.EUROPEAN_UNION
    if state not in ("FR", "MC"):
        return Territory.WORLD
    if digits.startswith("20"):
        return Territory.CORSICA
    return Territory.OVERSEAS if digits.startswith(_OVERSEAS_PREFIXES) else Territory.MAINLAND

"""What is to be changed in a recorded order: old and new, in words and as it is kept (R50–R53). Pure."""

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from harmattan.core import states
from harmattan.core.places import Address
from harmattan.core.typography import date_long, plural
from harmattan.deliveries.rules import DeliveryMode


class RequestState(states.State):
    """Where the shop's request to change an order stands."""

    PENDING = "pending", "En attente du service commercial", "att"
    APPLIED = "applied", "Appliquée", "fait"
    REFUSED = "refused", "Non retenue", "err"
    WITHDRAWN = "withdrawn", "Retirée par la librairie", ""
    TOO_LATE = "too_late", "Arrivée trop tard", "err"


class RequestAction(enum.StrEnum):
    APPLY = "apply"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    MISS = "miss"
    """The order was validated or cancelled meanwhile: « arrivée trop tard » (R53)."""


TRANSITIONS: dict[RequestState, dict[RequestAction, RequestState]] = {
    RequestState.PENDING: {
        RequestAction.APPLY: RequestState.APPLIED,
        RequestAction.REFUSE: RequestState.REFUSED,
        RequestAction.WITHDRAW: RequestState.WITHDRAWN,
        RequestAction.MISS: RequestState.TOO_LATE,
    },
    **{state: {} for state in RequestState if state is not RequestState.PENDING},
}


@dataclass(frozen=True)
class LineWish:
    """Another number of copies of a title; 0 takes it off the order."""

    line_id: int
    title: str
    old: int
    new: int

    @property
    def row(self) -> tuple[str, str, str]:
        return f"« {self.title} »", plural(self.old, "exemplaire"), self._wished

    @property
    def sentence(self) -> str:
        return f"« {self.title} » : {self._wished} au lieu de {self.old}"

    @property
    def _wished(self) -> str:
        return plural(self.new, "exemplaire") if self.new else "aucun exemplaire"


class Fact(enum.StrEnum):
    """What of an order may change besides its titles; the columns of these names."""

    MODE = "mode"
    ADDRESS = "address"
    DELIVER_BY = "deliver_by"
    NOT_BEFORE = "not_before"

    @property
    def label(self) -> str:
        return _FACTS[self]

    def read(self, value: Any) -> Any:
        """As the order holds it, from what is kept."""
        if self is Fact.MODE:
            return DeliveryMode(value)
        if self is Fact.ADDRESS:
            return Address(**value)
        return dt.date.fromisoformat(value) if value else None

    def keep(self, value: Any) -> Any:
        """As it is kept, from what the order holds."""
        if isinstance(value, Address):
            return value.as_json()
        return value.isoformat() if isinstance(value, dt.date) else value

    def words(self, value: Any) -> str:
        """What the order holds, as it is read."""
        if isinstance(value, DeliveryMode):
            return value.label
        if isinstance(value, Address):
            return ", ".join(value.lines)
        return date_long(value) if value else "aucune date"


_FACTS = {
    Fact.MODE: "Mode de livraison",
    Fact.ADDRESS: "Adresse de livraison",
    Fact.DELIVER_BY: "Date de livraison impérative",
    Fact.NOT_BEFORE: "Pas de livraison avant le",
}


@dataclass(frozen=True)
class FactWish:
    """Another mode, address or date."""

    fact: Fact
    old: Any
    new: Any

    @property
    def row(self) -> tuple[str, str, str]:
        return self.fact.label, self.fact.words(self.old), self.fact.words(self.new)

    @property
    def sentence(self) -> str:
        label, old, new = self.row
        return f"{label} : {new}, au lieu de : {old}"


@dataclass(frozen=True)
class Wish:
    """Everything that is asked at once."""

    lines: tuple[LineWish, ...] = ()
    facts: tuple[FactWish, ...] = ()
    cancels: bool = False
    """The whole order is to be cancelled."""
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.lines or self.facts or self.cancels)

    @property
    def changes(self) -> list[LineWish | FactWish]:
        return [*self.lines, *self.facts]

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """(what, as it is, as it is wished) of each change."""
        return [change.row for change in self.changes]

    @property
    def sentences(self) -> list[str]:
        if self.cancels:
            return ["Annuler la commande"]
        return [change.sentence for change in self.changes]

    @property
    def message(self) -> str:
        """As sales read it among their messages."""
        return "\n".join([*self.sentences, *([f"\n{self.words}"] if self.words else [])])

    def as_json(self) -> dict[str, Any]:
        facts = [
            {"fact": each.fact, "old": each.fact.keep(each.old), "new": each.fact.keep(each.new)}
            for each in self.facts
        ]
        lines = [asdict(line) for line in self.lines]
        return {"lines": lines, "facts": facts, "cancels": self.cancels, "words": self.words}


def from_json(kept: dict[str, Any]) -> Wish:
    """What was kept by `Wish.as_json`."""
    return Wish(
        tuple(LineWish(**line) for line in kept["lines"]),
        tuple(_fact(each) for each in kept["facts"]),
        kept["cancels"],
        kept["words"],
    )


def _fact(kept: dict[str, Any]) -> FactWish:
    fact = Fact(kept["fact"])
    return FactWish(fact, fact.read(kept["old"]), fact.read(kept["new"]))


def told(sentences: Sequence[str]) -> str:
    """On one line of the timeline."""
    return " ; ".join(sentences)

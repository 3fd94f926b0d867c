"""Answer times in figures: medians and shares, of working minutes (R103). Pure."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from harmattan.core.services import Service
from harmattan.faq.rules import Place, Said, heading_of

PERIODS = {7: "7 jours", 30: "30 jours", 90: "3 mois", 365: "un an"}
USUAL_PERIOD = 30


@dataclass(frozen=True)
class Answered:
    """How fast a service gave its first answers in a period."""

    service: Service
    count: int
    median_minutes: int
    nine_in_ten_minutes: int
    """Nine of ten first answers took at most so long."""
    kept: int
    """How many came within the promised time."""

    @property
    def kept_percent(self) -> int:
        """Rounded down: « 100 % » says all of them."""
        return 100 * self.kept // self.count if self.count else 0


@dataclass(frozen=True)
class Proposed:
    """An answer of the portal in a period: how often it was read, and what came of it (R104)."""

    question: str
    where: str
    shown: int
    helped: int
    no_help: int
    written: int


def proposed(counts: Iterable[tuple[Place, Said, int]], label: Callable[[str], str]) -> list[Proposed]:
    """One line for each place of an answer; what most people still write about comes first.

    `label` names a subject of the contact form.
    """
    found: dict[Place, dict[Said, int]] = {}
    for place, said, count in counts:
        found.setdefault(place, dict.fromkeys(Said, 0))[said] += count
    lines = [
        Proposed(
            heading_of(place.question),
            f"Formulaire, « {label(place.subject)} »" if place.subject else "Questions fréquentes",
            *(by_said[said] for said in Said),
        )
        for place, by_said in found.items()
    ]
    return sorted(lines, key=lambda line: (-line.written, -line.no_help, -line.shown, line.question))


def answered(service: Service, minutes: Sequence[int], kept: int) -> Answered:
    """The figures of a service; `minutes` of desk hours, one for each first answer."""
    return Answered(service, len(minutes), percentile(minutes, 50), percentile(minutes, 90), kept)


def percentile(values: Sequence[int], percent: int) -> int:
    """The smallest value that so many per cent do not exceed (nearest rank); 0 of none."""
    if not values:
        return 0
    rank = max(math.ceil(len(values) * percent / 100), 1)
    return sorted(values)[rank - 1]


def duration(minutes: int) -> str:
    """« 45 min », « 3 h 05 »: of desk hours."""
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02}" if hours else f"{rest} min"


def bar(value: int, most: int) -> int:
    """How long a bar is, of a hundred; what is something is seen."""
    return max(round(100 * value / most), 1) if value and most else 0

"""The worklist of a service, « À faire »: what waits for it, each kind on one line that leads to its desk.

Each area tells its own line; `wiring.WORKLISTS` says which service reads which, in which order.
"""

from dataclasses import dataclass

from harmattan.core import registry
from harmattan.core.services import Service
from harmattan.core.typography import plural


@dataclass(frozen=True)
class Work:
    """One kind of thing to do."""

    one: str
    """« commande à vérifier »"""
    many: str
    """« commandes à vérifier »"""
    address: str
    count: int
    late: int = 0
    """Of these, the ones whose promised time is over."""
    pressing: str = ""
    """What cannot wait though it is not late: « 1 urgente »."""
    elsewhere: str = ""
    """What waits for somebody else: « 2 en attente du libraire »."""

    @property
    def text(self) -> str:
        """« 2 commandes à vérifier »"""
        return plural(self.count, self.one, self.many)


def some(count: int, one: str, many: str | None = None) -> str:
    """« 2 commandes en attente du libraire », and nothing at all where there is none."""
    return plural(count, one, many) if count else ""


def of_service(service: Service) -> list[Work]:
    """What waits for this service, and what it waits for itself; a line with neither is left out."""
    works: list[Work] = registry.ask_all(f"worklist.{service}")
    return [work for work in works if work.count or work.elsewhere]

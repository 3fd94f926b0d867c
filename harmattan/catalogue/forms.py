"""The search form: a GET form whose fields are the address, so that a search can be kept and sent on."""

import re
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from harmattan.catalogue.codes import SUBJECTS
from harmattan.catalogue.rules import AvailabilityGroup, fold
from harmattan.catalogue.search import Order, Wish
from harmattan.core import clock
from harmattan.core.forms import whole_number

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_CLIL = re.compile(r"[0-9]{4}")
_LONGEST = 200
_YEARS_BACK = (0, 1, 2, 5, 10, 20)


def years(chosen: int | None) -> list[int]:
    """The years offered to search from, newest first, the chosen one among them."""
    this_year = clock.today().year
    offered = {this_year - back for back in _YEARS_BACK} | ({chosen} if chosen else set())
    return sorted(offered, reverse=True)


@dataclass(frozen=True)
class SearchForm:
    """What was asked for; whatever an address says beyond our choices is left out, never a fault."""

    text: str
    groups: tuple[AvailabilityGroup, ...]
    collection: str
    subject: str
    since: int | None
    order: Order
    exact: bool
    page: int

    @classmethod
    def read(cls, args: MultiDict[str, str]) -> "SearchForm":
        subject, since, page = args.get("rayon", ""), args.get("depuis", ""), args.get("page", "")
        return cls(
            text=args.get("q", "").strip()[:_LONGEST],
            groups=tuple(group for group in AvailabilityGroup if group in args.getlist("dispo")),
            collection=args.get("collection", "").strip()[:_LONGEST],
            subject=subject if subject in SUBJECTS or _CLIL.fullmatch(subject) else "",
            since=int(since) if _YEAR.fullmatch(since) else None,
            order=next((order for order in Order if order == args.get("tri")), Order.RELEVANCE),
            exact=args.get("exact") == "1",
            page=whole_number(page) or 1,
        )

    def wish(self) -> Wish:
        return Wish(
            text=self.text,
            availabilities=frozenset().union(*(group.members for group in self.groups)),
            collection=fold(self.collection),
            subject=self.subject,
            since=self.since,
            order=self.order,
            exact=self.exact,
        )

    @property
    def is_filtered(self) -> bool:
        return bool(
            self.groups or self.collection or self.subject or self.since or self.order != Order.RELEVANCE
        )

    def address(self, **changes: Any) -> dict[str, Any]:
        """The arguments of the address of this search, on its first page unless `page` says otherwise."""
        asked = {
            "q": self.text,
            "dispo": list(self.groups),
            "collection": self.collection,
            "rayon": self.subject,
            "depuis": self.since,
            "tri": None if self.order is Order.RELEVANCE else self.order,
            "exact": "1" if self.exact else None,
        }
        return {name: value for name, value in (asked | changes).items() if value}

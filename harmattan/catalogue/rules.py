"""What the trade's availability codes mean for whoever orders (domain.md §2.3), and how text is searched."""

import enum
import unicodedata
from collections.abc import Iterable


class Availability(enum.StrEnum):
    """Whether a title can be had, in the portal's own words."""

    AVAILABLE = "available"
    ON_DEMAND = "on_demand"
    FORTHCOMING = "forthcoming"
    REPRINTING = "reprinting"
    TEMPORARILY_UNAVAILABLE = "temporarily_unavailable"
    MISSING_UNDATED = "missing_undated"
    TO_BE_REISSUED = "to_be_reissued"
    NO_LONGER_DISTRIBUTED = "no_longer_distributed"
    OUT_OF_PRINT = "out_of_print"
    ABANDONED = "abandoned"
    ON_REQUEST = "on_request"

    @property
    def label(self) -> str:
        return _MEANINGS[self][0]

    @property
    def is_orderable(self) -> bool:
        """Whether an order is taken at all, shipped now or noted for later."""
        return _MEANINGS[self][1] is not None

    @property
    def ships_from_stock(self) -> bool:
        """Whether it ships now as far as stock goes; the rest is noted (a backorder)."""
        return _MEANINGS[self][1] is True

    @property
    def tone(self) -> str:
        """The stylesheet's state: fait, att or err."""
        ships = _MEANINGS[self][1]
        return "err" if ships is None else "fait" if ships else "att"


_NOW, _NOTED, _NEVER = True, False, None

_MEANINGS: dict[Availability, tuple[str, bool | None]] = {
    Availability.AVAILABLE: ("Disponible", _NOW),
    Availability.ON_DEMAND: ("Impression à la demande", _NOW),
    Availability.FORTHCOMING: ("À paraître", _NOTED),
    Availability.REPRINTING: ("Réimpression en cours", _NOTED),
    Availability.TEMPORARILY_UNAVAILABLE: ("Provisoirement indisponible", _NOTED),
    Availability.MISSING_UNDATED: ("Manque sans date", _NOTED),
    Availability.TO_BE_REISSUED: ("À reparaître", _NOTED),
    Availability.NO_LONGER_DISTRIBUTED: ("N’est plus distribué par nos soins", _NEVER),
    Availability.OUT_OF_PRINT: ("Épuisé", _NEVER),
    Availability.ABANDONED: ("Parution abandonnée", _NEVER),
    Availability.ON_REQUEST: ("Nous consulter", _NEVER),
}

_UNDECOMPOSED = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
    | {"ɛ": "e", "ɔ": "o", "ŋ": "n", "ɲ": "n", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y"}
)
"""Letters that Unicode does not take apart, those of African orthographies among them."""


def fold(text: str) -> str:
    """Text as it is searched: small letters and digits without accents, words apart by one space.

    The same folding is applied when a title is written and when it is looked for, so that both
    databases find the same.
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_UNDECOMPOSED)
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


def search_texts(
    *,
    title: str,
    subtitle: str = "",
    authors: str = "",
    contributors: Iterable[dict[str, str]] = (),
    imprint: str = "",
    collection: str = "",
) -> dict[str, str]:
    """The folded columns of a title, by name: what every writer of `titles` puts beside the others.

    Contributors that are not among the displayed authors are found too.
    """
    others = " ".join(person.get("name", "") for person in contributors)
    return {
        "folded_title": _indexed(f"{title} {subtitle}"),
        "folded_authors": _indexed(authors),
        "folded_collection": _indexed(collection),
        "folded_other": _indexed(f"{imprint} {others}", at_most=2_000),
    }


def _indexed(text: str, at_most: int = 500) -> str:
    """Folded, and short enough for every index: PostgreSQL refuses longer keys and longer words."""
    return " ".join(word[:60] for word in fold(text).split())[:at_most].rstrip()

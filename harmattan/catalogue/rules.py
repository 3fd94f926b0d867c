"""What the trade's availability codes mean for whoever orders (domain.md §2.3), and how text is searched."""

import enum
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


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

FEW_COPIES = 10
"""So few copies that a bookseller is told how many there are."""


class AvailabilityGroup(enum.StrEnum):
    """Availabilities as booksellers filter by them; the values stand in addresses."""

    NOW = "disponible"
    FORTHCOMING = "a-paraitre"
    EXPECTED = "attendu"
    ENDED = "arrete"

    @property
    def label(self) -> str:
        return _GROUPS[self][0]

    @property
    def members(self) -> frozenset[Availability]:
        return _GROUPS[self][1]


_FORTHCOMING = frozenset({Availability.FORTHCOMING})
_SHIPPED = frozenset(a for a in Availability if a.ships_from_stock)
_ENDED = frozenset(a for a in Availability if not a.is_orderable)
_GROUPS = {
    AvailabilityGroup.NOW: ("Disponible", _SHIPPED),
    AvailabilityGroup.FORTHCOMING: ("À paraître", _FORTHCOMING),
    AvailabilityGroup.EXPECTED: (
        "Réimpression ou retour attendu",
        frozenset(Availability) - _SHIPPED - _FORTHCOMING - _ENDED,
    ),
    AvailabilityGroup.ENDED: ("Épuisé ou hors commande", _ENDED),
}


@dataclass(frozen=True)
class Subject:
    """A heading of the CLIL classification, and the codes under it."""

    label: str
    ranges: tuple[tuple[str, str], ...]


SUBJECTS: dict[str, Subject] = {
    "sciences-sociales": Subject("Sciences sociales, sociologie", (("3081", "3099"), ("4093", "4096"))),
    "action-sociale": Subject("Action sociale", (("3100", "3110"),)),
    "anthropologie": Subject("Anthropologie, ethnologie", (("3111", "3125"), ("4097", "4097"))),
    "philosophie": Subject("Philosophie", (("3126", "3133"), ("3916", "3916"), ("4125", "4128"))),
    "psychologie": Subject("Psychologie, psychanalyse", (("3134", "3145"), ("3918", "3918"))),
    "lettres": Subject("Lettres, langues, éducation", (("3146", "3164"), ("4024", "4033"), ("4053", "4053"))),
    "droit": Subject("Droit", (("3259", "3282"), ("4073", "4073"), ("4098", "4113"), ("4272", "4278"))),
    "politique": Subject("Sciences politiques", (("3283", "3304"),)),
    "economie": Subject("Sciences économiques", (("3305", "3344"), ("4114", "4114"))),
    "religion": Subject("Religion", (("3345", "3364"), ("4255", "4270"))),
    "histoire": Subject("Histoire", (("3377", "3394"), ("4036", "4040"))),
    "geographie": Subject("Géographie", (("3395", "3417"),)),
    "litterature": Subject("Littérature générale", (("3435", "3665"),)),
    "scolaire": Subject("Scolaire et parascolaire", (("3000", "3050"),)),
}
"""The headings of a publisher of the humanities, by their word in addresses. Other codes stay codes."""


def subject_of(clil: str) -> str:
    """The heading of a CLIL code, by its key; empty where we know none."""
    return next((key for key, s in SUBJECTS.items() if any(a <= clil <= b for a, b in s.ranges)), "")


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


_LONGEST_WORD = 60
_MOST_WORDS = 10
_ELIDED = frozenset("cdjlmnst") | {"qu"}
"""What an apostrophe leaves behind: « l’école » is looked for as « ecole »."""


def query_words(text: str) -> list[str]:
    """The words to look for in what somebody typed, folded; at most ten, elided articles left out."""
    words = [word[:_LONGEST_WORD] for word in fold(text).split()]
    return ([word for word in words if word not in _ELIDED] or words)[:_MOST_WORDS]


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
    return " ".join(word[:_LONGEST_WORD] for word in fold(text).split())[:at_most].rstrip()

"""What the trade's codes mean for whoever orders (domain.md §2), and how text is searched."""

import enum
import unicodedata
from collections.abc import Iterable
from typing import Any

from harmattan.core import money


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

    @property
    def meaning(self) -> str:
        """What becomes of an order, in a sentence."""
        return _MEANINGS[self][2]


_NOW, _NOTED, _NEVER = True, False, None

_MEANINGS: dict[Availability, tuple[str, bool | None, str]] = {
    Availability.AVAILABLE: (
        "Disponible",
        _NOW,
        "Expédié dès que la commande est validée, dans la limite du stock ; le reste est noté et suit.",
    ),
    Availability.ON_DEMAND: (
        "Impression à la demande",
        _NOW,
        "Imprimé à la commande : comptez le temps de l’impression avant l’expédition.",
    ),
    Availability.FORTHCOMING: ("À paraître", _NOTED, "Votre commande est notée et part à la parution."),
    Availability.REPRINTING: (
        "Réimpression en cours",
        _NOTED,
        "Votre commande est notée et part dès le retour de l’imprimeur.",
    ),
    Availability.TEMPORARILY_UNAVAILABLE: (
        "Provisoirement indisponible",
        _NOTED,
        "Votre commande est notée et part au retour en stock.",
    ),
    Availability.MISSING_UNDATED: (
        "Manque sans date",
        _NOTED,
        "Votre commande est notée ; nous ne savons pas encore quand le titre revient en stock.",
    ),
    Availability.TO_BE_REISSUED: (
        "À reparaître",
        _NOTED,
        "Votre commande est notée et part à la nouvelle parution.",
    ),
    Availability.NO_LONGER_DISTRIBUTED: (
        "N’est plus distribué par nos soins",
        _NEVER,
        "Le titre ne se commande plus chez nous : un autre distributeur l’a peut-être repris.",
    ),
    Availability.OUT_OF_PRINT: (
        "Épuisé",
        _NEVER,
        "Le titre ne se commande plus. Voyez s’il existe une nouvelle édition ou un autre format.",
    ),
    Availability.ABANDONED: (
        "Parution abandonnée",
        _NEVER,
        "Le titre ne paraîtra pas et ne se commande pas.",
    ),
    Availability.ON_REQUEST: (
        "Nous consulter",
        _NEVER,
        "Le titre se commande sur demande : écrivez au service commercial.",
    ),
}

FEW_COPIES = 10
"""So few copies that a bookseller is told how many there are."""


def stock_hint(availability: Availability, stock: int) -> tuple[str, str]:
    """(text, tone) of a title in lists: what can be had now, in two or three words."""
    if availability is not Availability.AVAILABLE:
        return availability.label, availability.tone
    if stock > FEW_COPIES:
        return availability.label, "fait"
    if stock > 0:
        return f"{availability.label}, {stock} en stock", "fait"
    return "Disponible, stock à reconstituer", "att"


def full_title(title: str, subtitle: str) -> str:
    """A title as it is quoted in full."""
    return f"{title}. {subtitle}" if subtitle else title


def net_cents(price_cents: int, vat_bp: int, discount_bp: int) -> int:
    """The bookseller's unit price HT as it is shown; totals are made from its six decimals."""
    return money.line_total(1, money.net_unit_price(price_cents, vat_bp, discount_bp))


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


class _Letters(dict[int, Any]):
    """What becomes of each character of a decomposed text, worked out when it is first met."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        kept = None if unicodedata.combining(character) else character if character.isalnum() else " "
        if code < _LAST_KEPT:
            self[code] = kept
        return kept


_LAST_KEPT = 0x2100
"""Beyond the letters of Europe and Africa nothing is remembered, so that the table stays small."""
_LETTERS = _Letters(
    str.maketrans(
        {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
        | {"ɛ": "e", "ɔ": "o", "ŋ": "n", "ɲ": "n", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y"}
    )
)
"""Letters that Unicode does not take apart, those of African orthographies among them."""


def fold(text: str) -> str:
    """Text as it is searched: small letters and digits without accents, words apart by one space.

    The same folding is applied when a title is written and when it is looked for, so that both
    databases find the same.
    """
    if text.isascii():
        decomposed = text.lower()
    else:
        decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join(decomposed.translate(_LETTERS).split())


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
    names = (person.get("name", "") for person in contributors)
    others = " ".join(name for name in names if name not in authors)
    return {
        "folded_title": _indexed(f"{title} {subtitle}"),
        "folded_authors": _indexed(authors),
        "folded_collection": _indexed(collection),
        "folded_other": _indexed(f"{imprint} {others}", at_most=2_000),
    }


def _indexed(text: str, at_most: int = 500) -> str:
    """Folded, and short enough for every index: PostgreSQL refuses longer keys and longer words."""
    folded = fold(text)
    if len(folded) > _LONGEST_WORD:
        folded = " ".join(word[:_LONGEST_WORD] for word in folded.split())[:at_most].rstrip()
    return folded

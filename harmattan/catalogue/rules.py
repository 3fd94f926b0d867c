"""What the trade's availability codes mean for whoever orders (domain.md §2.3)."""

import enum


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

"""Delivery modes and territories (R83–R85; domain.md §1, §5.4, §8)."""

import enum


class DeliveryMode(enum.StrEnum):
    STANDARD = "standard"
    EXPRESS = "express"
    PRISME = "prisme"
    COUNTER = "counter"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def is_collected(self) -> bool:
        """Collected by the bookseller at our counter."""
        return self is DeliveryMode.COUNTER


_LABELS = {
    DeliveryMode.STANDARD: "Transporteur, livraison à la librairie",
    DeliveryMode.EXPRESS: "Express, livraison à la librairie",
    DeliveryMode.PRISME: "Flux Prisme",
    DeliveryMode.COUNTER: "Retrait au comptoir",
}


class Territory(enum.StrEnum):
    """Where goods go: decides VAT and the carriage zone."""

    MAINLAND = "mainland"
    CORSICA = "corsica"
    OVERSEAS = "overseas"
    EUROPEAN_UNION = "european_union"
    WORLD = "world"

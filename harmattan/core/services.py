"""The services that answer booksellers, and what each is called."""

import enum


class Service(enum.StrEnum):
    """A service of the house; every staff member belongs to one."""

    SALES = "sales"
    AFTER_SALES = "after_sales"
    ACCOUNTING = "accounting"
    SETTINGS = "settings"

    @property
    def label(self) -> str:
        """« Service commercial »"""
        return _LABELS[self][0]

    @property
    def short_label(self) -> str:
        """« Commercial »"""
        return _LABELS[self][1]

    @property
    def slug(self) -> str:
        """Its word in addresses."""
        return _LABELS[self][2]

    @property
    def to_the(self) -> str:
        """« au service commercial »"""
        return _LABELS[self][3]


_LABELS = {
    Service.SALES: ("Service commercial", "Commercial", "commercial", "au service commercial"),
    Service.AFTER_SALES: ("Service après-vente", "Après-vente", "sav", "au service après-vente"),
    Service.ACCOUNTING: ("Comptabilité", "Comptabilité", "comptabilite", "à la comptabilité"),
    Service.SETTINGS: ("Administration du portail", "Administration", "administration", "à l’administration"),
}

ANSWERING = (Service.SALES, Service.AFTER_SALES, Service.ACCOUNTING)
"""The services that booksellers can write to."""


def of_slug(slug: str) -> Service | None:
    """The service whose word stands in an address."""
    return next((service for service in Service if service.slug == slug), None)

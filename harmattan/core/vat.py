"""VAT by where the goods go: rate, category and legal mention (domain.md §5.4)."""

import enum

from harmattan.core.places import Territory

FULL_RATE_BP = 550
CORSICAN_RATE_BP = 210


class Category(enum.StrEnum):
    """The categories of EN 16931 that occur here."""

    TAXED = "S"
    EXPORT = "G"
    INTRA_COMMUNITY = "K"


class Regime(enum.StrEnum):
    """How a delivery is taxed, and what the invoice says where it is not."""

    TAXED = "taxed"
    OVERSEAS_EXPORT = "overseas_export"
    EXPORT = "export"
    INTRA_COMMUNITY = "intra_community"

    @property
    def is_taxed(self) -> bool:
        return self is Regime.TAXED

    @property
    def category(self) -> Category:
        return _REGIMES[self][0]

    @property
    def mention(self) -> str:
        """The legal mention of what is not taxed."""
        return _REGIMES[self][1]

    @property
    def code(self) -> str:
        """The reason as a VATEX code."""
        return _REGIMES[self][2]


_REGIMES = {
    Regime.TAXED: (Category.TAXED, "", ""),
    Regime.OVERSEAS_EXPORT: (
        Category.EXPORT,
        "Exonération de TVA en application de l’article 294 du CGI",
        "VATEX-EU-G",
    ),
    Regime.EXPORT: (Category.EXPORT, "Exonération de TVA, article 262 I du CGI", "VATEX-EU-G"),
    Regime.INTRA_COMMUNITY: (
        Category.INTRA_COMMUNITY,
        "Exonération de TVA, article 262 ter I du CGI",
        "VATEX-EU-IC",
    ),
}

_DEPARTMENTS = ("971", "972", "973", "974", "976")
_DEPARTMENT_COUNTRIES = ("GP", "MQ", "GF", "RE", "YT")
_NO_LONGER_GUADELOUPE = ("97133", "97150")
"""Saint-Barthélemy and Saint-Martin keep its postal codes."""


def regime(
    destination: Territory, vat_number: str = "", postal_code: str = "", country: str = "FR"
) -> Regime:
    """How goods delivered there are taxed; within the Union by the buyer's number in another member state."""
    if destination is Territory.OVERSEAS:
        is_department = _is_department(postal_code, country)
        return Regime.OVERSEAS_EXPORT if is_department else Regime.EXPORT
    if destination is Territory.WORLD:
        return Regime.EXPORT
    if destination is Territory.EUROPEAN_UNION and vat_number and not vat_number.startswith("FR"):
        return Regime.INTRA_COMMUNITY
    return Regime.TAXED


def rate(product_bp: int, destination: Territory, vat_number: str = "") -> int:
    """The rate (bp) of a product delivered there; `product_bp` is its mainland rate."""
    if not regime(destination, vat_number).is_taxed:
        return 0
    if destination is Territory.CORSICA and product_bp == FULL_RATE_BP:
        return CORSICAN_RATE_BP
    return product_bp


def _is_department(postal_code: str, country: str) -> bool:
    if country in _DEPARTMENT_COUNTRIES:
        return True
    return postal_code.startswith(_DEPARTMENTS) and postal_code not in _NO_LONGER_GUADELOUPE

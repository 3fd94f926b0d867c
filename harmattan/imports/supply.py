"""Block 6 of an ONIX record: whether a title can be had, when, and at which public price."""

import datetime as dt
from typing import Any

from harmattan.catalogue.rules import Availability
from harmattan.imports import rules, values
from harmattan.imports.description import dated
from harmattan.imports.onix import Header, Node

Columns = dict[str, Any]

FRANCE, EVERYWHERE = "FR", frozenset(("WORLD", "ECZ"))
"""ECZ is the euro zone (list 49)."""
FIXED_PRICE, RECOMMENDED_PRICE = "04", "02"
"""Price types TTC (list 58), in the order of our choice."""
FROM, UNTIL = "14", "15"
_USUAL_RATES = {"R": 550, "S": 2000, "Z": 0}
_BOOK_RATE = 550


def supplied(supplies: list[Node], header: Header, today: dt.date, warnings: list[str]) -> Columns:
    """Block 6: availability, expected date, price TTC in force (else the next one), VAT rate."""
    details = [detail for supply in _for_france(supplies) for detail in supply.all("SupplyDetail")]
    chosen, price = _choose(details, header, today)
    if price is None and not _says_unpriced(details):
        raise ValueError("aucun prix TTC en euros valable en France, ni UnpricedItemType")
    expected_on = dated(chosen.all("SupplyDate"), "SupplyDateRole", "08", warnings)
    availability = _availability(chosen, expected_on, warnings)
    return {
        "availability": availability,
        "expected_on": None if availability.ships_from_stock else expected_on,
        "price_cents": values.price_cents(price.value("PriceAmount")) if price else None,
        "vat_bp": _rate(price, warnings) if price else _BOOK_RATE,
    }


def _for_france(supplies: list[Node]) -> list[Node]:
    """The markets that hold France, else all: a record may not name its market."""
    there = [each for each in supplies if any(_holds_france(market) for market in each.all("Market"))]
    return there or [each for each in supplies if not each.all("Market")] or supplies


def _choose(details: list[Node], header: Header, today: dt.date) -> tuple[Node, Node | None]:
    """The first supplier who gives a price, else the first one."""
    for detail in details:
        if price := _price(detail, header, today):
            return detail, price
    return (details[0] if details else Node()), None


def _price(detail: Node, header: Header, today: dt.date) -> Node | None:
    fitting = [each for each in detail.all("Price") if _fits(each, header)]
    for kind in (FIXED_PRICE, RECOMMENDED_PRICE):
        of_kind = [each for each in fitting if (each.value("PriceType") or header.price_type) == kind]
        if found := _in_force(of_kind, today):
            return found
    return None


def _fits(price: Node, header: Header) -> bool:
    currency = price.value("CurrencyCode") or header.currency
    return currency == "EUR" and bool(price.value("PriceAmount")) and _holds_france(price)


def _holds_france(node: Node) -> bool:
    territory = node.first("Territory")
    if territory is None:
        return True
    if FRANCE in territory.value("CountriesExcluded").split():
        return False
    if FRANCE in territory.value("CountriesIncluded").split():
        return True
    return not EVERYWHERE.isdisjoint(territory.value("RegionsIncluded").split())


def _in_force(prices: list[Node], today: dt.date) -> Node | None:
    """The price of today, the latest where several apply; else the next one to come."""
    dated_prices = [(*_validity(each), each) for each in prices]
    now = [each for each in dated_prices if each[0] <= today <= each[1]]
    if now:
        return max(now, key=lambda each: each[0])[2]
    ahead = [each for each in dated_prices if each[0] > today]
    return min(ahead, key=lambda each: each[0])[2] if ahead else None


def _validity(price: Node) -> tuple[dt.date, dt.date]:
    dates = price.all("PriceDate")
    since = dated(dates, "PriceDateRole", FROM, [])
    until = dated(dates, "PriceDateRole", UNTIL, [])
    return since or dt.date.min, until or dt.date.max


def _says_unpriced(details: list[Node]) -> bool:
    """No price is right only where the record says that there is none."""
    return any(
        each.value("UnpricedItemType") for detail in details for each in (detail, *detail.all("Price"))
    )


def _availability(detail: Node, expected_on: dt.date | None, warnings: list[str]) -> Availability:
    code = detail.value("ProductAvailability")
    found = rules.availability_of(code, expected_on)
    if found is None:
        warnings.append(f"disponibilité inconnue : « {code[:10]} »" if code else "disponibilité absente")
    return found or Availability.ON_REQUEST


def _rate(price: Node, warnings: list[str]) -> int:
    """The VAT rate; of a book sold with something else, the rate of the larger part."""
    taxes = [each for each in price.all("Tax") if each.value("TaxType") in ("01", "")]
    if len(taxes) > 1:
        warnings.append("TVA mixte : le taux de la plus grande part est retenu")
        taxes.sort(key=lambda each: values.amount(each.value("TaxableAmount")), reverse=True)
    if not taxes:
        return _BOOK_RATE
    rate = values.rate_bp(taxes[0].value("TaxRatePercent"))
    return rate if rate is not None else _USUAL_RATES.get(taxes[0].value("TaxRateCode"), _BOOK_RATE)

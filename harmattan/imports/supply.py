"""Block 6 of an ONIX record: whether a title can be had, when, and at which public price."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from harmattan.catalogue import prices
from harmattan.catalogue.prices import Dated
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


class ComingPrice(NamedTuple):
    """A price TTC announced for a later day."""

    valid_from: dt.date
    price_cents: int
    vat_bp: int


@dataclass(frozen=True)
class Supplied:
    """What block 6 says of a title."""

    columns: Columns
    coming: tuple[ComingPrice, ...]


def supplied(supplies: list[Node], header: Header, today: dt.date, warnings: list[str]) -> Supplied:
    """Block 6: availability, expected date, price TTC in force (else the next), VAT rate; later prices."""
    details = [detail for supply in _for_france(supplies) for detail in supply.all("SupplyDetail")]
    chosen, dated_prices = _choose(details, header, today)
    in_force = prices.of_day(dated_prices, today)
    if in_force is None and not _says_unpriced(details):
        raise ValueError("aucun prix TTC en euros valable en France, ni UnpricedItemType")
    expected_on = dated(chosen.all("SupplyDate"), "SupplyDateRole", "08", warnings)
    availability = _availability(chosen, expected_on, warnings)
    price = in_force.said if in_force else None
    price_cents = values.price_cents(price.value("PriceAmount")) if price else None
    vat_bp = _rate(price, warnings) if price else _BOOK_RATE
    columns = {
        "availability": availability,
        "expected_on": None if availability.ships_from_stock else expected_on,
        "price_cents": price_cents,
        "vat_bp": vat_bp,
    }
    return Supplied(columns, _coming(dated_prices, today, (price_cents, vat_bp), warnings))


def _for_france(supplies: list[Node]) -> list[Node]:
    """The markets that hold France, else all: a record may not name its market."""
    there = [each for each in supplies if any(_holds_france(market) for market in each.all("Market"))]
    return there or [each for each in supplies if not each.all("Market")] or supplies


def _choose(details: list[Node], header: Header, today: dt.date) -> tuple[Node, list[Dated[Node]]]:
    """The first supplier who gives prices that are not over, and those prices; else the first one."""
    for detail in details:
        if found := _prices(detail, header, today):
            return detail, found
    return (details[0] if details else Node()), []


def _prices(detail: Node, header: Header, today: dt.date) -> list[Dated[Node]]:
    """All prices of the first type that has one for today or later."""
    fitting = [each for each in detail.all("Price") if _fits(each, header)]
    for kind in (FIXED_PRICE, RECOMMENDED_PRICE):
        of_kind = [each for each in fitting if (each.value("PriceType") or header.price_type) == kind]
        found = [Dated(each, *_validity(each)) for each in of_kind]
        if prices.of_day(found, today):
            return found
    return []


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


def _coming(
    dated_prices: list[Dated[Node]], today: dt.date, now: tuple[int | None, int], warnings: list[str]
) -> tuple[ComingPrice, ...]:
    """What the price becomes; a later price that cannot be read costs no title its record."""
    found, last = [], now
    for day, dated_price in prices.changes_after(dated_prices, today):
        try:
            amounts = values.price_cents(dated_price.said.value("PriceAmount")), _rate(dated_price.said, [])
        except ValueError as fault:
            warnings.append(f"prix à venir laissé de côté ({day:%d/%m/%Y}) : {fault}")
            continue
        if amounts != last:
            found.append(ComingPrice(day, *amounts))
            last = amounts
    return tuple(found)


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

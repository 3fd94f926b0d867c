"""A tariff as one types it or pastes it from a spreadsheet: a line for each weight band (R84)."""

import re
from collections.abc import Mapping
from typing import Any

from harmattan.core import money
from harmattan.core.identifiers import Misread
from harmattan.core.typography import euros, kilograms
from harmattan.deliveries.rules import CARRIED, DeliveryMode, Grid
from harmattan.settings.kinds import Kind

MOST_BANDS = 20
HEAVIEST_KG = 1_000

_NUMBER = re.compile(r"([0-9]{1,5})(?:[.,]([0-9]{1,3}))?")
_UNITS = re.compile(r"\s|kg|€", re.IGNORECASE)


def read(typed: str) -> Grid:
    """« 1 ; 5,90 ; 11,80 ; 0 » : up to 1 kg, and the fee HT of each mode; an empty cell offers none.

    Raises `Misread` with the line at fault.
    """
    lines = [line for line in typed.splitlines() if line.strip()]
    if not 1 <= len(lines) <= MOST_BANDS:
        raise Misread(f"Écrivez une ligne par palier de poids, {MOST_BANDS} au plus")
    grid: dict[DeliveryMode, dict[int, int]] = {mode: {} for mode in CARRIED}
    lighter = 0
    for number, line in enumerate(lines, 1):
        up_to_g, fees = _band(number, line)
        if up_to_g <= lighter:
            raise Misread(f"Ligne {number} : le poids doit dépasser celui de la ligne d’avant")
        lighter = up_to_g
        for mode, cents in fees.items():
            grid[mode][up_to_g] = cents
    if not any(grid.values()):
        raise Misread("Donnez au moins un prix : sans tarif, le port se calcule à la main")
    return grid


def _band(number: int, line: str) -> tuple[int, dict[DeliveryMode, int]]:
    weight, *cells = [_UNITS.sub("", cell) for cell in re.split(r"[;\t]", line)]
    if len(cells) != len(CARRIED):
        wanted = len(CARRIED) + 1
        raise Misread(f"Ligne {number} : {wanted} colonnes, séparées par « ; », et non {len(cells) + 1}")
    up_to_g = _weight(number, weight)
    priced = zip(CARRIED, cells, strict=True)
    return up_to_g, {mode: _cents(number, cell) for mode, cell in priced if cell}


def _weight(number: int, cell: str) -> int:
    written = _NUMBER.fullmatch(cell)
    grams = int(written[1]) * 1000 + int((written[2] or "").ljust(3, "0")) if written else 0
    if not 0 < grams <= HEAVIEST_KG * 1000:
        raise Misread(f"Ligne {number} : commencez par le poids en kilos, par exemple 1 ou 0,5")
    return grams


def _cents(number: int, cell: str) -> int:
    written = _NUMBER.fullmatch(cell)
    if written is None or len(written[2] or "") > 2:
        raise Misread(f"Ligne {number} : « {cell[:20]} » n’est pas un prix HT en euros, par exemple 5,90")
    return money.hundredths(written[1], written[2])


def write(grid: Grid) -> str:
    """As `read` takes it, in kilos and euros."""
    return "\n".join(
        " ; ".join([_kilos(up_to_g), *(_euros(grid.get(mode, {}).get(up_to_g)) for mode in CARRIED)]).rstrip()
        for up_to_g in _weights(grid)
    )


def tell(grid: Grid) -> str:
    """« Jusqu’à 1 kg : transporteur 5,90 €, express 11,80 € », a line for each band."""
    return "\n".join(f"Jusqu’à {kilograms(up_to_g)} : {_fees(grid, up_to_g)}" for up_to_g in _weights(grid))


def _weights(grid: Grid) -> list[int]:
    return sorted({up_to_g for bands in grid.values() for up_to_g in bands})


def _fees(grid: Grid, up_to_g: int) -> str:
    return ", ".join(
        f"{mode.short} {euros(bands[up_to_g])}"
        for mode in CARRIED
        if up_to_g in (bands := grid.get(mode, {}))
    )


def _kilos(grams: int) -> str:
    return f"{grams / 1000:.3f}".rstrip("0").rstrip(".").replace(".", ",")


def _euros(cents: int | None) -> str:
    return "" if cents is None else f"{money.euros(cents):.2f}".replace(".", ",")


def _keep(grid: Grid) -> dict[str, Any]:
    return {
        mode.value: {str(up_to_g): cents for up_to_g, cents in bands.items()} for mode, bands in grid.items()
    }


def _take(kept: Mapping[str, Mapping[str, int]]) -> Grid:
    return {
        mode: {int(up_to_g): cents for up_to_g, cents in kept[mode].items()}
        for mode in CARRIED
        if mode in kept
    }


GRID = Kind(read, write, keep=_keep, take=_take, tell=tell, rows=8)

"""A tariff typed or pasted from a spreadsheet (R84)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.core.identifiers import Misread
from harmattan.deliveries.rules import CARRIED
from harmattan.settings import grids

STANDARD, EXPRESS, PRISME = CARRIED


def test_a_line_is_a_band_and_a_column_a_mode() -> None:
    assert grids.read("1 ; 5,90 ; 11,80 ; 0\n5 ; 8,50 ; 17 ; 0") == {
        STANDARD: {1_000: 590, 5_000: 850},
        EXPRESS: {1_000: 1_180, 5_000: 1_700},
        PRISME: {1_000: 0, 5_000: 0},
    }


def test_a_spreadsheet_is_pasted_as_it_is() -> None:
    assert grids.read("0,5 kg\t5,90 €\t11,80 €\t\r\n") == {
        STANDARD: {500: 590},
        EXPRESS: {500: 1_180},
        PRISME: {},
    }


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "une ligne par palier"),
        ("1 ; 5,90", "Ligne 1 : 4 colonnes"),
        ("1 ; 5 ; 6 ; 7\nlourd ; 5 ; 6 ; 7", "Ligne 2 : commencez par le poids"),
        ("5 ; 5 ; 6 ; 7\n1 ; 5 ; 6 ; 7", "Ligne 2 : le poids doit dépasser"),
        ("1 ; cher ; 6 ; 7", "« cher » n’est pas un prix"),
        ("1 ; 5,905 ; 6 ; 7", "5,905"),
        ("1 ; -5 ; 6 ; 7", "-5"),
        ("0 ; 5 ; 6 ; 7", "commencez par le poids"),
        ("9999 ; 5 ; 6 ; 7", "commencez par le poids"),
        ("1 ; ; ; ", "au moins un prix"),
        ("\n".join(f"{kg} ; 1 ; 1 ; 1" for kg in range(1, 30)), "20 au plus"),
    ],
)
def test_what_is_refused_says_its_line(typed: str, word: str) -> None:
    with pytest.raises(Misread, match=word):
        grids.read(typed)


BANDS = st.dictionaries(
    st.integers(1, grids.HEAVIEST_KG * 1_000),
    st.lists(st.integers(0, 99_999), min_size=3, max_size=3),
    min_size=1,
    max_size=grids.MOST_BANDS,
)


@given(BANDS)
def test_a_tariff_comes_back_as_it_was_typed(bands: dict[int, list[int]]) -> None:
    grid = {
        mode: {up_to_g: fees[column] for up_to_g, fees in sorted(bands.items())}
        for column, mode in enumerate(CARRIED)
    }
    assert grids.read(grids.write(grid)) == grid
    assert grids.GRID.take(grids.GRID.keep(grid)) == grid

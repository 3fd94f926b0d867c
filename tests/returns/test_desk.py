"""After-sales' desk: a return is found by the number on its slip, then received and counted."""

from types import SimpleNamespace

import pytest

from harmattan.core.extensions import db
from harmattan.returns import service
from harmattan.returns.rules import Route
from tests.browser import Browser
from tests.returns.conftest import draft

DESK = "/equipe/retours"
REFERENCE = "RET-2026-000001"


@pytest.fixture
def hugo(browser: Browser, shop: SimpleNamespace) -> Browser:
    slip = draft(shop, ("t1", 2), ("t5", 1))
    service.issue(slip, shop.people.karim, route=Route.PRISME, parcel_count=1, is_declared=True)
    db.session.commit()
    return browser.log_in("hugo@equipe.example")


@pytest.mark.parametrize("typed", [REFERENCE, "ret-2026-000001", " RET 2026 1 ", "2026-1", "1"])
def test_a_slip_opens_by_its_number_scanned_whole_or_typed_short(hugo: Browser, typed: str) -> None:
    assert hugo.open(f"{DESK}?q={typed}").url == f"{DESK}/{REFERENCE}"


@pytest.mark.parametrize("typed", ["RET-2026-000002", "CMD-2026-000001", "9782343000015"])
def test_a_number_of_no_slip_is_said_and_kept(hugo: Browser, typed: str) -> None:
    hugo.open(f"{DESK}?q={typed}")
    assert f"Aucun retour {typed}" in hugo.text
    assert hugo.page.select_one("#slip-number")["value"] == typed


def test_how_many_parcels_are_awaited_is_said_in_french(hugo: Browser) -> None:
    assert "Le colis annoncé est-il là" in hugo.open(f"{DESK}/{REFERENCE}").text


def test_what_cannot_be_read_of_several_lines_is_summed_up_once(hugo: Browser) -> None:
    hugo.open(f"{DESK}/{REFERENCE}").submit(f"{DESK}/{REFERENCE}/reception")
    fields = [each["name"] for each in hugo.page.select("input[name$=accepted]")]
    hugo.submit(f"{DESK}/{REFERENCE}/controle", **dict.fromkeys(fields, "beaucoup"))
    assert hugo.status == 422
    assert len(hugo.page.select("#faults")) == 1
    assert [link["href"] for link in hugo.page.select(".avis li a")] == [f"#{name}" for name in fields]

"""Orders on screen: list, page, what can be changed, and who may see them."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from flask import Flask

from harmattan.access.models import User
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.orders import service
from harmattan.orders.models import Order
from harmattan.orders.rules import Action
from tests import cast
from tests.browser import Browser
from tests.real_parts import Statements

KARIM = "karim@grandlarge.example"


@pytest.fixture
def shelf(people: SimpleNamespace) -> SimpleNamespace:
    return cast.titles()


def order(by: User, shelf: SimpleNamespace, number: int = 1, days_ago: int = 0, **details: object) -> Order:
    placed = clock.now() - dt.timedelta(days=days_ago)
    row = cast.order(by, (shelf.t1, 3), number=number, placed_at=placed, status_since=placed, **details)
    db.session.commit()
    return row


def listed(browser: Browser) -> list[str]:
    return [link.get_text() for link in browser.page.select("#list tbody th a.n")]


def test_a_shop_without_orders_is_told_so(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in(KARIM).open("/commandes")
    assert "Aucune commande pour l'instant" in browser.text


def test_the_list_shows_the_latest_first_and_the_own_shop_only(
    browser: Browser, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    order(people.karim, shelf, 1, days_ago=3)
    order(people.anne, shelf, 2, days_ago=1, own_reference="Rayon histoire")
    order(people.paul, shelf, 3)
    browser.log_in(KARIM).open("/commandes")
    assert listed(browser) == ["CMD-2026-000002", "CMD-2026-000001"]
    assert "Rayon histoire" in browser.text
    assert "30,00 €" in browser.text


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("?q=CMD-2026-000002", [2]),
        ("?q=cmd 2026-2", [2]),
        ("?q=2", [2]),
        ("?q=99", []),
        ("?q=rayon+H", [2]),
        ("?q=978-2-343-00001-5", [3, 2, 1]),
        ("?q=2343000018", [3, 2, 1]),
        ("?q=9782140423451", []),
        ("?etat=validated", [3]),
        ("?etat=nonsense", [3, 2, 1]),
        ("?periode=30", [3, 2]),
        ("?periode=30&etat=recorded", [2]),
        ("?periode=-1", [3, 2, 1]),
        ("?avant=CMD-2026-000003", [2, 1]),
        ("?avant=CMD-2026-999999", [3, 2, 1]),
    ],
)
def test_the_list_is_narrowed_and_searched(
    browser: Browser, people: SimpleNamespace, shelf: SimpleNamespace, address: str, found: list[int]
) -> None:
    order(people.karim, shelf, 1, days_ago=40)
    order(
        people.karim,
        shelf,
        2,
        days_ago=1,
        own_reference="Rayon Histoire",
        folded_own_reference="rayon histoire",
    )
    service.act(order(people.karim, shelf, 3), Action.VALIDATE, people.marie)
    db.session.commit()
    browser.log_in(KARIM).open(f"/commandes{address}")
    assert listed(browser) == [f"CMD-2026-{number:06}" for number in found]


def test_long_lists_go_on_page_after_page_without_losing_any(
    browser: Browser, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    for number in range(1, 61):
        cast.order(people.karim, (shelf.t1, 1), number=number, placed_at=cast.MONDAY)
    browser.log_in(KARIM).open("/commandes")
    seen = listed(browser)
    while link := browser.page.find("a", rel="next"):
        browser.open(str(link["href"]))
        seen += listed(browser)
    assert seen == [f"CMD-2026-{number:06}" for number in range(60, 0, -1)]


def test_many_orders_ask_no_more_of_the_database_than_few(
    app: Flask, people: SimpleNamespace, shelf: SimpleNamespace, count_statements: "type[Statements]"
) -> None:
    browser = Browser(app.test_client()).log_in(KARIM)
    counted = []
    for numbers in (range(1, 3), range(3, 80)):
        for number in numbers:
            cast.order(people.karim, (shelf.t1, 1), number=number)
        db.session.commit()
        with count_statements() as statements:
            browser.open("/commandes")
        counted.append(len(statements))
    assert counted[0] == counted[1] <= 6


def test_the_export_holds_every_order_and_no_formula(
    browser: Browser, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    order(people.karim, shelf, 1, own_reference='=HYPERLINK("http://mechant.test")')
    order(people.paul, shelf, 2)
    response = browser.log_in(KARIM).open("/commandes/export.csv").response
    rows = response.get_data(as_text=True).splitlines()
    assert len(rows) == 2
    assert "'=HYPERLINK" in rows[1]
    assert '"30,00"' in rows[1] or ";30,00;" in rows[1]


def test_the_page_says_state_turn_delay_and_open_door(
    browser: Browser, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    placed = order(people.karim, shelf)
    browser.log_in(KARIM).open(f"/commandes/{placed.reference}")
    assert "Enregistrée depuis le 23 novembre 2026, 10 h" in browser.text
    assert "À nous : vérification , au plus tard le mardi 24 novembre 2026" in browser.text
    change = browser.page.find(id="change")
    assert "01 40 46 79 13" in change.get_text().replace("\u00a0", " ")
    assert change.find("a", href=f"/contact?objet=modifier&commande={placed.reference}") is not None
    assert browser.page.find("li", attrs={"aria-current": "step"}) is not None


def test_a_question_of_sales_stands_on_the_page_with_the_way_to_answer(
    browser: Browser, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    placed = order(people.karim, shelf)
    service.act(placed, Action.ASK_DETAILS, people.marie, "À quelle adresse facturer ?")
    db.session.commit()
    question = browser.log_in(KARIM).open(f"/commandes/{placed.reference}").page.find(id="question")
    assert "À quelle adresse facturer" in question.get_text()
    assert question.find("form", action=f"/commandes/{placed.reference}/complement") is not None
    browser.log_out().log_in(people.marie.email).open(f"/commandes/{placed.reference}")
    assert browser.page.find(id="question") is None


def test_a_validated_order_shows_no_door_but_the_phone_for_its_address(
    browser: Browser, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    placed = order(people.karim, shelf)
    service.act(placed, Action.VALIDATE, people.marie)
    browser.log_in(KARIM).open(f"/commandes/{placed.reference}")
    change = browser.page.find(id="change")
    said = change.get_text(" ").replace("\u00a0", " ")
    assert "ne peut plus être modifiée ni annulée" in said
    assert "01 40 46 79 20" in said
    assert "touche 4" in said
    assert not change.find_all("a", href=re.compile("objet=modifier"))
    assert "Commande enregistrée" not in browser.main().get_text()


def test_refreshing_the_tracking_gives_the_page_that_a_reload_gives(
    browser: Browser, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    placed = order(people.karim, shelf)
    browser.log_in(KARIM).open(f"/commandes/{placed.reference}")
    service.act(placed, Action.VALIDATE, people.marie)
    db.session.commit()
    link = browser.page.select_one("#tracking a[data-hx-get]")
    assert link["href"] == link["data-hx-get"]
    browser.get_fragment(link["href"])
    assert "<html" not in browser.response.text
    assert "Validée par le service commercial" in browser.text
    assert browser.reloaded()


@pytest.mark.parametrize("htmx", [False, True])
def test_anothers_order_and_an_unknown_one_are_the_same_404(
    new_browser: type[Browser], people: SimpleNamespace, shelf: SimpleNamespace, htmx: bool
) -> None:
    foreign = order(people.paul, shelf, 7)
    browser = new_browser().log_in(KARIM)
    headers = {"HX-Request": "true"} if htmx else {}
    pages = []
    for reference in (foreign.reference, "CMD-2026-999999", "CMD-2026-' OR 1=1"):
        for address in (f"/commandes/{reference}", f"/commandes/{reference}/modifier"):
            response = browser.client.get(address, headers=headers)
            assert response.status_code == 404
            pages.append(re.sub(r'[0-9a-f]{12}|value="[^"]*"', "", response.text))
    assert len(set(pages)) == 1


@pytest.mark.parametrize("reference", ["CMD-2026-000007", "CMD-2026-999999"])
def test_anothers_order_cannot_be_changed_either(
    browser: Browser, people: SimpleNamespace, shelf: SimpleNamespace, reference: str
) -> None:
    order(people.paul, shelf, 7)
    browser.log_in(KARIM).post(f"/commandes/{reference}/modifier", deliver_by="2026-12-04")
    assert browser.status == 404


@pytest.mark.parametrize("field", ["deliver_by", "not_before"])
def test_the_dates_of_a_recorded_order_stay(
    browser: Browser, people: SimpleNamespace, shelf: SimpleNamespace, field: str
) -> None:
    placed = order(people.karim, shelf)
    browser.log_in(KARIM).open(f"/commandes/{placed.reference}")
    browser.post(f"/commandes/{placed.reference}/modifier", {field: "2026-12-04"})
    assert browser.status == 409
    assert "« Enregistrée » depuis le 23 novembre 2026" in browser.text
    assert browser.page.find("a", string="Écrire au service commercial") is not None
    db.session.refresh(placed)
    assert (placed.deliver_by, placed.not_before) == (None, None)


def test_a_validated_order_is_changed_by_nobody(
    browser: Browser, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    placed = order(people.karim, shelf)
    service.act(placed, Action.VALIDATE, people.marie)
    db.session.commit()
    browser.log_in(KARIM).open(f"/commandes/{placed.reference}")
    browser.post(f"/commandes/{placed.reference}/modifier", address="ailleurs")
    assert browser.status == 409
    assert "« Validée » depuis le 23 novembre 2026" in browser.text
    assert "par téléphone uniquement" in browser.text


def test_a_typed_change_address_leads_to_the_order(
    browser: Browser, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    placed = order(people.karim, shelf)
    browser.log_in(KARIM).open(f"/commandes/{placed.reference}/modifier")
    assert (browser.status, browser.url) == (200, f"/commandes/{placed.reference}/modifier")


@pytest.mark.parametrize("email", ["marie@equipe.example", "hugo@equipe.example", "ines@equipe.example"])
def test_every_service_reads_the_orders_and_changes_none_here(
    browser: Browser, people: SimpleNamespace, shelf: SimpleNamespace, email: str
) -> None:
    placed = order(people.karim, shelf)
    browser.log_in(email).open("/equipe/commandes")
    assert placed.reference in browser.text
    assert browser.open(f"/commandes/{placed.reference}").status == 200
    assert "Librairie Le Grand Large" in browser.text
    assert browser.post(f"/commandes/{placed.reference}/modifier").status == 403
    assert browser.open("/commandes").status == 403
    assert browser.open("/commandes/verifier").status == 403


def test_sales_list_begins_with_what_presses_most(
    browser: Browser, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    order(people.karim, shelf, 1, days_ago=2)
    order(people.karim, shelf, 2, days_ago=1)
    order(people.paul, shelf, 3, deliver_by=dt.date(2026, 12, 4))
    service.act(order(people.paul, shelf, 4, days_ago=9), Action.ASK_DETAILS, people.marie)
    service.act(order(people.paul, shelf, 5), Action.VALIDATE, people.marie)
    db.session.commit()
    browser.log_in("marie@equipe.example")
    for tab, numbers in (("", (3, 1, 2)), ("complement", (4,)), ("validees", (5,))):
        browser.open(f"/equipe/commandes?onglet={tab}")
        references = [link.get_text() for link in browser.page.select("tbody th a")]
        assert references == [f"CMD-2026-{number:06}" for number in numbers]


@pytest.mark.parametrize("address", ["/commandes", "/commandes/verifier", "/commandes/export.csv"])
def test_whoever_may_not_order_sees_no_orders(
    browser: Browser, people: SimpleNamespace, address: str
) -> None:
    browser.log_in("lucie@grandlarge.example")
    assert browser.open(address).status == 403
    assert browser.open("/commandes/CMD-2026-000001").status == 403


def test_a_long_order_is_read_page_by_page(
    browser: Browser, people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harmattan.orders.lookups.LINES_A_PAGE", 10)
    placed = cast.order(people.karim, *[(cast.title(f"9791000{number:06}"), 1) for number in range(25)])
    browser.log_in(KARIM)
    counts = []
    for page in ("1", "3", "999999999999999999999", "-4", "x"):
        browser.open(f"/commandes/{placed.reference}?page={page}")
        counts.append(len(browser.page.select("#lines tbody tr")))
    assert counts == [10, 5, 5, 10, 10]

"""The start pages: what waits for a bookseller, and for each service."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from harmattan.conversations import service as conversations
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.orders.rules import Status
from tests import cast
from tests.browser import Browser, fold


def test_with_nothing_to_do_the_page_says_so_and_how_to_begin(
    browser: Browser, people: SimpleNamespace
) -> None:
    browser.log_in("karim@grandlarge.example")
    assert "Bonjour, Librairie Le Grand Large" in browser.text
    assert "Lundi 23 novembre 2026. Rien n'attend de réponse de votre part." in browser.text
    assert "Aucun échange pour l'instant" in browser.text


def test_an_order_that_waits_for_the_shop_comes_first(browser: Browser, people: SimpleNamespace) -> None:
    title = cast.title()
    cast.order(people.karim, (title, 2), number=7, status=Status.DETAILS_REQUESTED)
    browser.log_in("anne@grandlarge.example")
    assert "1 commande attend votre réponse." in browser.text
    card = browser.page.find(id="asked-CMD-2026-000007").find_parent("section")
    assert browser.open(card.find("a")["href"]).status == 200


def test_a_new_answer_is_announced_until_it_is_read(browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim, Service.SALES)
    conversations.answer(thread, people.marie, "Oui.", thread.version)
    db.session.commit()
    browser.log_in("karim@grandlarge.example")
    assert "1 nouvelle réponse à lire." in browser.text
    browser.open(browser.page.select_one("#messages li a")["href"])
    assert "à lire" not in browser.open("/").text


def test_another_shops_business_is_not_shown(browser: Browser, people: SimpleNamespace) -> None:
    cast.order(people.karim, (cast.title(), 2), status=Status.DETAILS_REQUESTED)
    cast.thread(people.karim, Service.SALES)
    browser.log_in("paul@quais.example")
    assert "Rien n'attend" in browser.text
    assert "CMD-" not in browser.text
    assert "MSG-" not in str(browser.page)


def test_without_the_right_to_order_no_order_form_is_shown(browser: Browser, people: SimpleNamespace) -> None:
    cast.order(people.karim, (cast.title(), 2), status=Status.DETAILS_REQUESTED)
    browser.log_in("lucie@grandlarge.example")
    assert browser.page.select("main form") == []
    assert "Commande rapide" not in browser.text
    assert "CMD-" not in browser.text
    for link in browser.page.select("main a"):
        assert Browser(browser.client).open(link["href"]).status == 200, link["href"]


def test_every_link_of_the_start_page_leads_somewhere(browser: Browser, people: SimpleNamespace) -> None:
    cast.order(people.karim, (cast.title(), 2), status=Status.DETAILS_REQUESTED)
    cast.thread(people.karim, Service.SALES)
    browser.log_in("karim@grandlarge.example")
    for link in browser.page.select("a[href^='/']"):
        assert Browser(browser.client).open(link["href"]).status == 200, link["href"]


def test_the_start_page_costs_the_same_however_long_the_history(
    people: SimpleNamespace, new_browser: Callable[..., Browser], count_statements: Callable
) -> None:
    title = cast.title()
    browser = new_browser().log_in("karim@grandlarge.example")
    for number in range(1, 9):
        cast.order(people.karim, (title, 2), number=number)
        cast.thread(people.karim, Service.SALES)
    with count_statements() as statements:
        browser.open("/")
    assert len(statements) <= 14, statements


def test_staff_see_their_own_service_first(browser: Browser, people: SimpleNamespace) -> None:
    cast.thread(people.karim, Service.ACCOUNTING)
    for email, first in (
        ("ines@equipe.example", "Comptabilité"),
        ("hugo@equipe.example", "Service après-vente"),
        ("marie@equipe.example", "Service commercial"),
    ):
        browser.log_in(email)
        assert browser.url == "/equipe"
        assert fold(browser.page.select("main h2")[0].get_text()) == first
        assert "1 message à traiter" in browser.text
        browser.log_out()


@pytest.mark.parametrize(
    "email", ["marie@equipe.example", "hugo@equipe.example", "ines@equipe.example", "root@equipe.example"]
)
def test_staff_are_offered_only_the_queues_they_may_open(
    browser: Browser, people: SimpleNamespace, email: str
) -> None:
    browser.log_in(email)
    for link in browser.page.select("main a"):
        assert Browser(browser.client).open(link["href"]).status == 200, link["href"]


def test_sales_see_the_orders_to_check_and_the_urgent_ones(browser: Browser, people: SimpleNamespace) -> None:
    title = cast.title()
    cast.order(people.karim, (title, 2), number=1)
    cast.order(people.karim, (title, 2), number=2, deliver_by=cast.MONDAY.date())
    cast.order(people.karim, (title, 2), number=3, status=Status.DETAILS_REQUESTED)
    cast.order(people.karim, (title, 2), number=4, status=Status.VALIDATED)
    browser.log_in("marie@equipe.example")
    line = _line(browser, "2 commandes à vérifier")
    assert "1 urgente" in line
    assert "1 commande en attente du libraire" in line


def test_what_is_late_says_so_and_what_waits_for_nobody_is_not_there(
    browser: Browser, people: SimpleNamespace
) -> None:
    cast.thread(people.karim, Service.AFTER_SALES)
    clock.start_at(cast.MONDAY + dt.timedelta(days=10))
    browser.log_in("hugo@equipe.example")
    assert "1 en retard" in _line(browser, "1 message à traiter")
    assert len(browser.page.select("main .lignes > li")) == 1


def _line(browser: Browser, told: str) -> str:
    """The line of the worklist that says this."""
    return next(
        text for line in browser.page.select("main .lignes > li") if told in (text := fold(line.get_text()))
    )


def test_a_bookseller_is_no_staff(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in("anne@grandlarge.example")
    assert browser.open("/equipe").status == 403
    assert "Elle est celle de nos services." in browser.text

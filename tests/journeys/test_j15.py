"""J15: the main journey, the same without JavaScript and with HTMX; bad mail and « back » (R101–R107)."""

import datetime as dt
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from harmattan.conversations.models import InternalNote, Message
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.outbox import service as outbox
from tests import cast
from tests.browser import Browser, comparable, fold
from tests.conftest import application
from tests.journeys.acts import (
    KARIM,
    MARIE,
    T1,
    T5,
    add_ready_lines,
    in_cart,
    mails,
    order_ready,
    orders,
    paste,
    place,
    send_again,
    threads,
    write,
)

PER_VISIT = {"login_sessions", "throttle_counts", "one_time_keys", "drafts"}
"""Tables of the visit itself, not of what was done in it."""


def main_journey(karim: Browser, marie: Browser) -> Iterator[Browser]:
    """The main job, page by page: log in, list, review, add, dates, comment, check, place, write, answer."""
    yield karim.open("/connexion").submit("/connexion", email=KARIM, password=cast.PASSWORD)
    yield karim.open("/panier").submit("/panier/lignes", isbn="9782343000016", quantity="2")
    yield karim.open("/").submit("/panier/lignes", isbn=T5, quantity="2")
    yield paste(karim)
    yield karim.submit(karim.url, "Vérifier les corrections", **{"isbn-6": T1, "choix-3": "skip"})
    yield add_ready_lines(karim)
    yield karim.open("/panier")
    yield karim.submit("/panier", "Mettre à jour les quantités", **{f"q-{T1}": "12"})
    yield karim.submit("/panier", "Actualiser le port et les dates", deliver_by="01/12/2026")
    yield karim.submit("/panier", "apart")
    yield karim.submit("/panier", "Vérifier et commander", comment="Livrer par l’arrière")
    yield place(karim)
    yield write(karim, "modifier", "8 au lieu de 12, merci.", commande="CMD-2026-000001")
    yield karim.submit("/contact")  # what is known of the order was shown first
    yield marie.open("/connexion").submit("/connexion", email=MARIE, password=cast.PASSWORD)
    yield marie.open(f"/equipe/messages/{threads()[0].reference}")
    yield marie.submit(f"{marie.url}/prise")
    yield marie.submit(f"{marie.url}/reponse", reponse="C’est noté.")
    yield karim.open(f"/messages/{threads()[0].reference}")


@pytest.fixture
def play(migrated: Path, tmp_path: Path) -> Callable[[bool], tuple[list[str], dict[str, list[Any]]]]:
    """Play the main journey in a shop of its own; gives what its pages said and what the database holds."""

    def playing(htmx: bool) -> tuple[list[str], dict[str, list[Any]]]:
        folder = tmp_path / f"htmx-{htmx}"
        folder.mkdir()
        shutil.copy(migrated, folder / "harmattan.db")
        clock.start_at(cast.MONDAY)
        with contextmanager(application)({}, folder) as app:
            cast.everybody()
            cast.tariffs()
            cast.titles()
            db.session.commit()
            browsers = [Browser(app.test_client(), htmx=htmx) for _ in range(2)]
            said = [what_it_says(page) for page in main_journey(*browsers)]
            return said, everything_recorded()

    return playing


def what_it_says(browser: Browser) -> str:
    page = BeautifulSoup(comparable(browser.main()), "html.parser")
    return _lasting(fold(page.get_text(" ")))


def everything_recorded() -> dict[str, list[Any]]:
    """Every row, without what is drawn at random and without minutes."""
    found = {}
    for table in db.metadata.sorted_tables:
        if table.name not in PER_VISIT:
            columns = [column for column in table.columns if column.name != "key"]
            rows = db.session.execute(sa.select(*columns).order_by(*table.primary_key))
            found[table.name] = [[_lasting(value) for value in row] for row in rows]
    return found


def _lasting(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.replace(minute=0, second=0, microsecond=0)
    if isinstance(value, dict | list):
        value = str(value)
    if isinstance(value, str):
        value = re.sub(r"/liste/[\w-]+", "/liste/(random)", value)
        value = re.sub(r"T\d\d:\d\d:\d\d[.\d]*", "T(hour)", value)
        value = re.sub(r"[A-Za-z0-9_-]{20,}", "(random)", value)
        return re.sub(r"\b\d+\sh(\s\d\d)?\b", "(hour)", value)
    return value


def test_the_main_journey_is_the_same_without_javascript_and_with_htmx(
    play: Callable[[bool], tuple[list[str], dict[str, list[Any]]]],
) -> None:
    (plain_pages, plain_rows), (htmx_pages, htmx_rows) = play(False), play(True)
    for number, (plain, htmx) in enumerate(zip(plain_pages, htmx_pages, strict=True), start=1):
        assert plain == htmx, f"step {number}"
    assert plain_rows.keys() == htmx_rows.keys()
    for table, rows in plain_rows.items():
        assert rows == htmx_rows[table], table
    assert len(plain_rows["orders"]) == len(plain_rows["threads"]) == 1
    assert "C'est noté." in plain_pages[-1]


# a mail server that is down


def test_an_order_does_not_wait_for_the_mail_server_and_its_mail_goes_once(
    karim: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivered = []

    def down(*_message: Any) -> None:
        raise TimeoutError("no answer from the mail server")

    monkeypatch.setattr("harmattan.outbox.delivery.deliver", down)
    place(order_ready(karim))
    assert [order.reference for order in orders()] == ["CMD-2026-000001"]
    outbox.send_due()
    assert "en attente d'envoi" in karim.open(karim.url).text
    monkeypatch.setattr(
        "harmattan.outbox.delivery.deliver", lambda message, *_: delivered.append(message.subject)
    )
    clock.start_at(clock.now() + dt.timedelta(minutes=5))
    assert [outbox.send_due(), outbox.send_due()] == [1, 0]
    assert delivered == ["Commande CMD-2026-000001 enregistrée"]
    karim.open(karim.url)
    assert "en attente d'envoi" not in karim.text
    assert "envoyé le 23 novembre 2026" in karim.text


# « back », and the old page's form sent again


def test_back_after_adding_a_list_adds_it_once(karim: Browser) -> None:
    url = paste(karim).url
    old_page = send_again(karim, url) | {"ajouter": ["1"]}
    for _ in range(2):
        karim.post(url, old_page)
        assert karim.status == 200
        assert in_cart()[T1][0] == 15


def test_back_after_saving_the_cart_changes_nothing_more(karim: Browser) -> None:
    add_ready_lines(paste(karim)).open("/panier")
    old_page = send_again(karim, "/panier") | {f"q-{T1}": ["12"]}
    for _ in range(2):
        karim.post("/panier", old_page)
        assert in_cart()[T1][0] == 12


def test_back_after_removing_a_line_is_no_fault(karim: Browser) -> None:
    add_ready_lines(paste(karim)).open("/panier")
    old_page = send_again(karim, "/panier")
    for _ in range(2):
        karim.post(f"/panier/lignes/{T1}/retirer", old_page)
        assert karim.status == 200
        assert T1 not in in_cart()


def test_back_after_ordering_leads_to_the_one_order(karim: Browser) -> None:
    order_ready(karim)
    old_page = send_again(karim, "/commandes")
    for _ in range(2):
        karim.post("/commandes", old_page)
        assert karim.url == "/commandes/CMD-2026-000001"
    assert len(orders()) == len(mails("order_recorded")) == 1


def test_back_after_writing_leads_to_the_one_message(karim: Browser) -> None:
    karim.open("/contact?objet=suivi")
    old_page = send_again(karim, "/contact")
    for _ in range(2):
        karim.post("/contact", old_page, message="Où en est-elle ?")
        assert karim.url == f"/messages/{threads()[0].reference}"
    assert len(threads()) == len(mails("message_received")) == 1


def test_back_after_adding_to_a_message_adds_it_once(karim: Browser) -> None:
    url = write(karim, "suivi", "Où en est-elle ?").url
    action = str(karim.main().find("form")["action"])
    old_page = send_again(karim, action)
    for _ in range(2):
        karim.post(action, old_page, message="C’est urgent.")
        assert karim.url == url
    assert db.session.query(Message).count() == 2


@pytest.mark.parametrize(
    ("act", "field", "table"), [("reponse", "reponse", Message), ("note", "note", InternalNote)]
)
def test_back_after_a_staff_act_does_it_once(
    karim: Browser, new_browser: Callable[..., Browser], act: str, field: str, table: Any
) -> None:
    write(karim, "autres", "Bonjour.")
    url = f"/equipe/messages/{threads()[0].reference}"
    marie = new_browser(htmx=karim.htmx).log_in(MARIE).open(url)
    old_page = send_again(marie, f"{url}/{act}")
    for _ in range(2):
        marie.post(f"{url}/{act}", old_page, **{field: "C’est noté."})
        assert marie.status == 200
    assert db.session.query(table).filter_by(body="C’est noté.").count() == 1
    assert len(mails("message_answered")) == (act == "reponse")

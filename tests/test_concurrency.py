"""Two people at once, by the pages and on both databases: one effect, nobody’s work lost (reliability §0)."""

import contextvars
import threading
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from harmattan.billing.models import Document
from harmattan.cart.models import CartLine
from harmattan.conversations.models import Message, Thread
from harmattan.conversations.rules import ThreadState
from harmattan.core.extensions import db
from harmattan.orders.models import Order
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser, form_data

T1, T2 = "9782343000015", "9782296000018"
ANNE, KARIM = "anne@grandlarge.example", "karim@grandlarge.example"
MARIE = "marie@equipe.example"


@pytest.fixture
def shop(any_app: Flask) -> SimpleNamespace:
    """Le Grand Large with a filled cart, and two more people of sales."""
    people = cast.everybody()
    titles = cast.titles()
    cast.tariffs()
    db.session.commit()
    karim = at(any_app, KARIM).open("/").submit("/panier/lignes", isbn=T1, quantity="2")
    karim.open("/").submit("/panier/lignes", isbn=T2, quantity="1")
    return SimpleNamespace(app=any_app, people=people, titles=titles)


def at(app: Flask, email: str) -> Browser:
    return Browser(app.test_client()).log_in(email)


def at_once(sendings: Sequence[tuple[FlaskClient, str, dict[str, Any]]]) -> list[TestResponse]:
    """Every form sent at the same moment, each by a browser of its own."""
    db.session.commit()
    start, answers = threading.Barrier(len(sendings)), []

    def send(client: FlaskClient, url: str, data: dict[str, Any]) -> None:
        start.wait()
        answers.append(client.post(url, data=data))

    threads = [
        threading.Thread(target=contextvars.Context().run, args=(send, *sending)) for sending in sendings
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()
    return answers


def count(table: type[Any]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_two_tabs_and_a_colleague_place_one_order(shop: SimpleNamespace) -> None:
    browsers = [at(shop.app, email).open("/commandes/verifier") for email in (KARIM, KARIM, ANNE, ANNE)]
    answers = at_once([(each.client, "/commandes", form_data(each.form("/commandes"))) for each in browsers])
    assert count(Order) == 1
    assert {answer.headers["Location"] for answer in answers} == {"/commandes/CMD-2026-000001"}
    kinds = db.session.scalars(sa.select(OutboxMessage.kind)).all()
    assert kinds.count("order_recorded") == 1


def test_of_two_of_a_service_who_answer_one_is_heard_and_the_other_keeps_the_text(
    shop: SimpleNamespace,
) -> None:
    thread = cast.thread(shop.people.karim)
    page = f"/equipe/messages/{thread.reference}"
    browsers = [at(shop.app, MARIE).open(page) for _ in range(3)]
    forms = [form_data(each.form(f"{page}/reponse")) | {"reponse": "Voilà."} for each in browsers]
    answers = at_once(
        [(each.client, f"{page}/reponse", form) for each, form in zip(browsers, forms, strict=True)]
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409]
    assert all("Voilà." in answer.text for answer in answers if answer.status_code == 409)
    assert count(Message) == 2
    assert db.session.scalars(sa.select(Thread.version)).one() == 2


def test_a_shop_that_writes_at_the_moment_of_the_answer_is_heard_and_answered(shop: SimpleNamespace) -> None:
    thread = cast.thread(shop.people.karim)
    ours, theirs = f"/equipe/messages/{thread.reference}", f"/messages/{thread.reference}"
    marie, karim = at(shop.app, MARIE).open(ours), at(shop.app, KARIM).open(theirs)
    answer = form_data(marie.form(f"{ours}/reponse")) | {"reponse": "Voilà."}
    question = form_data(karim.form(theirs)) | {"message": "Encore un mot."}
    answers = at_once([(marie.client, f"{ours}/reponse", answer), (karim.client, theirs, question)])
    heard = db.session.scalars(sa.select(Message.body)).all()
    assert "Encore un mot." in heard
    statuses = sorted(each.status_code for each in answers)
    assert (statuses, "Voilà." in heard) in (([303, 303], True), ([303, 409], False))
    assert all("Voilà." in each.text for each in answers if each.status_code == 409)
    assert db.session.scalars(sa.select(Thread.state)).one() is ThreadState.OPEN, (
        "the last word is the shop's"
    )


def test_two_people_at_two_lines_lose_neither_quantity(shop: SimpleNamespace) -> None:
    sendings = []
    for email, isbn, quantity in ((KARIM, T1, "7"), (ANNE, T2, "3")):
        browser = at(shop.app, email).open("/panier")
        form = form_data(browser.form("/panier")) | {f"q-{isbn}": quantity}
        sendings.append((browser.client, f"/panier/lignes/{isbn}", form))
    assert {answer.status_code for answer in at_once(sendings)} == {303}
    quantities = sa.select(CartLine.quantity).order_by(CartLine.id)
    assert list(db.session.scalars(quantities)) == [7, 3]


def test_titles_added_at_the_same_moment_add_up(shop: SimpleNamespace) -> None:
    browsers = [at(shop.app, email).open("/") for email in (KARIM, ANNE, KARIM, ANNE)]
    adding = {"isbn": T1, "quantity": "5"}
    at_once(
        [
            (each.client, "/panier/lignes", form_data(each.form("/panier/lignes")) | adding)
            for each in browsers
        ]
    )
    line = db.session.scalars(sa.select(CartLine).order_by(CartLine.id)).first()
    assert line is not None
    assert line.quantity == 22


def test_a_list_is_added_to_the_cart_once(shop: SimpleNamespace) -> None:
    karim = at(shop.app, KARIM).open("/panier/liste").submit("/panier/liste", liste=f"{T1} 4")
    browsers = [karim, *(at(shop.app, ANNE).open(karim.url) for _ in range(2))]
    sendings = [
        (each.client, karim.url, form_data(each.form(karim.url)) | {"ajouter": "1"}) for each in browsers
    ]
    at_once(sendings)
    line = db.session.scalars(sa.select(CartLine).order_by(CartLine.id)).first()
    assert line is not None
    assert line.quantity == 6


def test_a_form_sent_twice_at_once_is_one_message(shop: SimpleNamespace) -> None:
    karim = at(shop.app, KARIM).open("/contact?objet=autres")
    form = form_data(karim.form("/contact")) | {"message": "Une seule fois"}
    other = at(shop.app, KARIM)
    twin = form | {"csrf_token": [other.open("/contact?objet=autres").token()]}
    answers = at_once([(karim.client, "/contact", form), (other.client, "/contact", twin)])
    assert count(Thread) == 1
    assert len({answer.headers["Location"] for answer in answers}) == 1


def test_several_of_sales_validate_an_order_once(shop: SimpleNamespace) -> None:
    cast.order(shop.people.karim, (shop.titles.t1, 12))
    db.session.commit()
    page = "/equipe/commandes/CMD-2026-000001"
    browsers = [at(shop.app, MARIE).open(page) for _ in range(3)]
    forms = [
        (each.client, f"{page}/validation", form_data(each.form(f"{page}/validation"))) for each in browsers
    ]
    assert sorted(answer.status_code for answer in at_once(forms)) == [303, 409, 409]
    assert count(Document) == 1
    assert (shop.titles.t1.stock, shop.titles.t1.reserved) == (28, 12)

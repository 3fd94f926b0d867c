"""What arrives: everything, or with a gap that after-sales hear of (R65, J9)."""

import io
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harmattan.conversations.models import Thread
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.orders.models import Order
from harmattan.orders.rules import Status
from harmattan.outbox.models import OutboxMessage
from harmattan.shipments import lookups, reception
from harmattan.shipments.models import Parcel
from harmattan.shipments.rules import Gap, ParcelState
from tests import cast
from tests.browser import Browser, fold
from tests.shipments.conftest import Ship

KARIM, PAUL, HUGO = "karim@grandlarge.example", "paul@quais.example", "hugo@equipe.example"
PHOTO = b"\xff\xd8\xff\xe0 une photo"


def parcels(order: Order) -> list[Parcel]:
    return [shown.parcel for shown in lookups.of_order(order.id)]


# the verbs


def test_the_last_parcel_that_arrives_delivers_the_order(
    order: Order, ship: Ship, people: SimpleNamespace
) -> None:
    ship(order, 15, 3)
    ship(order, 0, 2)
    first, second = parcels(order)
    reception.receive(order, first, people.karim)
    assert order.status is Status.SHIPPED
    reception.receive(order, second, people.karim)
    assert (order.status, second.received_by) == (Status.DELIVERED, "Karim Benali")


def test_an_order_of_which_something_remains_is_not_delivered(
    order: Order, ship: Ship, people: SimpleNamespace
) -> None:
    ship(order, 15, 3)
    reception.receive(order, parcels(order)[0], people.karim)
    assert order.status is Status.PARTLY_SHIPPED


def test_the_shop_that_says_so_itself_gets_no_mail_about_it(
    order: Order, ship: Ship, people: SimpleNamespace
) -> None:
    ship(order, 15, 5)
    reception.receive(order, parcels(order)[0], people.karim)
    assert (
        db.session.scalar(sa.select(OutboxMessage.id).where(OutboxMessage.subject.contains("livrée"))) is None
    )


def test_arrival_is_told_once(order: Order, ship: Ship, people: SimpleNamespace) -> None:
    ship(order, 15, 5)
    (parcel,) = parcels(order)
    reception.receive(order, parcel, people.karim)
    with pytest.raises(reception.AlreadyToldOf, match="noté par Karim Benali"):
        reception.receive(order, parcel, people.anne)


def test_a_gap_goes_to_after_sales_with_order_parcel_and_lines(
    order: Order, ship: Ship, people: SimpleNamespace
) -> None:
    ship(order, 15, 3, number="6A11")
    (parcel,) = parcels(order)
    gaps = {parcel.lines[0].id: Gap(0, 1), parcel.lines[1].id: Gap(0, 0)}
    thread = reception.report(order, parcel, people.karim, gaps, comment="Coin enfoncé")
    assert (thread.service, thread.about, thread.subject) == (
        Service.AFTER_SALES,
        order.reference,
        "reclamation",
    )
    db.session.flush()
    body = fold(thread.messages[0].body)
    assert body.startswith("Commande CMD-2026-000001, colis 1 (Colissimo 6A11)")
    assert "(978-2-343-00001-5) : 15 expédiés, 14 en bon état, 0 manquant, 1 abîmé" in body
    assert "Écrire sous les halles" not in body
    assert body.endswith("Coin enfoncé")
    assert (parcel.state, parcel.lines[0].damaged) == (ParcelState.DISPUTED, 1)
    assert db.session.scalars(sa.select(OutboxMessage.kind)).all()[-1] == "message_received"


def test_a_gap_found_after_everything_seemed_there_is_still_told(
    order: Order, ship: Ship, people: SimpleNamespace
) -> None:
    ship(order, 15, 5)
    (parcel,) = parcels(order)
    reception.receive(order, parcel, people.karim)
    received_at = parcel.received_at
    reception.report(order, parcel, people.anne, {parcel.lines[0].id: Gap(1, 0)})
    assert (parcel.state, parcel.received_at, order.status) == (
        ParcelState.DISPUTED,
        received_at,
        Status.DELIVERED,
    )


def test_a_gap_is_never_larger_than_the_parcel(order: Order, ship: Ship, people: SimpleNamespace) -> None:
    ship(order, 15, 5)
    (parcel,) = parcels(order)
    for gaps in ({}, {parcel.lines[0].id: Gap(0, 0)}, {parcel.lines[0].id: Gap(10, 6)}):
        with pytest.raises(reception.MoreThanSent):
            reception.report(order, parcel, people.karim, gaps)


# the pages


def page_of(order: Order) -> str:
    return f"/commandes/{order.reference}/colis/1"


def test_everything_is_there_in_one_press(browser: Browser, order: Order, ship: Ship) -> None:
    ship(order, 15, 5)
    browser.log_in(KARIM).open(page_of(order)).submit(f"{page_of(order)}/reception")
    assert browser.url == f"/commandes/{order.reference}"
    assert "tout est arrivé" in browser.text
    assert "Livrée" in browser.text
    browser.post(f"{page_of(order)}/reception")
    assert browser.status == 409
    assert "déjà notée" in browser.text


def test_a_gap_is_reported_with_a_photo_and_answered_by_a_number_a_day_and_a_phone(
    browser: Browser, order: Order, ship: Ship
) -> None:
    ship(order, 15, 3)
    browser.log_in(KARIM).open(page_of(order))
    browser.submit(
        f"{page_of(order)}/ecart",
        files={"pieces": [(io.BytesIO(PHOTO), "coin.jpg")]},
        **{"abimes-1": "1"},
        commentaire="Coin enfoncé",
    )
    thread = db.session.scalars(sa.select(Thread)).one()
    assert browser.url == f"/messages/{thread.reference}"
    assert f"sous le numéro {thread.reference}" in browser.text
    assert (
        "répond au plus tard le 24 novembre 2026, 10 h. Par téléphone : 01 40 46 79 20 (touche 4)"
        in browser.text
    )
    photo = browser.page.find("a", string="coin.jpg")["href"]
    assert browser.client.get(photo).data == PHOTO
    browser.open(page_of(order))
    assert "Écart signalé par Karim Benali" in browser.text
    assert browser.page.find("form", action=f"{page_of(order)}/ecart") is None


def test_the_photo_of_another_account_does_not_exist(
    browser: Browser, new_browser: type[Browser], order: Order, ship: Ship
) -> None:
    ship(order, 15, 3)
    browser.log_in(KARIM).open(page_of(order)).submit(
        f"{page_of(order)}/ecart", files={"pieces": [(io.BytesIO(PHOTO), "coin.jpg")]}, **{"abimes-1": "1"}
    )
    photo = browser.page.find("a", string="coin.jpg")["href"]
    assert new_browser().log_in(PAUL).client.get(photo).status_code == 404
    assert new_browser().log_in(HUGO).client.get(f"/equipe{photo}").data == PHOTO


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({}, "Indiquez combien d'exemplaires manquent ou sont abîmés"),
        ({"manquants-1": "10", "abimes-1": "6"}, "ce colis en contient 15, manquants et abîmés compris"),
        ({"manquants-1": "deux"}, "Saisissez la quantité en chiffres, par exemple 3"),
        ({"manquants-1": "-1"}, "Saisissez une quantité de 1 à 9 999"),
    ],
)
def test_what_is_no_gap_is_said_at_its_line_and_the_rest_is_kept(
    browser: Browser, order: Order, ship: Ship, typed: dict[str, str], fault: str
) -> None:
    ship(order, 15, 3)
    browser.log_in(KARIM).open(page_of(order))
    browser.submit(f"{page_of(order)}/ecart", **typed, commentaire="Carton ouvert")
    assert browser.status == 422
    assert any(fault in each for each in browser.faults())
    assert browser.page.find(id="commentaire").get_text().strip() == "Carton ouvert"
    assert db.session.scalar(sa.select(Thread.id)) is None


def test_a_gap_sent_twice_is_one_message(browser: Browser, order: Order, ship: Ship) -> None:
    ship(order, 15, 3)
    browser.log_in(KARIM).open(page_of(order))
    form = browser.form(f"{page_of(order)}/ecart")
    once = form.find("input", attrs={"name": "once"})["value"]
    for _ in range(2):
        browser.post(f"{page_of(order)}/ecart", {"manquants-1": "1", "once": once})
    assert len(db.session.scalars(sa.select(Thread)).all()) == 1
    assert browser.url.startswith("/messages/MSG-")


def test_anothers_parcel_and_one_that_is_not_there_are_the_same_404(
    new_browser: type[Browser], order: Order, ship: Ship, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    ship(order, 15, 3)
    own = cast.order(people.paul, (shelf.t1, 2), number=2)
    db.session.commit()
    browser = new_browser().log_in(PAUL)
    for address in (page_of(order), page_of(own), "/commandes/CMD-2026-999999/colis/1"):
        assert browser.open(address).status == 404
        assert browser.open(f"{address}/reception").status == 404
        assert browser.post(f"{address}/reception").status == 404
        assert browser.post(f"{address}/ecart", {"manquants-1": "1"}).status == 404


def test_staff_read_the_parcel_and_cannot_speak_for_the_shop(
    browser: Browser, order: Order, ship: Ship
) -> None:
    ship(order, 15, 3)
    browser.log_in(HUGO).open(page_of(order))
    assert browser.status == 200
    assert browser.page.find("form", action=f"{page_of(order)}/ecart") is None
    assert browser.post(f"{page_of(order)}/reception").status == 403

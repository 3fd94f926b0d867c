"""Staff record what leaves: the form, its faults, its refusals (R63, J6)."""

import datetime as dt
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harmattan.cart.rules import BackorderPolicy
from harmattan.catalogue.models import Title
from harmattan.catalogue.rules import Availability
from harmattan.core.extensions import db
from harmattan.orders.models import Order
from harmattan.orders.rules import Status
from harmattan.shipments.models import Parcel, Shipment
from tests import cast
from tests.browser import Browser
from tests.shipments.conftest import Ship

HUGO, MARIE, INES = "hugo@equipe.example", "marie@equipe.example", "ines@equipe.example"
KARIM = "karim@grandlarge.example"


def form_of(order: Order) -> str:
    return f"/equipe/commandes/{order.reference}/expedition"


def typed(**changed: str) -> dict[str, str]:
    """A parcel of everything, as the form is sent."""
    return {"colis-1-suivi": "6A12345678901", "colis-1-poids": "4,2"} | changed


def record(browser: Browser, order: Order, **changed: str) -> Browser:
    browser.log_in(HUGO).open(form_of(order))
    return browser.submit(form_of(order), "enregistrer", **typed(**changed))


def test_the_form_offers_what_remains_and_the_day_it_arrives(
    browser: Browser, order: Order, ship: Ship
) -> None:
    ship(order, 10)
    browser.log_in(HUGO).open(form_of(order))
    assert browser.page.find(id="q-1-1")["value"] == "5"
    assert browser.page.find(id="q-2-1")["value"] == "3", "of the five that remain, three are there"
    assert browser.page.find(id="livraison")["value"] == "2026-11-25"


def test_one_press_records_the_parcel_and_leads_back_to_the_order(browser: Browser, order: Order) -> None:
    record(browser, order, **{"q-2-1": "3"})
    assert browser.url == f"/commandes/{order.reference}"
    assert "bon de livraison BL-2026-000001" in browser.text
    parcel = db.session.scalars(sa.select(Parcel)).one()
    assert (parcel.tracking_number, parcel.weight_g) == ("6A12345678901", 4_200)
    db.session.refresh(order)
    assert order.status is Status.PARTLY_SHIPPED


def test_a_second_parcel_is_added_without_losing_what_was_typed(browser: Browser, order: Order) -> None:
    browser.log_in(HUGO).open(form_of(order))
    browser.submit(form_of(order), "ajouter", **typed(**{"q-1-1": "10", "q-2-1": ""}))
    assert browser.page.find(id="colis-1-suivi")["value"] == "6A12345678901"
    assert browser.page.find(id="q-1-1")["value"] == "10"
    browser.submit(
        form_of(order),
        "enregistrer",
        **{"q-1-2": "5", "q-2-2": "3", "colis-2-suivi": "6A22", "colis-2-transporteur": "chronopost"},
    )
    parcels = db.session.scalars(sa.select(Parcel).order_by(Parcel.number)).all()
    assert [(each.carrier, sum(line.quantity for line in each.lines)) for each in parcels] == [
        ("colissimo", 10),
        ("chronopost", 8),
    ]


def test_a_parcel_left_empty_is_none(browser: Browser, order: Order) -> None:
    browser.log_in(HUGO).open(form_of(order)).submit(form_of(order), "ajouter", **typed())
    browser.submit(form_of(order), "enregistrer")
    assert len(db.session.scalars(sa.select(Parcel)).all()) == 1


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"q-1-1": "16"}, "il en reste 15 à expédier, pas 16"),
        ({"q-1-1": "trois"}, "Saisissez la quantité en chiffres, par exemple 3"),
        ({"q-1-1": "-1"}, "Saisissez une quantité de 1 à 9 999"),
        ({"q-1-1": "", "q-2-1": "0"}, "Dites combien d'exemplaires partent"),
        ({"colis-1-suivi": ""}, "Saisissez le numéro de suivi Colissimo"),
        ({"colis-1-suivi": "https://mechant.example"}, "Vérifiez le numéro de suivi"),
        ({"colis-1-poids": "lourd"}, "Saisissez le poids en kilogrammes"),
        ({"colis-1-transporteur": "inconnu"}, "Choisissez un transporteur de la liste"),
        ({"livraison": ""}, "Saisissez le jour de livraison estimé"),
        ({"livraison": "22/11/2026"}, "Choisissez un jour à venir, ou aujourd'hui"),
        ({"livraison": "un jour"}, "Saisissez la date sous la forme jj/mm/aaaa"),
    ],
)
def test_what_cannot_be_recorded_is_said_at_its_field_and_nothing_is(
    browser: Browser, order: Order, changed: dict[str, str], fault: str
) -> None:
    record(browser, order, **changed)
    assert browser.status == 422
    assert any(fault in each for each in browser.faults()), browser.faults()
    assert browser.page.find(id="colis-1-poids")["value"] == changed.get("colis-1-poids", "4,2")
    assert db.session.scalar(sa.select(Shipment.id)) is None


def test_a_delivery_before_the_day_asked_for_is_blocked_parts_included(
    browser: Browser, order: Order
) -> None:
    order.not_before = dt.date(2026, 12, 1)
    db.session.commit()
    browser.log_in(HUGO).open(form_of(order))
    assert "Pas de livraison avant le mardi 1 er décembre 2026" in browser.text
    assert browser.page.find(id="livraison")["value"] == "2026-12-01"
    browser.submit(form_of(order), "enregistrer", **typed(**{"livraison": "30/11/2026", "q-1-1": "1"}))
    assert browser.status == 422
    assert "Faites-le partir le vendredi 27 novembre 2026 au plus tôt" in browser.faults()[0]
    assert db.session.scalar(sa.select(Shipment.id)) is None


def few(order: Order, copies: int) -> None:
    """So many of the five copies of the second line are on the shelves."""
    line = order.lines[1]
    title = db.session.get(Title, line.title_id)
    title.stock, title.reserved, line.reserved = 0, copies, copies
    db.session.commit()


def test_the_form_offers_no_copy_that_is_not_there(browser: Browser, order: Order) -> None:
    few(order, 3)
    browser.log_in(HUGO).open(form_of(order))
    assert browser.page.find(id="q-2-1")["value"] == "3"
    assert browser.page.find(id="confirme") is None


def test_nothing_is_offered_of_what_is_not_published_yet(browser: Browser, order: Order) -> None:
    few(order, 0)
    db.session.get(Title, order.lines[1].title_id).availability = Availability.FORTHCOMING
    db.session.commit()
    browser.log_in(HUGO).open(form_of(order))
    assert browser.page.find(id="q-2-1")["value"] == ""


def test_part_of_a_line_that_leaves_together_is_not_offered(browser: Browser, order: Order) -> None:
    order.lines[1].backorder_policy = BackorderPolicy.TOGETHER
    few(order, 3)
    browser.log_in(HUGO).open(form_of(order))
    assert browser.page.find(id="q-2-1")["value"] == ""


def test_more_than_is_there_leaves_once_the_warehouse_confirms_it(browser: Browser, order: Order) -> None:
    few(order, 3)
    record(browser, order, **{"q-2-1": "5"})
    assert browser.status == 422
    assert "5 saisis, 3 là d'après notre stock" in browser.faults()[0]
    assert db.session.scalar(sa.select(Shipment.id)) is None
    browser.submit(form_of(order), "enregistrer", confirme="y")
    assert browser.url == f"/commandes/{order.reference}"
    db.session.refresh(order)
    assert order.status is Status.SHIPPED


def test_tout_ensemble_is_honoured_and_explained(browser: Browser, order: Order) -> None:
    order.lines[1].backorder_policy = BackorderPolicy.TOGETHER
    db.session.commit()
    record(browser, order, **{"q-2-1": "3"})
    assert browser.status == 422
    assert "expédiez les 5 exemplaires, ou aucun" in browser.faults()[0]


def test_a_parcel_already_recorded_is_pointed_out(browser: Browser, order: Order, ship: Ship) -> None:
    ship(order, 10, number="6A12345678901")
    record(browser, order)
    assert browser.status == 422
    assert "est déjà enregistré, pour la commande CMD-2026-000001" in browser.faults()[0]


def test_a_page_overtaken_by_a_colleague_records_nothing(browser: Browser, order: Order, ship: Ship) -> None:
    browser.log_in(HUGO).open(form_of(order))
    ship(order, 5)
    browser.submit(form_of(order), "enregistrer", **typed(**{"q-1-1": "5", "q-2-1": ""}))
    assert browser.status == 409
    assert "Un envoi a été enregistré entre-temps" in browser.text
    assert len(db.session.scalars(sa.select(Shipment)).all()) == 1


def test_a_form_sent_twice_is_one_shipment(browser: Browser, order: Order) -> None:
    browser.log_in(HUGO).open(form_of(order))
    form = browser.form(form_of(order))
    once = form.find("input", attrs={"name": "once"})["value"]
    sent = typed(**{"once": once, "vu": "0", "colis": "1", "colis-1-transporteur": "colissimo"})
    sent |= {"livraison": "2026-11-26", "q-1-1": "5"}
    for _ in range(2):
        browser.post(form_of(order), sent)
    assert len(db.session.scalars(sa.select(Shipment)).all()) == 1
    assert browser.url == f"/commandes/{order.reference}"


def test_the_warehouse_begins_in_one_press(browser: Browser, order: Order) -> None:
    browser.log_in(HUGO).open(f"/commandes/{order.reference}")
    browser.submit(f"/equipe/commandes/{order.reference}/preparation")
    assert browser.url == f"/commandes/{order.reference}"
    assert "En préparation" in browser.text
    browser.post(f"/equipe/commandes/{order.reference}/preparation")
    assert browser.status == 409


@pytest.mark.parametrize("status", [Status.RECORDED, Status.SHIPPED, Status.CANCELLED])
def test_no_form_for_what_cannot_leave(
    browser: Browser, people: SimpleNamespace, shelf: SimpleNamespace, status: Status
) -> None:
    placed = cast.order(people.karim, (shelf.t1, 2), status=status)
    if status is Status.SHIPPED:
        placed.lines[0].shipped = 2
    db.session.commit()
    browser.log_in(HUGO).open(form_of(placed))
    assert browser.status == 409


@pytest.mark.parametrize(("email", "status"), [(MARIE, 200), (HUGO, 200), (INES, 403), (KARIM, 403)])
def test_after_sales_and_sales_record_what_leaves(
    browser: Browser, order: Order, email: str, status: int
) -> None:
    assert browser.log_in(email).open(form_of(order)).status == status
    assert browser.post(form_of(order)).status == (422 if status == 200 else 403)

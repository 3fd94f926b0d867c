"""From the cart to its order: checked, placed once, recorded as it was (J5 step 3, R37, R42)."""

import datetime as dt
import threading
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.cart import lookups as cart_lookups
from harmattan.cart import service as carts
from harmattan.cart.models import Cart
from harmattan.cart.rules import CartState
from harmattan.catalogue import reservations
from harmattan.catalogue.models import ComingPrice
from harmattan.core.audit import AuditEntry
from harmattan.core.extensions import db
from harmattan.deliveries.rules import DeliveryMode
from harmattan.orders.models import Order, OrderEvent, OrderLine
from harmattan.orders.rules import Status, UrgentDateState
from harmattan.outbox import service as outbox
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser, fold, form_data
from tests.real_parts import Statements

pytestmark = pytest.mark.usefixtures("shelf")


@pytest.fixture
def shelf(people: SimpleNamespace) -> SimpleNamespace:
    """Karim's cart: T1 × 15, T2 × 5 and a comment (J5)."""
    titles = cast.titles()
    cast.tariffs()
    cart = carts.open_cart(people.grand_large.id)
    carts.add(cart, {titles.t1: 15, titles.t2: 5}, people.karim)
    cart.comment, cart.own_reference = "Livrer par l’arrière", "Réassort novembre"
    db.session.commit()
    return titles


def orders() -> list[Order]:
    return list(db.session.scalars(sa.select(Order)))


def mails() -> list[OutboxMessage]:
    return list(db.session.scalars(sa.select(OutboxMessage)))


def checking(browser: Browser) -> Browser:
    return browser.log_in("karim@grandlarge.example").open("/commandes/verifier")


def test_every_change_offered_leads_to_something_that_stands_in_the_cart(browser: Browser) -> None:
    links = checking(browser).page.select('#check-facts a[href^="/panier#"]')
    assert len(links) == 6
    page = browser.open("/panier").page
    assert all(page.find(id=link["href"].partition("#")[2]) for link in links)


def test_the_check_page_shows_everything_and_says_what_is_final(browser: Browser) -> None:
    text = checking(browser).text
    for shown in (
        "Les passeurs du fleuve. Ethnographie d'un delta",
        "15",
        "Livrer par l'arrière",
        "Réassort novembre",
        "12 quai de la Fosse",
        "Une fois validée, elle n'est plus modifiable ni annulable",
    ):
        assert shown in text
    assert browser.page.find("form", action="/commandes").find("button").get_text().startswith("Commander, ")


def test_an_order_is_recorded_as_the_cart_was(browser: Browser, shelf: SimpleNamespace) -> None:
    checking(browser).submit("/commandes")
    (order,) = orders()
    assert browser.url == f"/commandes/{order.reference}"
    assert "Commande enregistrée" in browser.text
    assert order.reference == "CMD-2026-000001"
    assert (order.status, order.comment, order.own_reference) == (
        Status.RECORDED,
        "Livrer par l’arrière",
        "Réassort novembre",
    )
    assert order.address.lines == ("Librairie Le Grand Large", "12 quai de la Fosse", "44000 Nantes")
    assert (order.discount_bp, order.payment_term) == (3600, cast.SIXTY_DAYS)
    lines = list(db.session.scalars(sa.select(OrderLine).order_by(OrderLine.id)))
    assert [(line.isbn, line.quantity, line.price_cents) for line in lines] == [
        (shelf.t1.isbn, 15, 2500),
        (shelf.t2.isbn, 5, 1850),
    ]
    assert sum(line.line_cents for line in lines) == order.goods_cents
    vat = sum(share["vat_cents"] for share in order.vat)
    assert order.gross_cents == order.goods_cents + order.carriage_cents + vat


def test_the_order_leaves_a_fresh_cart_an_event_and_an_audit_entry(browser: Browser) -> None:
    checking(browser).submit("/commandes")
    (order,) = orders()
    assert db.session.get_one(Cart, order.cart_id).state is CartState.ORDERED
    event = db.session.scalars(sa.select(OrderEvent)).one()
    assert (event.actor, event.status) == ("Karim Benali", Status.RECORDED)
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "orders.place")).one()
    assert (entry.subject, entry.actor, entry.account_id) == (
        order.reference,
        "Karim Benali",
        order.account_id,
    )
    browser.open("/commandes/verifier")
    assert "Votre panier est vide" in browser.text
    assert order.reference in browser.text


def test_one_mail_confirms_the_registration_to_whoever_ordered(browser: Browser) -> None:
    checking(browser).submit("/commandes")
    (mail,) = mails()
    assert mail.recipient == "karim@grandlarge.example"
    assert "CMD-2026-000001" in mail.subject
    assert "enregistrée" in mail.subject
    assert mail.reply_to == "commercial@harmattan.example"
    assert "mardi 24 novembre 2026" in mail.body.replace("\u00a0", " ")


def test_the_order_says_that_its_mail_waits_and_then_that_it_was_sent(browser: Browser) -> None:
    checking(browser).submit("/commandes")
    assert "en attente d'envoi" in browser.text
    outbox.send_due()
    browser.open(browser.url)
    assert "en attente d'envoi" not in browser.text
    assert "envoyé le 23 novembre 2026" in browser.text


def test_pressed_twice_it_is_one_order_and_one_mail(browser: Browser) -> None:
    checking(browser)
    data = form_data(browser.form("/commandes"))
    for _ in range(3):
        browser.post("/commandes", data)
        assert browser.url == "/commandes/CMD-2026-000001"
    assert "n'a été enregistrée qu'une fois" in browser.text
    assert (len(orders()), len(mails())) == (1, 1)


def test_twenty_at_once_make_one_order_and_one_mail(app: Flask, people: SimpleNamespace) -> None:
    browser = checking(Browser(app.test_client()))
    data = form_data(browser.form("/commandes"))
    cookie = browser.client.get_cookie("session")
    db.session.commit()
    reached: list[str] = []

    def press() -> None:
        client = app.test_client()
        client.set_cookie("session", cookie.value)
        reached.append(client.post("/commandes", data=data).headers["Location"])

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()
    assert reached == ["/commandes/CMD-2026-000001"] * 20
    assert (len(orders()), len(mails())) == (1, 1)


def test_a_cart_changed_since_is_shown_again_with_what_changed(
    browser: Browser, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    checking(browser)
    cart = carts.open_cart(people.grand_large.id)
    carts.add(cart, {shelf.t5: 2, shelf.t1: 1}, people.anne)
    db.session.commit()
    browser.submit("/commandes")
    assert browser.status == 422
    assert orders() == []
    assert "Rien n'a été commandé" in browser.text
    assert "« Mémoires d'un port » : 2 exemplaires à 29,00 €" in browser.text
    assert "16 exemplaires à 25,00 €, noter ce qui manque (avant : 15 exemplaires" in browser.text
    browser.submit("/commandes")
    assert len(orders()) == 1


def test_a_price_that_rose_since_is_shown_before_anything_is_sent(
    browser: Browser, shelf: SimpleNamespace
) -> None:
    checking(browser)
    shelf.t1.price_cents = 2700
    db.session.commit()
    browser.submit("/commandes")
    assert (browser.status, orders()) == (422, [])
    assert "Des prix ont changé" in browser.text
    assert "27,00 € TTC, au lieu de 25,00 €" in browser.text
    browser.submit("/commandes")
    (order,) = orders()
    line = db.session.scalars(sa.select(OrderLine).where(OrderLine.isbn == shelf.t1.isbn)).one()
    assert line.price_cents == 2700
    lines = db.session.scalars(sa.select(OrderLine.line_cents)).all()
    assert sum(lines) == order.goods_cents


def test_a_price_announced_for_the_days_of_the_order_is_told_before(
    browser: Browser, shelf: SimpleNamespace
) -> None:
    for title, day in ((shelf.t1, dt.date(2026, 11, 25)), (shelf.t2, dt.date(2027, 1, 1))):
        db.session.add(ComingPrice(title_id=title.id, valid_from=day, price_cents=2700, vat_bp=550))
    db.session.commit()
    text = checking(browser).text
    assert "Les passeurs du fleuve : 27,00 € TTC à partir du 25 novembre 2026 (25,00 € aujourd'hui)" in text
    assert "facturée aux prix en vigueur le jour où le service commercial la valide" in text
    assert "janvier 2027" not in text


def test_a_line_that_is_short_bears_the_colour_of_what_waits(browser: Browser) -> None:
    rows = checking(browser).page.select("#check-lines tbody tr")
    assert [row["class"] for row in rows] == [["t-fait"], ["t-att"]]
    assert "3 disponibles, 2 notés" in fold(rows[1].get_text(" "))


def test_forged_fields_change_no_amount_and_no_date(browser: Browser, shelf: SimpleNamespace) -> None:
    checking(browser)
    data = form_data(browser.form("/commandes"))
    browser.post(
        "/commandes",
        data,
        gross_cents="1",
        deliver_by="2026-12-01",
        quantity="1",
        price_cents="1",
        status="shipped",
    )
    (order,) = orders()
    assert (order.deliver_by, order.copy_count, order.status) == (None, 20, Status.RECORDED)


@pytest.mark.parametrize("vu", ["", "{}", "[]", "null", "{{{", "[" * 5000, '{"Total TTC": 1}'])
def test_a_forged_check_orders_nothing(browser: Browser, vu: str) -> None:
    checking(browser).submit("/commandes", vu=vu)
    assert (browser.status, orders()) == (422, [])


@pytest.mark.parametrize("panier", ["", "0", "abc", "99999999999999999999"])
def test_a_form_that_names_no_cart_orders_nothing(browser: Browser, panier: str) -> None:
    checking(browser)
    browser.post("/commandes", form_data(browser.form("/commandes")), panier=panier)
    assert (browser.status, orders()) == (422, [])


def test_a_cart_that_was_never_there_does_not_exist(browser: Browser) -> None:
    checking(browser)
    browser.post("/commandes", form_data(browser.form("/commandes")), panier="999999")
    assert (browser.status, orders()) == (404, [])


def test_another_shops_cart_does_not_exist(browser: Browser, people: SimpleNamespace) -> None:
    data = form_data(checking(browser).form("/commandes"))
    browser.open("/").log_out().log_in("paul@quais.example")
    browser.post("/commandes", data, csrf_token=browser.token())
    assert (browser.status, orders()) == (404, [])


def test_whoever_may_not_order_places_nothing(browser: Browser) -> None:
    browser.log_in("lucie@grandlarge.example")
    browser.post("/commandes", panier="1", version="1")
    assert (browser.status, orders()) == (403, [])


def test_a_title_sold_out_in_between_forbids_the_order_and_leads_to_its_line(
    browser: Browser, shelf: SimpleNamespace
) -> None:
    checking(browser)
    shelf.t2.availability = "out_of_print"
    db.session.commit()
    browser.submit("/commandes")
    assert (browser.status, orders()) == (422, [])
    assert browser.page.find("a", href=f"/panier#q-{shelf.t2.isbn}") is not None
    assert browser.page.find("form", action="/commandes") is None


def test_recent_orders_of_the_same_title_are_pointed_out(
    browser: Browser, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    cast.order(people.anne, (shelf.t1, 7), number=900)
    assert "Déjà commandé : 7 exemplaires le 23 nov. 2026 , CMD-2026-000900" in checking(browser).text


def test_both_dates_are_kept_and_the_urgent_one_is_a_request(
    browser: Browser, people: SimpleNamespace
) -> None:
    cart = carts.open_cart(people.grand_large.id)
    cart.deliver_by, cart.not_before = dt.date(2026, 12, 4), dt.date(2026, 12, 1)
    db.session.commit()
    checking(browser).submit("/commandes")
    (order,) = orders()
    assert (order.deliver_by, order.not_before) == (dt.date(2026, 12, 4), dt.date(2026, 12, 1))
    assert order.urgent_date_state is UrgentDateState.REQUESTED
    assert "vendredi 4 décembre 2026 , demandée" in browser.text


def test_a_lost_session_leaves_the_cart_as_it_was(browser: Browser, people: SimpleNamespace) -> None:
    checking(browser)
    browser.client.delete_cookie("session")
    browser.submit("/commandes")
    assert browser.url.startswith("/connexion")
    assert orders() == []
    cart = cart_lookups.current(people.grand_large.id)
    assert cart is not None
    assert cart.line_count == 2


def test_500_lines_go_from_the_cart_to_the_confirmation_in_three_requests(
    app: Flask, people: SimpleNamespace, count_statements: "type[Statements]"
) -> None:
    many = {cast.title(f"9791000{number:06}"): 2 for number in range(500)}
    carts.add(carts.open_cart(people.grand_large.id), many, people.karim)
    browser = checking(Browser(app.test_client()))
    with count_statements() as statements:
        browser.submit("/commandes")
    assert len(statements.writes) <= 10, statements
    (order,) = orders()
    assert order.line_count == 502
    assert browser.url == f"/commandes/{order.reference}"


@pytest.mark.parametrize("address", ["/commandes/verifier", "/commandes/CMD-2026-000001", "/commandes"])
def test_pages_ask_as_much_of_the_database_for_many_lines_as_for_one(
    app: Flask, people: SimpleNamespace, count_statements: "type[Statements]", address: str
) -> None:
    browser = Browser(app.test_client()).log_in("karim@grandlarge.example")
    many = {cast.title(f"9791000{number:06}"): 2 for number in range(60)}
    carts.add(carts.open_cart(people.grand_large.id), many, people.karim)
    cast.order(people.karim, *many.items())
    db.session.commit()
    with count_statements() as statements:
        assert browser.open(address).status == 200
    assert len(statements) <= 10, statements


def test_the_page_of_an_order_says_how_many_of_its_copies_are_there_now(
    browser: Browser, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    cast.order(people.karim, (shelf.t2, 3), (shelf.t1, 2))
    db.session.commit()
    browser.log_in("karim@grandlarge.example").open("/commandes/CMD-2026-000001")
    assert "disponibles," not in browser.text
    reservations.hold({shelf.t2.id: 1})
    db.session.commit()
    browser.open("/commandes/CMD-2026-000001")
    assert "2 disponibles, 1 noté" in browser.text
    assert "les exemplaires sont mis de côté à la validation" in browser.text


def test_what_is_collected_at_the_counter_says_our_address(browser: Browser, people: SimpleNamespace) -> None:
    carts.open_cart(people.grand_large.id).mode = DeliveryMode.COUNTER
    db.session.commit()
    checking(browser).submit("/commandes")
    assert "7 Rue de l'Ecole Polytechnique" in browser.text

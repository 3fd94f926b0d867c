"""J7: a quote, from the cart to the one order it becomes (R43–R49)."""

import datetime as dt
import logging
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harmattan.cart import lookups as carts
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.orders.models import Order
from harmattan.quotes.models import Offer, Quote
from harmattan.quotes.rules import Outcome, Status
from tests import cast
from tests.browser import Browser, form_data
from tests.journeys.acts import KARIM, LUCIE, MARIE, T1, add_ready_lines, block, in_cart, mails, orders, paste

PAUL = "paul@quais.example"
DEVIS = "DEV-2026-000001"
PAGE, DESK = f"/devis/{DEVIS}", f"/equipe/devis/{DEVIS}"
COMMENT = "Stand 12, avec Cléo Almeida le samedi."

NewBrowser = Callable[..., Browser]


def ask(karim: Browser) -> Browser:
    """Sixty copies of T1 for a book fair, and ninety days to pay."""
    add_ready_lines(paste(karim, f"{T1} 60"))
    karim.open("/panier").submit("/panier", "Demander un devis", comment=COMMENT)
    return karim.submit(
        "/devis",
        surremise="y",
        evenement="fair",
        nom="Salon du livre de Nantes",
        jour="12/12/2026",
        remise="40",
        prolongation="y",
        delai="90",
    )


def offer(marie: Browser, **fields: str) -> Browser:
    """The line split: 50 at 40 %, 10 at the usual 36 %; ninety days, open until the 4th of December."""
    marie.open(DESK).submit(f"{DESK}/proposer", "Diviser Les passeurs du fleuve. Ethnographie d'un delta")
    parts = {"q-1-1": "50", "r-1-1": "40", "q-1-2": "10", "r-1-2": "36"}
    terms = {"delai": "90", "validite": "2026-12-04", "texte": "Bon salon."}
    return marie.submit(f"{DESK}/proposer", "Envoyer le devis", **parts | terms | fields)


@pytest.fixture
def marie(new_browser: NewBrowser, karim: Browser) -> Browser:
    """Marie, by the same way as Karim."""
    return new_browser(karim.htmx).log_in(MARIE)


@pytest.fixture
def offered(karim: Browser, marie: Browser) -> Browser:
    """Karim on the page of the offer."""
    ask(karim)
    offer(marie)
    return karim.open(PAGE)


def the_quote() -> Quote:
    return db.session.scalars(sa.select(Quote)).one()


def test_step_1_the_cart_becomes_a_request_and_nothing_is_ordered(
    karim: Browser, shop: SimpleNamespace
) -> None:
    ask(karim)
    assert karim.url == PAGE
    assert "au plus tard le 24 novembre 2026, 10 h" in block(karim, "standing")
    assert orders() == []
    quote = the_quote()
    assert (quote.event_name, quote.event_on) == ("Salon du livre de Nantes", dt.date(2026, 12, 12))
    assert (quote.wished_discount_bp, str(quote.wished_term)) == (4000, "90 jours fin de mois")
    assert (quote.comment, quote.lines[0].quantity, quote.lines[0].price_cents) == (COMMENT, 60, 2500)
    assert [mail.recipient for mail in mails("quote_requested")] == [KARIM]
    assert carts.header(shop.grand_large.id) == (0, 0)
    karim.open("/panier").submit("/panier/lignes", isbn=T1, quantity="1")
    assert in_cart().keys() == {T1}
    assert the_quote().lines[0].quantity == 60


def test_a_request_sent_twice_is_one(karim: Browser) -> None:
    add_ready_lines(paste(karim, f"{T1} 60"))
    karim.open("/panier").submit("/panier", "Demander un devis")
    again = form_data(karim.form("/devis"))
    wish = {"prolongation": "y", "delai": "90"}
    karim.submit("/devis", **wish)
    karim.post("/devis", again | wish)
    assert karim.url == PAGE
    assert "elle n'a été enregistrée qu'une fois" in karim.text
    assert the_quote().reference == DEVIS
    assert len(mails("quote_requested")) == 1


def test_the_cart_of_a_request_takes_nothing_more(karim: Browser) -> None:
    add_ready_lines(paste(karim, f"{T1} 60"))
    page = form_data(karim.open("/panier").form("/panier"))
    ask(karim)
    karim.post("/panier", page)
    assert karim.status == 409
    assert "Ce panier est déjà une demande de devis" in karim.text


def test_step_2_sales_see_the_request_with_its_clock_and_split_the_line(
    karim: Browser, marie: Browser
) -> None:
    ask(karim)
    queue = marie.open("/equipe/devis").text
    assert DEVIS in queue
    assert "Reste 8 h" in queue
    offer(marie)
    assert marie.status == 200
    sent = db.session.scalars(sa.select(Offer)).one()
    assert [(part.quantity, part.discount_bp) for part in sent.parts] == [(50, 4000), (10, 3600)]
    assert (str(sent.term), sent.valid_until) == ("90 jours fin de mois", dt.date(2026, 12, 4))
    assert [mail.recipient for mail in mails("quote_offered")] == [KARIM]


def test_step_3_the_shop_sees_usual_asked_and_granted_in_euros_and_days(offered: Browser) -> None:
    terms = block(offered, "terms")
    assert "Habituel Demandé Accordé" in terms
    assert "31 janv. 2027" in terms
    assert "28 févr. 2027" in terms
    # 25,00 TTC is 23,70 HT: × 60 less 36 % is 910,08, less 40 % 853,20; 50 at 40 % and 10 at 36 % is 862,68
    assert "Livres HT 910,08 € 853,20 € 862,68 €" in terms
    assert "47,40 € HT de moins, 28 jours de plus pour payer" in terms
    assert "vendredi 4 décembre 2026" in block(offered, "standing")


def test_step_3_a_line_accepted_the_other_declined_is_one_order_with_its_terms(offered: Browser) -> None:
    offered.submit(f"{PAGE}/accepter", ecarter="2")
    assert offered.url == "/commandes/CMD-2026-000001"
    order = orders()[0]
    assert [(line.quantity, line.discount_bp, line.price_cents) for line in order.lines] == [(50, 4000, 2500)]
    assert (str(order.payment_term), order.goods_cents) == ("90 jours fin de mois", 71100)
    assert (order.comment, order.event_on) == (COMMENT, dt.date(2026, 12, 12))
    assert "Salon du livre de Nantes" in offered.text
    assert "pris en compte" in mails("order_recorded")[0].subject
    quote = the_quote()
    assert quote.status is Status.ACCEPTED
    assert [part.is_set_aside for part in quote.offers[0].parts] == [False, True]
    assert "1 titre, 50 exemplaires, sans ce qui est écarté" in offered.open(PAGE).text


# refusals


def test_after_its_last_day_it_is_expired_and_may_be_asked_for_again(offered: Browser) -> None:
    accepting = form_data(offered.form(f"{PAGE}/accepter"))
    clock.start_at(dt.datetime(2026, 12, 5, 9, tzinfo=clock.PARIS))
    offered.log_in(KARIM).post(f"{PAGE}/accepter", accepting | {"csrf_token": offered.token()})
    assert offered.status == 409
    assert "expiré" in offered.text
    assert orders() == []
    offered.open(PAGE)
    assert "Ce devis est expiré" in block(offered, "standing")
    assert offered.page.find("form", action=f"{PAGE}/accepter") is None
    offered.submit(f"{PAGE}/redemander")
    assert offered.url == f"/devis/demander?d_apres={DEVIS}"
    assert in_cart()[T1][0] == 60
    form = form_data(offered.form("/devis"))
    assert (form["nom"], form["jour"], form["remise"], form["delai"]) == (
        ["Salon du livre de Nantes"], ["2026-12-12"], ["40"], ["90"],
    )  # fmt: skip


def test_its_last_day_is_included(offered: Browser) -> None:
    clock.start_at(dt.datetime(2026, 12, 4, 18, tzinfo=clock.PARIS))
    offered.log_in(KARIM).open(PAGE).submit(f"{PAGE}/accepter")
    assert offered.url == "/commandes/CMD-2026-000001"


def test_accepted_twice_it_is_one_order(offered: Browser, new_browser: NewBrowser) -> None:
    other = new_browser(offered.htmx).log_in(KARIM).open(PAGE)
    offered.submit(f"{PAGE}/accepter")
    other.submit(f"{PAGE}/accepter")
    assert other.url == offered.url == "/commandes/CMD-2026-000001"
    assert len(orders()) == 1
    assert len(mails("order_recorded")) == 1


@pytest.mark.parametrize("field", ["q-1", "quantity", "r-1", "discount_bp", "remise", "prix"])
def test_another_quantity_rate_or_price_in_the_form_is_a_409_and_logged(
    offered: Browser, field: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(logging.getLogger("harmattan"), "propagate", True)
    sent = form_data(offered.form(f"{PAGE}/accepter"))
    offered.post(f"{PAGE}/accepter", sent | {field: "99"})
    assert offered.status == 409
    assert "Un devis s'accepte tel qu'il est" in offered.text
    assert f"refused POST {PAGE}/accepter: 409" in caplog.messages
    assert orders() == []
    assert the_quote().status is Status.OFFERED


def test_another_account_finds_no_quote(offered: Browser, new_browser: NewBrowser) -> None:
    paul = new_browser(offered.htmx).log_in(PAUL).open(PAGE)
    nobodys = new_browser(offered.htmx).log_in(PAUL).open("/devis/DEV-2026-999999")
    assert (paul.status, nobodys.status) == (404, 404)
    assert paul.main().h1 == nobodys.main().h1


def test_lucie_without_the_right_gets_a_403(offered: Browser, new_browser: NewBrowser) -> None:
    assert new_browser(offered.htmx).log_in(LUCIE).open(PAGE).status == 403


def test_staff_may_read_but_not_accept_in_the_shops_name(offered: Browser, marie: Browser) -> None:
    assert marie.open(PAGE).status == 200
    assert marie.page.find("form", action=f"{PAGE}/accepter") is None
    marie.post(f"{PAGE}/accepter", {"version": "2", "proposition": "1"})
    assert marie.status == 403


def test_an_edit_after_acceptance_is_a_new_version_and_the_old_one_is_kept(
    offered: Browser, marie: Browser
) -> None:
    offered.submit(f"{PAGE}/accepter")
    marie.open(DESK).submit(f"{DESK}/proposer", "Envoyer le devis", **{"r-1-2": "38"})
    assert marie.status == 200
    outcomes = db.session.scalars(sa.select(Offer.outcome).order_by(Offer.number)).all()
    assert outcomes == [Outcome.ACCEPTED, Outcome.OPEN]
    order = orders()[0]
    assert [line.discount_bp for line in order.lines] == [4000, 3600]
    versions = block(offered.open(PAGE), "versions")
    assert "Version 2 , attend votre accord" in versions
    assert "50 à 40 %, 10 à 36 % → 50 à 40 %, 10 à 38 %" in versions
    offered.submit(f"{PAGE}/accepter", "Accepter la nouvelle proposition")
    assert db.session.scalars(sa.select(Order)).one().id == order.id
    assert [line.discount_bp for line in orders()[0].lines] == [4000, 3800]
    assert cast.SIXTY_DAYS.extended_to(90) == orders()[0].payment_term


def test_an_empty_answer_from_an_old_page_is_told_what_happened(
    offered: Browser, new_browser: NewBrowser
) -> None:
    """A field that is no longer there cannot be corrected."""
    new_browser(offered.htmx).log_in(KARIM).open(PAGE).submit(f"{PAGE}/refuser")
    assert offered.submit(f"{PAGE}/repondre").status == 409
    assert "#reponse" not in str(offered.page)

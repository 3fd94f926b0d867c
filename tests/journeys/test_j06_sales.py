"""J6, the half of sales: the urgent date answered, both dates held to the end (R55–R57, R62, R63)."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from harmattan.core.extensions import db
from harmattan.orders import service
from harmattan.orders.rules import Action, UrgentDateState
from tests import cast
from tests.browser import Browser
from tests.journeys.acts import HUGO, KARIM, MARIE, block, mails, orders

REFERENCE = "CMD-2026-000001"
DESK, PAGE = f"/equipe/commandes/{REFERENCE}", f"/commandes/{REFERENCE}"
THURSDAY, FRIDAY = dt.date(2026, 11, 26), dt.date(2026, 11, 27)


@pytest.fixture
def marie(karim: Browser, new_browser: Callable[..., Browser], shop: SimpleNamespace) -> Browser:
    """Marie, beside Karim's order: without JavaScript or with HTMX, as he."""
    asked = {"deliver_by": THURSDAY, "urgent_date_state": UrgentDateState.REQUESTED}
    cast.order(shop.karim, (shop.t1, 12), **asked)
    db.session.commit()
    return new_browser(karim.htmx).log_in(MARIE)


def propose(marie: Browser) -> Browser:
    """« Impossible », and the 27th instead."""
    return marie.open(DESK).submit(
        f"{DESK}/imperative",
        decision="propose_date",
        date="27/11/2026",
        mots="Le transporteur ne passe pas jeudi.",
    )


def test_another_date_is_proposed_by_mail_and_accepted_on_one_page(karim: Browser, marie: Browser) -> None:
    propose(marie)
    [mail] = mails("order_date")
    assert mail.recipient == KARIM
    assert "Le transporteur ne passe pas jeudi." in mail.body
    said = block(karim.open(PAGE), "proposed")
    assert "jeudi 26 novembre 2026 n'est pas possible" in said
    assert "vendredi 27 novembre 2026" in said
    karim.submit(f"{PAGE}/imperative", "accepter")
    assert (orders()[0].urgent_date_state, orders()[0].deliver_by) == (UrgentDateState.CONFIRMED, FRIDAY)
    assert karim.page.find(id="proposed") is None


def test_a_proposed_date_is_the_shops_turn_everywhere(karim: Browser, marie: Browser) -> None:
    propose(marie)
    assert "Une autre date vous est proposée" in karim.open("/").text
    assert "1 commande attend votre réponse" in karim.text
    assert "À vous : répondre sur la date" in block(karim.open("/commandes"), "list")
    assert "À vous : répondre sur la date" in block(karim.open(PAGE), "tracking")
    assert "À nous" not in block(karim, "tracking")
    assert "« Le transporteur ne passe pas jeudi. »" in block(karim, "proposed")
    assert karim.page.find(id="confirmation") is None
    assert REFERENCE not in block(marie.open("/equipe/commandes"), "queue")
    assert REFERENCE in block(marie.open("/equipe/commandes?onglet=complement"), "queue")
    assert "attend la réponse de la librairie" in marie.open(DESK).text
    assert marie.page.find("form", action=f"{DESK}/validation") is None
    karim.submit(f"{PAGE}/imperative", "accepter")
    assert REFERENCE in block(marie.open("/equipe/commandes"), "queue")
    assert "À nous : vérification" in block(karim.open(PAGE), "tracking")


def test_the_date_is_not_accepted_and_sales_answer_again(karim: Browser, marie: Browser) -> None:
    propose(marie)
    karim.open(PAGE).submit(f"{PAGE}/imperative", "refuser")
    assert orders()[0].urgent_date_state is UrgentDateState.IMPOSSIBLE
    marie.open(DESK).submit(f"{DESK}/imperative", decision="confirm_date")
    assert (orders()[0].urgent_date_state, orders()[0].deliver_by) == (UrgentDateState.CONFIRMED, THURSDAY)


def test_an_order_is_not_validated_while_its_date_waits(marie: Browser) -> None:
    marie.open(DESK)
    assert marie.page.find("form", action=f"{DESK}/validation") is None
    marie.post(f"{DESK}/validation", vu="")
    assert marie.status == 409
    assert marie.page.find("a", href=DESK, string="Revenir à la commande") is not None
    assert not orders()[0].status.is_validated


def test_two_answers_to_a_proposed_date_have_one_effect(karim: Browser, marie: Browser) -> None:
    propose(marie)
    karim.open(PAGE).submit(f"{PAGE}/imperative", "accepter")
    assert karim.post(f"{PAGE}/imperative", reponse="refuser").status == 409
    assert orders()[0].urgent_date_state is UrgentDateState.CONFIRMED


def test_nothing_of_the_order_arrives_before_its_date(shop: SimpleNamespace, browser: Browser) -> None:
    order = cast.order(shop.karim, (shop.t1, 12), not_before=dt.date(2026, 12, 1))
    service.act(order, Action.VALIDATE, shop.marie)
    db.session.commit()
    hugo = browser.log_in(HUGO).open(DESK)
    for copies in ("12", "1"):
        typed = {"colis-1-suivi": "6A12345678901", "colis-1-poids": "4,2", "q-1-1": copies}
        hugo.open(f"{DESK}/expedition").submit(
            f"{DESK}/expedition", "enregistrer", livraison="30/11/2026", **typed
        )
        assert "cet envoi arriverait le lundi 30 novembre 2026" in hugo.text
        assert orders()[0].lines[0].shipped == 0

"""The main journey in Chromium, with JavaScript and without: nothing blocked, nothing complained about."""

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from harmattan.core import clock, jobs
from harmattan.core.extensions import db
from harmattan.orders.rules import Status
from tests import cast
from tests.browser import fold
from tests.journeys.acts import KARIM, MARIE, PASTED, T1, in_cart, mails, orders, threads
from tests.real_parts import LiveServer

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def open_page(request: pytest.FixtureRequest, chromium: Chromium, live_server: LiveServer) -> Iterator:
    """Pages of people who know nothing of each other; nothing may be blocked or complained about."""
    complaints: list[str] = []
    contexts = []

    def opening(email: str) -> Page:
        context = chromium.new_context(base_url=live_server.url, java_script_enabled=request.param)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda fault: complaints.append(str(fault)))
        page.goto("/connexion")
        page.fill("#email", email)
        page.fill("#password", cast.PASSWORD)
        page.click("main button:has-text('Se connecter')")
        page.wait_for_selector("text=Se déconnecter")
        return page

    yield opening
    for context in contexts:
        context.close()
    assert [text for text in complaints if "422" not in text] == []


def test_from_the_pasted_list_to_the_answer_of_sales(open_page) -> None:  # type: ignore[no-untyped-def]
    karim = open_page(KARIM)
    karim.goto("/panier/liste")
    karim.fill("#liste", PASTED)
    karim.click("text=Vérifier avant d’ajouter")
    karim.wait_for_selector("#ligne-7")
    assert "15 exemplaires à ajouter" in fold(karim.inner_text("#ligne-1"))
    karim.check("#choix-3-skip")
    karim.click("button[name=ajouter] >> nth=0")
    karim.wait_for_selector("text=/3\\s+lignes ajoutées/")
    karim.goto("/panier")
    karim.fill(f"#q-{T1}", "12")
    karim.fill("#comment", "Livrer par l’arrière")
    karim.fill("#not_before", "2026-12-01")
    karim.click("text=Vérifier et commander")
    karim.wait_for_selector("h1:has-text('Vérifier et commander')")
    assert "Livrer par l'arrière" in fold(karim.inner_text("#check-facts"))
    karim.click("button:has-text('Commander,')")
    karim.wait_for_selector("#confirmation")
    assert "À nous : vérification" in fold(karim.inner_text("#tracking"))
    reference = karim.url.rpartition("/")[2]

    karim.goto(f"/contact?objet=modifier&commande={reference}")
    karim.fill("#message", "8 au lieu de 12, merci.")
    karim.click("text=Envoyer le message")
    karim.wait_for_selector("#thread")
    message = karim.url.rpartition("/")[2]

    marie = open_page(MARIE)
    marie.goto("/equipe/messages")
    marie.click(f"a[href*='{message}'] >> nth=0")
    marie.click("text=Prendre le message")
    marie.wait_for_selector("text=Prendre le message", state="detached")
    marie.fill("#reponse", "C’est noté.")
    marie.click("text=Envoyer la réponse")
    marie.wait_for_selector(".avis:has-text('envoyée'), #case:has-text('C’est noté.')")

    karim.reload()
    karim.wait_for_selector("text=C’est noté.")
    assert [order.reference for order in orders()] == [reference]
    assert [thread.reference for thread in threads()] == [message]
    assert len(mails("order_recorded")) == len(mails("message_answered")) == 1
    assert in_cart()[T1][0] == 12


@pytest.mark.parametrize("open_page", [True], indirect=True, ids=["with JavaScript"])
def test_a_decision_of_sales_leaves_the_focus_on_what_is_told_of_it(
    open_page,  # type: ignore[no-untyped-def]
    live_server: LiveServer,
) -> None:
    order = cast.order(live_server.people.karim, (live_server.titles.t1, 2))
    db.session.commit()
    marie = open_page(MARIE)
    marie.goto(f"/equipe/commandes/{order.reference}")
    marie.evaluate("document.querySelector('#question').style.height = '15rem'")  # as when it is drawn larger
    for question, told in (("", "Un point à corriger"), ("Quel étage ?", "Question envoyée")):
        marie.fill("#question", question)
        marie.focus("button[value=complement]")
        marie.keyboard.press("Enter")
        marie.wait_for_selector(f".avis:has-text('{told}')")
        marie.wait_for_function("told => document.activeElement.textContent.includes(told)", arg=told)


TOLD = "#subject-details:not(.htmx-added)"
"""What is said of subject and order, once htmx listens to it."""


def test_the_order_one_writes_about_is_answered_beside_what_is_typed(
    open_page,  # type: ignore[no-untyped-def]
    live_server: LiveServer,
) -> None:
    people = live_server.people
    placed = cast.order(people.karim, (live_server.titles.t1, 2))
    validated = cast.order(people.karim, (live_server.titles.t1, 2), number=2, status=Status.VALIDATED)
    db.session.commit()
    karim = open_page(KARIM)
    karim.goto("/contact?objet=suivi")
    with_javascript = karim.evaluate("typeof htmx") == "object"
    karim.fill("#message", "Arrivera-t-elle jeudi ?")
    karim.focus("#commande")
    karim.select_option("#commande", placed.reference)
    assert karim.is_visible("button[name=voir]") is not with_javascript
    if not with_javascript:
        karim.click("button[name=voir]")
    karim.wait_for_selector(f"{TOLD} >> text=Votre commande {placed.reference}")
    assert karim.input_value("#message") == "Arrivera-t-elle jeudi ?"
    assert karim.evaluate("document.activeElement.id") == ("commande" if with_javascript else "savons")
    if with_javascript:
        karim.check("#objet-modifier")
        karim.wait_for_selector(f"{TOLD} >> text=Part vers : service commercial")
        karim.select_option("#commande", validated.reference)
        karim.wait_for_selector(f"{TOLD} >> text=Il est trop tard pour modifier")
        assert not karim.is_visible("#message")
        karim.select_option("#commande", placed.reference)
        karim.wait_for_selector(f"{TOLD} >> #savons")
    karim.click("text=Envoyer le message")
    karim.wait_for_selector("#thread")
    assert [thread.about for thread in threads()] == [placed.reference]


def test_a_settings_change_leaves_the_focus_on_what_is_told_of_it(open_page) -> None:  # type: ignore[no-untyped-def]
    root = open_page("root@equipe.example")
    root.goto("/equipe/reglages/telephones")
    root.fill("#commercial", "01 99 00 00 99")
    for button, told in (("Voir l’aperçu", "Aperçu"), ("Enregistrer ces changements", "Enregistré")):
        root.focus(f"button:has-text('{button}')")
        root.keyboard.press("Enter")
        root.wait_for_selector(f"main :focus:has-text('{told}')")


def test_the_scanner_goes_on_where_it_was(open_page, live_server: LiveServer) -> None:  # type: ignore[no-untyped-def]
    karim = open_page(KARIM)
    karim.goto("/")
    karim.focus("#isbn")
    for title in (live_server.titles.t1, live_server.titles.t5):
        karim.keyboard.type(title.isbn)
        karim.keyboard.press("Enter")
        karim.wait_for_selector(f"text=Ajouté : {title.title}")
        karim.wait_for_selector("#isbn:focus")
    assert set(in_cart()) == {live_server.titles.t1.isbn, live_server.titles.t5.isbn}


def test_what_is_paid_online_is_told_when_it_is_confirmed(
    request: pytest.FixtureRequest, app: Flask, open_page, live_server: LiveServer
) -> None:  # type: ignore[no-untyped-def]
    """F4 less A1 (J11); the notification comes late, and with JavaScript nobody has to ask for it."""
    app.config.update(DEMO=True, PUBLIC_URL=live_server.url)
    papers = cast.documents(live_server.people, live_server.titles)
    lucie = open_page("lucie@grandlarge.example")
    lucie.goto("/paiement")
    lucie.check(f"#d-{papers.f4.number}")
    lucie.check(f"#d-{papers.a1.number}")
    lucie.click("text=Calculer le règlement")
    lucie.click("text=/Payer 63,37\\s€ en ligne/")
    lucie.click("text=Aller sur la page de paiement")
    lucie.click("text=Payer, et le dire une minute plus tard")
    lucie.wait_for_selector("text=ne payez pas une seconde fois")
    clock.start_at(clock.now() + dt.timedelta(minutes=2))
    jobs.run_due()
    if not request.node.callspec.params["open_page"]:
        lucie.click("text=Actualiser")
    lucie.wait_for_selector("#order:has-text('Documents réglés')")
    assert "Reçu" in lucie.inner_text("#order")
    db.session.expire_all()
    assert (papers.f4.open_cents, papers.a1.open_cents) == (0, 0)

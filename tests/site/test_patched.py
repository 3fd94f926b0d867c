"""The fragment law: the page patched with a fragment is the page that a reload shows (issue 2).

Every fragment that an answer names has an act here, done with HTMX on the scene. What is to be corrected
(422) is the page that a plain browser gets for the same form.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pyotp
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask, template_rendered

import harmattan
from harmattan.access.models import User
from harmattan.banking.models import BankLine
from harmattan.banking.rules import LineState
from harmattan.billing.models import Payment
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.orders import changes, questions
from harmattan.orders.models import Order
from harmattan.orders.requests import LineWish, Wish
from harmattan.orders.rules import UrgentDateState
from harmattan.payments.models import PaymentOrder
from harmattan.payments.rules import Status as PaymentStatus
from tests import cast
from tests.browser import Browser, comparable
from tests.cart.conftest import change
from tests.site.scene import ROLES, Asker, Scene, crawl

T1, T4, T5 = "9782343000015", "9782343123455", "9782140423451"


class Act(NamedTuple):
    """What one role does on a page, and the fragments that answer it."""

    role: str
    page: str
    do: Callable[[Browser, str], Any]
    fragments: tuple[str, ...]


def refresh(browser: Browser, url: str) -> None:
    """The page's own address, asked by HTMX as filters, pages and polling do."""
    browser.get_fragment(browser.url)


def press(button: str, action: str = "", **fields: Any) -> Callable[[Browser, str], Any]:
    return lambda browser, url: browser.submit(action or url, button=button, **fields)


def send(action: str, **fields: Any) -> Callable[[Browser, str], Any]:
    """Send the form of this address, relative to the page's where it has no slash before."""
    return lambda browser, url: browser.submit(
        action if action[:1] == "/" else f"{url}{action and '/'}{action}", **fields
    )


def quantity(isbn: str, typed: str, **fields: str) -> Callable[[Browser, str], Any]:
    return lambda browser, url: change(browser, isbn, typed, **fields)


def choose_password(browser: Browser, url: str) -> None:
    browser.htmx = False
    browser.submit(url)
    browser.htmx = True
    refresh(browser, url)


def first_staff_log_in(browser: Browser, url: str = "") -> str:
    """Log in where a second factor is asked for; returns the secret that the page offers."""
    browser.client.application.config["STAFF_TOTP"] = True
    browser.htmx = False
    browser.submit("/connexion", email=str(ROLES["after_sales"]), password=cast.PASSWORD)
    browser.htmx = True
    refresh(browser, url)
    key = browser.main().select_one("form p code")
    return key.get_text().replace(" ", "") if key else ""


def second_staff_log_in(browser: Browser, url: str) -> None:
    secret = first_staff_log_in(browser)
    code = pyotp.TOTP(secret).at(clock.now())
    browser.submit("/connexion/application", one_time_password=code).log_out()
    first_staff_log_in(browser)


def end_sessions(browser: Browser, url: str) -> None:
    """Of two sessions, end the other."""
    Browser(browser.client.application.test_client()).log_in(str(ROLES["principal"]))
    browser.open(url).submit("/compte/sessions")


def insert(browser: Browser, url: str) -> None:
    """An answer under way is not kept: what is compared is the page once it is sent."""
    browser.submit(f"{url}/reponse", button="Insérer")
    assert "Merci, Karim Benali." in browser.text
    browser.submit(f"{url}/reponse", button="Envoyer la réponse")


def settle_dates(browser: Browser, url: str) -> None:
    browser.submit(
        "/panier", button="Actualiser le port et les dates", not_before="2026-12-04", deliver_by="2026-12-01"
    )
    fix = browser.main().select_one("button[name=fix]")
    assert fix
    browser.submit("/panier", button=fix["value"])


def answer_quote(browser: Browser, url: str) -> None:
    browser.submit(f"{url}/repondre", reponse="Et pour cent exemplaires ?")
    assert "Réponse envoyée" in browser.text


def with_order(browser: Browser, url: str, **facts: Any) -> Order:
    """The page's order, with these facts; the page as it is then."""
    order = db.session.scalars(sa.select(Order).filter_by(reference=url.rpartition("/")[2])).one()
    for name, value in facts.items():
        setattr(order, name, value)
    db.session.commit()
    browser.open(url)
    return order


def confirm_date(browser: Browser, url: str) -> None:
    asked = {"deliver_by": dt.date(2026, 12, 4), "urgent_date_state": UrgentDateState.REQUESTED}
    with_order(browser, url, **asked)
    browser.submit(f"{url}/imperative", decision="propose_date", date="07/12/2026", mots="Tirage en cours.")
    assert "autre date proposée" in browser.text


def accept_date(browser: Browser, url: str) -> None:
    proposed = {"deliver_by": dt.date(2026, 12, 4), "proposed_date": dt.date(2026, 12, 7)}
    with_order(browser, url, **proposed, urgent_date_state=UrgentDateState.PROPOSED)
    browser.submit(f"{url}/imperative", button="accepter")
    assert "Votre réponse est enregistrée." in browser.text


def answer_question(browser: Browser, url: str) -> None:
    order = with_order(browser, url)
    questions.ask(
        order, "Quel étage ?", db.session.scalars(sa.select(User).filter_by(email=ROLES["sales"])).one()
    )
    with_order(browser, url)
    browser.submit(f"{url}/complement", message="Le deuxième.")
    assert "Réponse envoyée" in browser.text


def _ask_for_a_change(browser: Browser, url: str) -> None:
    order = with_order(browser, url)
    line = order.lines[0]
    changes.ask(order, Wish((LineWish(line.id, line.title, line.quantity, 9),)), order.placed_by)
    with_order(browser, url)


def apply_change(browser: Browser, url: str) -> None:
    _ask_for_a_change(browser, url)
    browser.submit(f"{url}/demande", button="appliquer")
    assert "Modification appliquée" in browser.text


def refuse_change(browser: Browser, url: str) -> None:
    _ask_for_a_change(browser, url)
    browser.submit(f"{url}/demande", button="refuser", raison="Plus assez en stock.")
    assert "Demande refusée" in browser.text


def withdraw_change(browser: Browser, url: str) -> None:
    _ask_for_a_change(browser, url)
    browser.submit(f"{url}/modifier/retrait")
    assert "Demande retirée." in browser.text


def of_the_order(act: Callable[[Browser, str], Any]) -> Act:
    """What sales decide on the page of an order."""
    return Act("sales", "/equipe/commandes/<reference>", act, ("orders/_case.html", "layout/_avis.html"))


def on_the_order(act: Callable[[Browser, str], Any]) -> Act:
    """What the shop does on the page of its order."""
    return Act(
        "commandes", "/commandes/<reference>", act,
        ("orders/_tracking.html", "orders/_delivery.html", "orders/_threads.html", "layout/_avis.html"),
    )  # fmt: skip


def arrived(browser: Browser, url: str) -> None:
    """« Tout est arrivé », on the order's page."""
    browser.open(url.partition("/colis")[0]).submit(f"{url}/reception")
    assert "réception notée" in browser.text


def prepare(browser: Browser, url: str) -> None:
    page = url.removeprefix("/equipe").removesuffix("/preparation")
    browser.open(page).submit(url)
    assert "En préparation" in browser.text


def allocate(browser: Browser, url: str) -> None:
    """A payment comes in, is allocated as proposed, and the allocation is taken back, then the payment."""
    browser.submit(f"{url}/reglements", montant="10", jour="23/11/2026", libelle="Acompte")
    browser.submit(f"{url}/proposition")
    assert "affecté comme proposé" in browser.text
    assert browser.reloaded()
    browser.submit(f"{url}/annulation")
    assert "annulée." in browser.text
    assert browser.reloaded()
    latest = db.session.scalars(sa.select(Payment.reference).order_by(Payment.id.desc())).first()
    browser.submit(f"{url}/contrepassation", reglement=latest, repris="23/11/2026")
    assert "contrepassé : 10,00 €." in browser.text


def decide_line(browser: Browser, url: str) -> None:
    """A line of the bank's statement is another account's, then no bookshop's at all."""
    line = db.session.scalars(sa.select(BankLine).filter_by(state=LineState.WAITING)).one()
    browser.submit(f"{url}/lignes/{line.id}/compte", compte="quais")
    assert "choisi par" in browser.text
    browser.submit(f"{url}/lignes/{line.id}/ecarter", motif="Erreur de la banque")
    assert "mise de côté." in browser.text


def note_received(browser: Browser, url: str) -> None:
    browser.open(url.rpartition("/")[0]).submit(f"{url}/recu")
    assert "est enregistré sous le numéro" in browser.text


def give_up(browser: Browser, url: str) -> None:
    """A payment that never came."""
    motif = {f"{url.rpartition('/')[2]}-motif": "Rien n’est arrivé."}
    browser.open(url.rpartition("/")[0]).submit(f"{url}/annuler", **motif)
    assert "n'est plus attendu" in browser.text


def clear(browser: Browser, url: str) -> None:
    order = db.session.scalars(sa.select(PaymentOrder).filter_by(reference=url.rpartition("/")[2])).one()
    order.status = PaymentStatus.TO_CHECK
    db.session.commit()
    browser.open(f"{url.rpartition('/')[0]}?etat=a-verifier").submit(f"{url}/verifie")
    assert "est vérifié." in browser.text


def announced(act: Callable[[Browser, str], Any]) -> Act:
    """What accounting does with a payment that a shop announced."""
    page = "/equipe/comptabilite/reglements/<reference>"
    return Act("accounting", page, act, ("payments/_announced.html", "layout/_avis.html"))


ACTS = {
    "log-in": Act("visitor", "/connexion", refresh, ("access/_log_in.html",)),
    "forgotten": Act("visitor", "/mot-de-passe-oublie", refresh, ("access/_forgotten.html",)),
    "new password": Act(
        "visitor", "/mot-de-passe-oublie/<token>", choose_password, ("access/_new_password.html",)
    ),
    "offer a second factor": Act("visitor", "/connexion", first_staff_log_in, ("access/_set_up.html",)),
    "ask for a code": Act("visitor", "/connexion", second_staff_log_in, ("access/_code.html",)),
    "ask access": Act("visitor", "/acces", refresh, ("onboarding/_request.html",)),
    "activate": Act("visitor", "/acces/<token>#first", refresh, ("onboarding/_activation.html",)),
    "apply": Act("visitor", "/ouvrir-un-compte", refresh, ("applications/_form.html",)),
    "answer a question": Act(
        "visitor", "/ouvrir-un-compte/<token>", send("", message="Voici."),
        ("applications/_application.html", "layout/_avis.html"),
    ),
    "ask for pieces": Act(
        "sales", "/equipe/acces/<reference>", send("complement", question="Et le RIB ?"),
        ("applications/_study.html", "layout/_avis.html"),
    ),
    "ask for a change": Act("principal", "/compte/modification", refresh, ("details/_form.html",)),
    "apply a change": Act(
        "sales", "/equipe/coordonnees/<reference>", send("appliquer"),
        ("details/_decision.html", "layout/_avis.html"),
    ),
    "approve": Act("principal", "/acces/<token>", refresh, ("onboarding/_approval.html",)),
    "rights": Act("principal", "/compte/utilisateurs/<key>", refresh, ("people/_access.html",)),
    "password": Act("principal", "/compte/securite", refresh, ("people/_password.html",)),
    "own second factor": Act(
        "sales", "/compte/second-facteur", send("", present_password=cast.PASSWORD),
        ("people/_second_factor.html",),
    ),
    "sessions": Act("principal", "/compte/securite", end_sessions, ("people/_sessions.html",)),
    "search": Act("principal", "/catalogue?q=passeurs", refresh, ("catalogue/_results.html",)),
    "add from the results": Act(
        "commandes",
        "/catalogue?q=port",
        lambda browser, url: browser.submit("/panier/lignes", quantity="2"),
        ("cart/_added.html", "cart/_cart_count.html"),
    ),
    "scan a return": Act(
        "commandes", "/retours/nouveau", send("/retours/nouveau/lignes", isbn=T5), ("returns/_draft.html",)
    ),
    "quantity of a return": Act(
        "commandes", "/retours/nouveau", press("enregistrer", **{f"q-{T1}": "1"}), ("returns/_draft.html",)
    ),
    "cancel a return": Act("commandes", "/retours/<reference>", send("annuler"), ("returns/_slip.html",)),
    "receive a return": Act(
        "after_sales", "/equipe/retours/<reference>", send("reception"), ("returns/_reception.html",)
    ),
    "search everywhere": Act("principal", "/recherche?q=port", refresh, ("home/_found.html",)),
    "questions": Act("visitor", "/faq?q=retour", refresh, ("faq/_questions.html",)),
    "did it help": Act(
        "visitor", "/faq?question=avoirs", send("/faq/avis", aide="oui"), ("faq/_helped.html",)
    ),
    "subject": Act("commandes", "/contact?objet=lcr", refresh, ("contact/_contact_form.html",)),
    "subject of a visitor": Act("visitor", "/contact?objet=suivi", refresh, ("contact/_contact_form.html",)),
    "quantity": Act(
        "commandes", "/panier", quantity(T1, "4"),
        ("cart/_line.html", "cart/_totals.html", "cart/_cart_count.html"),
    ),
    "heavier": Act("commandes", "/panier", quantity(T1, "40"), ("cart/_line.html", "cart/_mode.html")),
    "not noted": Act(
        "commandes", "/panier", quantity(T4, "1", **{f"p-{T4}": "skip"}), ("cart/_problems.html",)
    ),
    "remove": Act(
        "commandes", "/panier", press("Retirer Les passeurs du fleuve", "/panier"), ("cart/_cart.html",)
    ),
    "mode": Act(
        "commandes", "/panier", press("Actualiser le port et les dates", "/panier", mode="express"),
        ("cart/_delivery.html", "cart/_totals.html", "cart/_problems.html"),
    ),
    "dates": Act("commandes", "/panier", settle_dates, ("cart/_cart.html",)),
    "quantities": Act(
        "commandes", "/panier",
        press("Mettre à jour les quantités", "/panier", comment="Merci", **{f"q-{T1}": "3"}),
        ("cart/touched.html", "cart/_changes.html", "cart/_mode.html", "cart/_note.html"),
    ),
    "whole cart": Act("commandes", "/panier", refresh, ("cart/_cart.html", "cart/_cart_count.html")),
    "quick order": Act(
        "commandes", "/", send("/panier/lignes", isbn=T5), ("cart/_quick_order.html", "cart/_cart_count.html")
    ),
    "files with mails": Act("principal", "/compte/echanges", refresh, ("exchanges/_choices.html",)),
    "again": Act("commandes", "/commandes/<reference>/a-nouveau", refresh, ("orders/_again.html",)),
    "new list": Act("commandes", "/panier/liste", refresh, ("lists/_paste_form.html",)),
    "review": Act("commandes", "/panier/liste/<key>", refresh, ("lists/_review.html",)),
    "correct": Act(
        "commandes", "/panier/liste/<key>",
        press("Vérifier les corrections", **{"isbn-2": T1, "quantite-2": "2"}),
        ("lists/_review.html", "layout/_avis.html"),
    ),
    "add ready lines": Act(
        "commandes", "/panier/liste/<key>", press("ajouter"), ("lists/_review.html", "layout/_avis.html")
    ),
    "check": Act("commandes", "/commandes/verifier", refresh, ("orders/_check.html",)),
    "orders": Act("commandes", "/commandes?q=CMD", refresh, ("orders/_list.html",)),
    "documents": Act("documents", "/documents?q=FA", refresh, ("billing/_list.html",)),
    "statement": Act("documents", "/releves", refresh, ("billing/_statement.html",)),
    "dossier": Act(
        "documents", "/documents/dossiers/<reference>", refresh, ("dossiers/_dossier.html",)
    ),
    "dossiers": Act("documents", "/documents/dossiers", refresh, ("dossiers/_ask.html",)),
    "tracking": Act(
        "commandes", "/commandes/<reference>", refresh,
        ("orders/_tracking.html", "orders/_head.html", "orders/_change.html", "orders/_mails.html"),
    ),
    "tracking by itself": Act(
        "commandes", "/commandes/<reference>", lambda browser, url: browser.get_fragment(f"{url}/suivi"),
        ("orders/_tracking.html", "orders/_parcels.html", "orders/_lines.html", "orders/_mails.html",
         "orders/_amounts.html", "orders/_documents.html", "exchanges/_order_files.html"),
    ),
    "tell me": Act(
        "commandes", "/commandes/<reference>/colis/<number>",
        lambda browser, url: browser.open(url.partition("/colis")[0]).submit(
            f"{url.partition('/colis')[0]}/titres/9782296000018/prevenir", "prevenir"
        ),
        ("orders/_lines.html",),
    ),
    "gap": Act(
        "commandes", "/commandes/<reference>/colis/<number>", refresh, ("shipments/_parcel.html",)
    ),
    "change by phone": Act(
        "sales", "/equipe/commandes/<reference>/modifier", refresh, ("orders/_phone_form.html",)
    ),
    "call": Act(
        "after_sales", "/equipe/commandes/<reference>/adresse", refresh, ("shipments/_address.html",)
    ),
    "rest": Act("sales", "/equipe/commandes/<reference>/reste", refresh, ("shipments/_rest.html",)),
    "warehouse": Act("sales", "/equipe/expeditions", refresh, ("shipments/_warehouse.html",)),
    "departure": Act(
        "after_sales", "/equipe/commandes/<reference>/expedition", refresh, ("shipments/_departure.html",)
    ),
    "refused": Act(
        "after_sales", "/equipe/retours/<reference>", lambda browser, url: browser.post(f"{url}/avoir"),
        ("errors/_avis.html",),
    ),
    "quotes": Act("commandes", "/devis", refresh, ("quotes/_list.html",)),
    "ask for a quote": Act("commandes", "/devis/demander", refresh, ("quotes/_ask.html",)),
    "answer a quote": Act("commandes", "/devis/<reference>", answer_quote, ("quotes/_quote.html",)),
    "quotes to answer": Act("sales", "/equipe/devis", refresh, ("quotes/_queue.html",)),
    "offer": Act("sales", "/equipe/devis/<reference>", refresh, ("quotes/_offer_desk.html",)),
    "thread": Act("commandes", "/messages/<reference>", refresh, ("conversations/_thread.html",)),
    "reply": Act(
        "commandes", "/messages/<reference>", send("", message="Encore un mot."),
        ("conversations/_thread.html",)
    ),
    "visitor's reply": Act(
        "visitor", "/messages/suivi/<token>", send("", message="Encore un mot."),
        ("conversations/_thread.html",)
    ),
    "change an order": Act(
        "commandes", "/commandes/<reference>/modifier", refresh, ("orders/_change_form.html",)
    ),
    "orders to check": Act("sales", "/equipe/commandes?onglet=validees", refresh, ("orders/_queue.html",)),
    "an order to check": Act("sales", "/equipe/commandes/<reference>", refresh, ("orders/_case.html",)),
    "validate": of_the_order(send("validation")),
    "ask details": of_the_order(send("complement", question="Quel étage ?")),
    "cancel an order": of_the_order(send("annulation", motif="Épuisé.")),
    "confirm a date": of_the_order(confirm_date),
    "apply what is asked": of_the_order(apply_change),
    "refuse what is asked": of_the_order(refuse_change),
    "accept a date": on_the_order(accept_date),
    "answer sales": on_the_order(answer_question),
    "withdraw what is asked": on_the_order(withdraw_change),
    "parcel arrived": Act(
        "commandes", "/commandes/<reference>/colis/<number>", arrived, ("orders/_parcels.html",)
    ),
    "prepare": Act(
        "after_sales", "/equipe/commandes/<reference>/preparation", prepare, ("orders/_tracking.html",)
    ),
    "take": Act("sales", "/equipe/messages/<reference>", send("prise"), ("conversations/_desk.html",)),
    "close": Act("sales", "/equipe/messages/<reference>", send("cloture"), ("conversations/_desk.html",)),
    "insert": Act("sales", "/equipe/messages/<reference>", insert, ("conversations/_case.html",)),
    "canned answer": Act(
        "sales",
        "/equipe/messages/<slug>/reponses-types/<key>",
        refresh,
        ("conversations/_canned_answer.html",),
    ),
    "mail choices": Act("commandes", "/compte/courriels", refresh, ("mails/_preferences.html",)),
    "send again": Act("sales", "/equipe/courriels/<key>", refresh, ("mails/_send_again.html",)),
    "mail in quarantine": Act("sales", "/equipe/courriels/recus/<key>", refresh, ("mails/_incoming.html",)),
    "note": Act(
        "sales", "/equipe/messages/<reference>", send("note", note="À rappeler."),
        ("conversations/_notes.html",)
    ),
    "queue": Act("sales", "/equipe/messages/commercial?qui=moi", refresh, ("conversations/_desk.html",)),
    "accounts": Act("sales", "/equipe/acces/comptes?q=quais", refresh, ("accounts/_list.html",)),
    "what is ticked": Act(
        "documents", "/paiement", refresh, ("payments/_amounts.html", "payments/_means.html")
    ),
    "a payment taken back": Act(
        "documents", "/paiement/<reference>", send("annuler"), ("payments/_order.html",)
    ),
    "ask for LCR": Act("documents", "/paiement/lcr", refresh, ("lcr/_ask.html",)),
    "prepare LCR": Act("accounting", "/equipe/comptabilite/lcr", refresh, ("lcr/_prepare.html",)),
    "mandate": Act(
        "accounting", "/equipe/comptabilite/lcr/mandats/<reference>", refresh, ("lcr/_mandate.html",)
    ),
    "leave out of a remittance": Act(
        "accounting", "/equipe/comptabilite/lcr/lots/<reference>", send("ecarter"), ("lcr/_review.html",)
    ),
    "remittance at the bank": Act(
        "accounting", "/equipe/comptabilite/lcr/lots/<reference>#sent", refresh, ("lcr/_sent.html",)
    ),
    "what a file of unpaid LCR says": Act(
        "accounting", "/equipe/comptabilite/lcr/avis/<reference>", refresh, ("lcr/_notice.html",)
    ),
    "a file of unpaid LCR": Act(
        "accounting", "/equipe/comptabilite/lcr/avis", refresh, ("lcr/_notices.html",)
    ),
    "oversight": Act("sales", "/equipe/pilotage", refresh, ("oversight/_figures.html",)),
    "ledger": Act("accounting", "/equipe/comptabilite", refresh, ("ledger/_desk.html",)),
    "reminders": Act(
        "accounting", "/equipe/comptabilite/relances?etat=en-attente", refresh, ("reminders/_debtors.html",)
    ),
    "an account to remind": Act(
        "accounting", "/equipe/comptabilite/relances/<number>", refresh, ("reminders/_case.html",)
    ),
    "exports": Act(
        "accounting", "/equipe/comptabilite/exports", refresh, ("bookkeeping/_exports.html",)
    ),
    "ledger of an account": Act(
        "accounting", "/equipe/comptabilite/comptes/<number>", refresh, ("ledger/_account.html",)
    ),
    "statements of the bank": Act(
        "accounting", "/equipe/comptabilite/banque", refresh, ("banking/_files.html",)
    ),
    "lines of a statement": Act(
        "accounting", "/equipe/comptabilite/banque/<reference>", decide_line,
        ("banking/_statement.html", "layout/_avis.html"),
    ),
    "credit note by hand": Act(
        "accounting", "/equipe/comptabilite/comptes/<number>/avoir", refresh, ("ledger/_credit.html",)
    ),
    "allocate and take back": Act(
        "accounting", "/equipe/comptabilite/comptes/<number>", allocate,
        ("ledger/_account.html", "layout/_avis.html"),
    ),
    "a payment received": announced(note_received),
    "a payment that never came": announced(give_up),
    "a payment looked at": announced(clear),
    "account": Act("sales", "/equipe/acces/comptes/<number>", refresh, ("accounts/_users.html",)),
    "last day": Act("sales", "/equipe/acces/comptes/<number>/<key>", refresh, ("accounts/_last_day.html",)),
    "invite": Act("sales", "/equipe/acces/invitations", refresh, ("accounts/_invite_form.html",)),
    "invitations": Act(
        "sales", "/equipe/acces/invitations/<reference>", refresh, ("accounts/_invitation_list.html",)
    ),
    "settings": Act("settings", "/equipe/reglages/<slug>", refresh, ("settings/_section.html",)),
    "add staff": Act("settings", "/equipe/utilisateurs", refresh, ("team/_add.html",)),
    "service": Act("settings", "/equipe/utilisateurs/<key>", refresh, ("team/_service_form.html",)),
    "journal": Act("settings", "/equipe/journal?compte=104512", refresh, ("accounts/_journal.html",)),
    "import": Act("sales", "/equipe/catalogue/<reference>", refresh, ("imports/_run.html",)),
    "upload": Act("sales", "/equipe/catalogue", refresh, ("imports/_upload.html",)),
}  # fmt: skip


@contextmanager
def rendered(app: Flask) -> Iterator[list[str]]:
    """The templates that answers name; what they include does not count."""
    names: list[str] = []

    def note(_app: Flask, template: Any, **_rest: Any) -> None:
        names.append(template.name)

    with template_rendered.connected_to(note, app):
        yield names


@pytest.mark.parametrize("name", ACTS)
def test_the_patched_page_is_the_page_a_reload_shows(scene: Scene, name: str) -> None:
    act = ACTS[name]
    browser = Browser(scene.client(act.role), htmx=True)
    path, _, query = act.page.partition("?")
    url = scene.address(path) or path
    browser.open(f"{url}?{query}" if query else url)
    with rendered(scene.app) as names:
        act.do(browser, url)
    assert set(act.fragments) <= set(names)
    assert browser.reloaded()


def test_every_fragment_that_an_answer_names_is_patched_here() -> None:
    code = Path(harmattan.__file__).parent.rglob("*.py")
    named = {name for path in code for name in re.findall(r'"(\w+/_\w+\.html)"', path.read_text())}
    named -= {"mail/_html.html"}  # no answer: the frame of every mail
    assert named - {name for act in ACTS.values() for name in act.fragments} == set()


@pytest.mark.parametrize("role", ["visitor", "principal", "sales"])
def test_what_is_to_be_corrected_reads_as_in_a_plain_browser(scene: Scene, role: str, tmp_path: Path) -> None:
    asker, different = Asker(scene.client(role), tmp_path), []
    for page in crawl(asker.client, "/equipe" if role == "sales" else "/"):
        for form in BeautifulSoup(page.html, "html.parser").find_all("form", attrs={"data-hx-post": True}):
            action = str(form["action"]).partition("?")[0]
            patched, plain = (sent_empty(asker, page.url, action, htmx) for htmx in (True, False))
            roots = BeautifulSoup(patched.response.text, "html.parser").find_all(id=True, recursive=False)
            twins = [plain.page.find(id=root["id"]) for root in roots if patched.status == 422]
            if any(comparable(root) != comparable(twin) for root, twin in zip(roots, twins, strict=False)):
                different.append((page.url, action))
    assert different == []


def sent_empty(asker: Asker, page: str, action: str, htmx: bool) -> Browser:
    """Send this form of the page without any value."""
    browser = Browser(asker.client, htmx).open(page)
    fields = browser.form(action).select("[name]:not([type=hidden])")
    browser.submit(action, **dict.fromkeys((str(field["name"]) for field in fields), ""))
    asker.rewind()
    return browser

"""What people do in the journeys, by the pages themselves, and what is then to be seen."""

import sqlalchemy as sa

from harmattan.access.models import LoginSession
from harmattan.cart.models import CartLine
from harmattan.cart.rules import BackorderPolicy
from harmattan.catalogue.models import Title
from harmattan.conversations.models import Thread
from harmattan.core.extensions import db
from harmattan.orders.models import Order
from harmattan.outbox.models import OutboxMessage
from tests.browser import Browser, fold, form_data

KARIM = "karim@grandlarge.example"
LUCIE = "lucie@grandlarge.example"
MARIE = "marie@equipe.example"
HUGO = "hugo@equipe.example"
INES = "ines@equipe.example"

T1, T2, T3, T4, T5 = "9782343000015", "9782296000018", "9782738400017", "9782343123455", "9782140423451"

PASTED = """978-2-343-00001-5 12
2343000018;3
9782296000018 x 5
9782738400017 2
9782343123455 4
9782343000016 1
bonjour"""
"""Karim's list of seven lines (J5)."""


def paste(browser: Browser, text: str = PASTED) -> Browser:
    return browser.open("/panier/liste").submit("/panier/liste", liste=text)


def add_ready_lines(browser: Browser, **choices: str) -> Browser:
    """« Ajouter les … lignes prêtes » on the review page."""
    return browser.submit(browser.url.partition("?")[0], "ajouter", **choices)


def order_ready(browser: Browser, lines: str = PASTED, **cart: str) -> Browser:
    """The list added, what the cart asks filled in, and on to the check page."""
    add_ready_lines(paste(browser, lines))
    browser.open("/panier").submit("/panier", "Vérifier et commander", **cart)
    assert browser.url == "/commandes/verifier", browser.text
    return browser


def place(browser: Browser) -> Browser:
    """« Commander »."""
    return browser.submit("/commandes")


def send_again(browser: Browser, action: str) -> dict[str, list[str]]:
    """What the form of the page would send once more, after « back » or a second press."""
    return form_data(browser.form(action))


def write(browser: Browser, subject: str, message: str, **fields: str) -> Browser:
    """A message to the service of its subject."""
    return browser.open(f"/contact?objet={subject}").submit("/contact", message=message, **fields)


def lose_every_session() -> None:
    db.session.execute(sa.delete(LoginSession))
    db.session.commit()


def log_in_again(browser: Browser, email: str = KARIM) -> Browser:
    """From the log-in page that a lost session led to."""
    assert browser.url.startswith("/connexion"), browser.url
    return browser.submit("/connexion", email=email, password="trois-libraires-au-soleil")


# what is then to be seen


def block(browser: Browser, id: str) -> str:
    """What one part of the page says."""
    found = browser.page.find(id=id)
    assert found is not None, f"no #{id} on {browser.url}: {browser.text[:400]}"
    return fold(found.get_text(" "))


def in_cart() -> dict[str, tuple[int, BackorderPolicy]]:
    lines = db.session.execute(
        sa.select(Title.isbn, CartLine.quantity, CartLine.backorder_policy).join(CartLine.title)
    )
    return {isbn: (quantity, policy) for isbn, quantity, policy in lines}


def orders() -> list[Order]:
    return list(db.session.scalars(sa.select(Order).order_by(Order.id)))


def threads() -> list[Thread]:
    return list(db.session.scalars(sa.select(Thread).order_by(Thread.id)))


def mails(kind: str) -> list[OutboxMessage]:
    return list(db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == kind)))

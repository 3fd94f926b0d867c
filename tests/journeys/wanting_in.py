"""What people do who ask for access (J1, J2), and the mails that come of it."""

import datetime as dt
import re

import sqlalchemy as sa

from harmattan.core import clock, jobs
from harmattan.core.extensions import db
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser

CHOSEN = "quatre phares sous la marée"
EVA = {"number": "104800", "last_name": "Tanguy", "first_name": "Eva", "email": "eva@x.example"}
ZOE = {"number": "104512", "last_name": "Prat", "first_name": "Zoé", "email": "zoe@x.example"}


def sent(kind: str = "") -> list[OutboxMessage]:
    found = db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)).all()
    return [mail for mail in found if kind in ("", mail.kind)]


def ask(browser: Browser, person: dict[str, str]) -> str:
    """Send the form and let the worker do its part; returns the path of the last link mailed."""
    browser.open("/acces").submit("/acces", password=CHOSEN, **person)
    assert browser.url == "/acces/envoyee", browser.text
    jobs.run_due()
    return last_link()


def last_link() -> str:
    links = [re.search(r"http://[^/]+(/acces/\S+)", mail.body) for mail in sent()]
    return next((link[1] for link in reversed(links) if link), "")


def at(days: float = 0, hours: float = 0) -> None:
    clock.start_at(cast.MONDAY + dt.timedelta(days=days, hours=hours))
    jobs.run_due()


def logs_in(browser: Browser, email: str) -> bool:
    browser.open("/connexion").submit("/connexion", email=email, password=CHOSEN)
    return browser.url == "/"

"""What areas ask of each other by name is provided, and nothing is provided that nobody asks for."""

import re
from pathlib import Path

from harmattan.acts import ACTS
from harmattan.applications import rules as applications
from harmattan.billing import rules as billing
from harmattan.conversations import rules as conversations
from harmattan.details import rules as details
from harmattan.lcr import rules as lcr
from harmattan.mails import rules as mails
from harmattan.onboarding import rules as onboarding
from harmattan.orders import rules as orders
from harmattan.payments import rules as payments
from harmattan.quotes import rules as quotes
from harmattan.settings import rules as settings
from harmattan.shipments import rules as shipments
from harmattan.wiring import PROVIDERS

SOURCES = Path(__file__).parents[2] / "harmattan"
ASKED = re.compile(r"""\b(?:ask|ask_first|ask_all|Attached)\(\s*["']([\w.]+)["']""")


def test_every_name_asked_for_is_provided_and_no_other() -> None:
    files = [path for path in SOURCES.rglob("*") if path.suffix in (".py", ".html", ".txt")]
    asked = {name for path in files for name in ASKED.findall(path.read_text())}
    assert asked == {name for name, _ in PROVIDERS}


RECORDED = re.compile(r"""(?:record|_tell|_close|_note)\(\s*"(\w+\.\w+)\"""")
BY_TABLE = {
    "orders": tuple(orders.Action),
    "conversations": (*conversations.Action, "receive", "ask"),
    "mails": tuple(mails.MailAction),
    "onboarding": tuple(onboarding.Action),
    "applications": tuple(applications.Action),
    "details": tuple(details.Action),
    "lcr": (*lcr.Action, *lcr.RemittanceAction),
    "payments": tuple(payments.Action),
    "quotes": tuple(quotes.Action),
    "settings": ("change", "propose", *settings.Action),
    "shipments": tuple(shipments.Action),
    "billing": tuple(f"issue_{kind}" for kind in billing.Kind),
}
"""Areas whose one writer of states records each action of its table."""


def test_every_act_that_is_recorded_has_its_name_in_the_journals_and_no_other() -> None:
    literal = {name for path in SOURCES.rglob("*.py") for name in RECORDED.findall(path.read_text())}
    by_table = {f"{area}.{action}" for area, actions in BY_TABLE.items() for action in actions}
    assert ACTS.keys() == literal | by_table

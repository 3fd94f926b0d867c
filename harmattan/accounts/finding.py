"""Accounts, for the search at the top of every page of staff."""

import re

from flask import url_for
from flask_login import current_user

from harmattan.accounts import lookups
from harmattan.accounts.lookups import Standing
from harmattan.core.finding import HITS, Group, Hit


def exact(text: str) -> str | None:
    """An account's number leads to it."""
    number = "".join(text.split())
    if not (current_user.is_staff and re.fullmatch(r"\d{4,10}", number)):
        return None
    return _address(number) if lookups.of_numbers([number]) else None


def group(text: str) -> Group | None:
    """Accounts by their name, city or people."""
    if not current_user.is_staff:
        return None
    found = lookups.page_of({"q": text}).standings
    hits = [
        Hit(each.account.trade_name, _address(each.account.number), _detail(each)) for each in found[:HITS]
    ]
    return Group("Comptes", hits, url=url_for("staff.accounts.index", q=text))


def _address(number: str) -> str:
    return url_for("staff.accounts.show", number=number)


def _detail(standing: Standing) -> str:
    account = standing.account
    return f"{account.number}, {account.city}, {standing.state.label.lower()}"

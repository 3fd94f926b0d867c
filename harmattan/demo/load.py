"""The whole demonstration, in one go and only once."""

import sqlalchemy as sa
from flask import current_app

from harmattan.access.models import Account
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.demo import people, tariffs


class NotInProduction(Exception):
    """Invented shops and a known password have no place in production."""


def load() -> bool:
    """Load the demonstration and commit; False, and nothing changed, where accounts are already there."""
    if current_app.config["ENV_NAME"] == "production":
        raise NotInProduction
    if db.session.scalar(sa.select(Account.id).limit(1)) is not None:
        return False
    people.add()
    tariffs.add(clock.today())
    db.session.commit()
    return True

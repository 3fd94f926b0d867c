"""What an account chose to receive with its mails."""

from collections.abc import Mapping

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.core import audit
from harmattan.core.extensions import db
from harmattan.exchanges.models import ExchangeChoice
from harmattan.exchanges.rules import Format, Kind


def chosen(account_id: int) -> dict[Kind, Format]:
    """The form of each kind of file that comes with the account's mails."""
    rows = db.session.execute(
        sa.select(ExchangeChoice.kind, ExchangeChoice.form).where(ExchangeChoice.account_id == account_id)
    )
    return {row.kind: row.form for row in rows}


def choose(account_id: int, wanted: Mapping[Kind, Format], by: User) -> None:
    """Keep what the account wants from now on; mails already written go as they were to go."""
    db.session.execute(sa.delete(ExchangeChoice).where(ExchangeChoice.account_id == account_id))
    db.session.add_all(
        ExchangeChoice(account_id=account_id, kind=kind, form=form) for kind, form in wanted.items()
    )
    said = ", ".join(f"{kind.message} {form}" for kind, form in wanted.items())
    audit.record("exchanges.choose", "", actor=by.name, account_id=account_id, wanted=said)

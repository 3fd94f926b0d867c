"""Which files an account wants with its mails."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from harmattan.access.models import Account
from harmattan.access.scope import Owned
from harmattan.exchanges.rules import Format, Kind


class ExchangeChoice(Owned):
    """One kind of file in one form; without a row none comes."""

    __tablename__ = "exchange_choices"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id), primary_key=True)
    kind: Mapped[Kind] = mapped_column(primary_key=True)
    form: Mapped[Format]

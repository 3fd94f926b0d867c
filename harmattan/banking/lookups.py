"""Statements as pages look for them, and the accounts that accounting name."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload

from harmattan.access.models import Account
from harmattan.banking.models import BankFile, BankLine
from harmattan.banking.rules import LineState
from harmattan.core.extensions import db
from harmattan.core.paging import Sheet
from harmattan.core.worklist import Work

LATEST_FILES = 30
LINES_A_PAGE = 50


def latest() -> Sequence[BankFile]:
    """The latest statements."""
    return db.session.scalars(sa.select(BankFile).order_by(BankFile.id.desc()).limit(LATEST_FILES)).all()


def waiting_by_file() -> Mapping[int, int]:
    """How many lines wait in each statement that is not done with."""
    counted = sa.select(BankLine.file_id, sa.func.count()).where(BankLine.state == LineState.WAITING)
    return dict(db.session.execute(counted.group_by(BankLine.file_id)).all())


def counts(file: BankFile) -> Mapping[LineState, int]:
    """How many lines of a statement are in each state."""
    counted = sa.select(BankLine.state, sa.func.count()).where(BankLine.file_id == file.id)
    return dict(db.session.execute(counted.group_by(BankLine.state)).all())


def lines_of(file: BankFile, state: LineState, sheet: Sheet) -> Sequence[BankLine]:
    """A page of the lines of a statement that are in this state, as the file has them."""
    its = sa.select(BankLine).where(BankLine.file_id == file.id, BankLine.state == state)
    whole = its.options(joinedload(BankLine.payment), joinedload(BankLine.account))
    return db.session.scalars(whole.order_by(BankLine.id).offset(sheet.offset).limit(sheet.length)).all()


def account_of(typed: str) -> Account | None:
    """The account of this number, or the only one whose name holds these words."""
    if by_number := db.session.scalar(sa.select(Account).where(Account.number == typed)):
        return by_number
    name = Account.trade_name.icontains(typed, autoescape=True)
    named = db.session.scalars(sa.select(Account).where(name).limit(2)).all() if typed else []
    return named[0] if len(named) == 1 else None


def work() -> Work:
    """Lines of the bank's statements that nobody booked or left out yet, for accounting's worklist."""
    one, many = "ligne de relevé bancaire à traiter", "lignes de relevés bancaires à traiter"
    return Work(one, many, url_for("staff.banking.index"), sum(waiting_by_file().values()))

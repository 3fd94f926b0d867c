"""What forms ask of a cheque: its number and the bank it is drawn on; both where it is one (`is_cheque`)."""

import re
from typing import Any

from wtforms import StringField
from wtforms.validators import ValidationError

from harmattan.billing.allocation import Cheque
from harmattan.core.forms import at_most

LONGEST_NUMBER, LONGEST_BANK = 20, 60


def number_field() -> StringField:
    return StringField("Numéro du chèque", [at_most(LONGEST_NUMBER), _is_number], filters=[_stripped])


def bank_field() -> StringField:
    return StringField("Banque du chèque", [at_most(LONGEST_BANK), _is_said], filters=[_stripped])


def drawn(form: Any) -> Cheque | None:
    """The cheque that was typed, where it is one."""
    return Cheque(form.cheque.data, form.banque.data) if form.is_cheque else None


def _stripped(typed: str | None) -> str:
    return (typed or "").strip()


def _is_number(form: Any, field: StringField) -> None:
    if form.is_cheque and not re.fullmatch("[0-9]+", field.data):
        raise ValidationError("Saisissez le numéro du chèque, en chiffres, par exemple 4512007")


def _is_said(form: Any, field: StringField) -> None:
    if form.is_cheque and not field.data:
        raise ValidationError("Saisissez la banque du chèque")

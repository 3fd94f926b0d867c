"""Fields that several of our forms share: a number of copies, a day to come."""

from dataclasses import dataclass

from wtforms.validators import ValidationError

from harmattan.cart.rules import UnreadableQuantity, parse_quantity
from harmattan.core import clock
from harmattan.core.forms import DayField


@dataclass
class Cell:
    """How many copies of one title are in one parcel, as it was typed."""

    name: str
    text: str
    count: int = 0
    fault: str = ""

    def read(self) -> None:
        """Nothing and zero mean none."""
        if not self.text.strip("0 "):
            return
        try:
            self.count = parse_quantity(self.text)
        except UnreadableQuantity as fault:
            self.fault = fault.message


def to_come(_form: object, field: DayField) -> None:
    """A validator: no day gone by."""
    if field.day and field.day < clock.today():
        raise ValidationError("Choisissez un jour à venir, ou aujourd’hui")

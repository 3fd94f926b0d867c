"""A departure as staff type it: who takes each parcel, what is in it, when it arrives (R63)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from harmattan.cart.rules import BackorderPolicy
from harmattan.core import clock
from harmattan.core.forms import DayField, OneTimeForm, required, whole_number
from harmattan.core.settings import house
from harmattan.orders.models import OrderLine
from harmattan.shipments import rules
from harmattan.shipments.cells import Cell, to_come
from harmattan.shipments.rules import NewParcel

MOST_PARCELS = 9
MOST_CELLS = 800
"""Below what a form may carry; a longer order takes the warehouse's file."""


class ParcelForm(PlainForm):
    """One parcel."""

    transporteur = SelectField("Transporteur", validate_choice=False)
    suivi = StringField("Numéro de suivi")
    poids = StringField("Poids en kg")
    weight_g: int | None = None

    def __init__(self, number: int, typed: "MultiDict[str, str] | None", carrier: str):
        super().__init__(typed, prefix=f"colis-{number}", data={"transporteur": carrier})
        self.number = number
        self.transporteur.choices = [
            SelectChoice(word, each.label) for word, each in house().carriers.items()
        ]

    def validate_transporteur(self, field: SelectField) -> None:
        if field.data not in house().carriers:
            raise ValidationError("Choisissez un transporteur de la liste")

    def validate_suivi(self, field: StringField) -> None:
        carrier = house().carriers.get(self.transporteur.data or "")
        if carrier is not None:
            field.data = _read(rules.parse_number, field.data or "", carrier)

    def validate_poids(self, field: StringField) -> None:
        self.weight_g = _read(rules.parse_weight, field.data or "")


def _read(parse: Any, *typed: Any) -> Any:
    try:
        return parse(*typed)
    except rules.Unreadable as fault:
        raise ValidationError(str(fault)) from None


@dataclass
class Row:
    """What remains of one title, and how much of it each parcel takes."""

    position: int
    line: OrderLine
    there: int
    """How many can leave as far as our stock says."""
    cells: list[Cell] = field(default_factory=list)
    fault: str = ""
    is_doubtful: bool = False
    """More leave than there are: the warehouse may know better."""

    @property
    def fault_id(self) -> str:
        return self.cells[0].name

    def check(self, is_confirmed: bool) -> None:
        for cell in self.cells:
            cell.read()
        self.fault = next((cell.fault for cell in self.cells if cell.fault), "")
        leaving = sum(cell.count for cell in self.cells)
        if not self.fault and leaving > self.line.remaining:
            self.fault = (
                f"« {self.line.title} » : il en reste {self.line.remaining} à expédier, pas {leaving}"
            )
        self.is_doubtful = not self.fault and leaving > self.there
        if self.is_doubtful and not is_confirmed:
            self.fault = (
                f"« {self.line.title} » : {leaving} saisis, {self.there} là d’après notre stock. Corrigez, ou"
                " cochez que l’entrepôt le confirme"
            )


class DepartureForm(OneTimeForm):
    """Parcels that leave together: who takes them, what is in each, when they arrive."""

    livraison = DayField("Livraison estimée", [required("Saisissez le jour de livraison estimé"), to_come])
    vu = HiddenField()
    confirme = BooleanField("L’entrepôt confirme : ces exemplaires sont là et partent")

    def __init__(
        self,
        lines: Mapping[int, OrderLine],
        *,
        there: Mapping[int, int],
        carrier: str,
        delivery_on: dt.date,
        seen: int,
    ):
        """`lines` are those of which something remains, by their position in the order; `there` is by id."""
        super().__init__(data={"livraison": delivery_on, "vu": str(seen)})
        typed = self._typed if self._typed and "colis" in self._typed else None
        wished = (whole_number(typed.get("colis")) or 1) if typed else 1
        self.may_add = (wished + 1) * len(lines) <= MOST_CELLS and wished < MOST_PARCELS
        if typed and "ajouter" in typed and self.may_add:
            wished += 1
        numbers = range(1, min(wished, MOST_PARCELS) + 1)
        self.parcels = [ParcelForm(number, typed, carrier) for number in numbers]
        self.rows = [
            self._row(Row(position, line, there[line.id]), typed) for position, line in lines.items()
        ]
        self.refused: list[tuple[str, str]] = []

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        """Keep what was typed: the parcels and the titles are read from it too."""
        self._typed: MultiDict[str, str] | None = formdata
        super().process(formdata, *args, **kwargs)

    def _row(self, row: Row, typed: "MultiDict[str, str] | None") -> Row:
        for parcel in self.parcels:
            name = f"q-{row.position}-{parcel.number}"
            usual = _usual(row) if parcel.number == 1 else ""
            row.cells.append(Cell(name, usual if typed is None else typed.get(name, "")))
        return row

    @property
    def adds_a_parcel(self) -> bool:
        return self._typed is not None and "ajouter" in self._typed

    @property
    def seen(self) -> int:
        """How many shipments the page knew of."""
        return whole_number(self.vu.data) or 0

    def validate(self, *_: Any, **__: Any) -> bool:
        own = super().validate()
        for row in self.rows:
            row.check(self.confirme.data)
        fits = not any(row.fault for row in self.rows)
        named = [parcel.validate() for parcel in self.parcels if self._is_used(parcel)]
        return bool(own and fits and all(named))

    @property
    def asks_to_confirm(self) -> bool:
        """Whether more leaves than there is as far as our stock says."""
        return any(row.is_doubtful for row in self.rows)

    @property
    def delivery_on(self) -> dt.date:
        """The day typed; asked for once the form is valid."""
        return self.livraison.day or clock.today()

    def new_parcels(self) -> list[NewParcel]:
        """The parcels that hold something."""
        found = []
        for index, parcel in enumerate(self.parcels):
            copies = {row.line.id: row.cells[index].count for row in self.rows if row.cells[index].count}
            if copies:
                found.append(
                    NewParcel(parcel.transporteur.data, parcel.suivi.data or "", parcel.weight_g, copies)
                )
        return found

    def _is_used(self, parcel: ParcelForm) -> bool:
        return any(row.cells[parcel.number - 1].text.strip("0 ") for row in self.rows)

    def refuse(self, field_id: str, message: str) -> None:
        """What the trade's rules said of it, at its field."""
        self.refused.append((field_id, message))

    @property
    def faults(self) -> list[tuple[str, str]]:
        of_parcels = [
            (field.id, str(message))
            for parcel in self.parcels
            for field in parcel
            for message in field.errors
        ]
        of_rows = [(row.fault_id, row.fault) for row in self.rows if row.fault]
        return [*self.refused, *super().faults, *of_parcels, *of_rows]


def _usual(row: Row) -> str:
    """What usually leaves: all that is there, but what waits for news or leaves together with the rest."""
    waits = row.line.news_on and row.line.news_on > clock.today()
    together = row.line.backorder_policy is BackorderPolicy.TOGETHER and row.there < row.line.remaining
    return str(row.there) if row.there and not waits and not together else ""

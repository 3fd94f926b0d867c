"""What a shop types of what arrived; what staff type of what is still to come, and the warehouse's file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import MultiDict

from harmattan.conversations.forms import WithFiles, text_field
from harmattan.core.forms import DayField, Form, OneTimeForm
from harmattan.orders.models import OrderLine
from harmattan.shipments.cells import Cell, to_come
from harmattan.shipments.models import Parcel, ParcelLine
from harmattan.shipments.rules import Gap


@dataclass
class CheckedLine:
    """What a shop found of one title in its parcel."""

    line: ParcelLine
    missing: Cell
    damaged: Cell
    fault: str = ""

    def check(self) -> None:
        for cell in (self.missing, self.damaged):
            cell.read()
        self.fault = self.missing.fault or self.damaged.fault
        if not self.fault and self.missing.count + self.damaged.count > self.line.quantity:
            self.fault = (
                f"« {self.line.order_line.title} » : ce colis en contient {self.line.quantity},"
                " manquants et abîmés compris"
            )


class GapForm(WithFiles):
    """« Signaler un écart »: copies missing or damaged, in words and pictures too."""

    commentaire = text_field("Ce que vous avez constaté")

    def __init__(self, parcel: Parcel, formdata: Any = None):
        super().__init__(formdata)
        self.lines = [
            CheckedLine(line, self._cell(f"manquants-{place}"), self._cell(f"abimes-{place}"))
            for place, line in enumerate(parcel.lines, 1)
        ]

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        """Keep what was typed: the titles are read from it too."""
        self._typed: MultiDict[str, str] = formdata or MultiDict()
        super().process(formdata, *args, **kwargs)

    def _cell(self, name: str) -> Cell:
        return Cell(name, self._typed.get(name, ""))

    def validate(self, *_: Any, **__: Any) -> bool:
        own = super().validate()
        for checked in self.lines:
            checked.check()
        first = self.lines[0]
        if not any(each.fault or each.missing.text or each.damaged.text for each in self.lines):
            first.fault = "Indiquez combien d’exemplaires manquent ou sont abîmés"
        return bool(own and not any(checked.fault for checked in self.lines))

    @property
    def faults(self) -> list[tuple[str, str]]:
        of_lines = [(checked.missing.name, checked.fault) for checked in self.lines if checked.fault]
        return [*of_lines, *super().faults]

    @property
    def gaps(self) -> dict[int, Gap]:
        """What is wrong, by line."""
        return {each.line.id: Gap(each.missing.count, each.damaged.count) for each in self.lines}


class RestForm(Form):
    """When there will be news of what is still to come."""

    def day_of(self, position: int) -> DayField:
        """The field of the line at this position."""
        field: DayField = self[f"nouvelles-{position}"]
        return field


def rest_form(lines: Mapping[int, OrderLine]) -> RestForm:
    """A form with a day for each of these lines, by their position in the order."""

    class FormOfLines(RestForm):
        pass

    for position, line in lines.items():
        setattr(FormOfLines, f"nouvelles-{position}", DayField(f"Nouvelles de « {line.title} »", [to_come]))
    return FormOfLines(data={f"nouvelles-{position}": line.news_on for position, line in lines.items()})


class WarehouseForm(OneTimeForm):
    """The warehouse's file."""

    fichier = FileField("Fichier de l’entrepôt", [FileRequired("Choisissez le fichier de l’entrepôt")])


def remaining_of(lines: Sequence[OrderLine]) -> dict[int, OrderLine]:
    """The lines of which something is still to come, by their position in the order."""
    return {position: line for position, line in enumerate(lines, 1) if line.remaining}

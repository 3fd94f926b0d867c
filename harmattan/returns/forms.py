"""What a bookseller types into a return, and what after-sales count."""

from collections.abc import Iterable

from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, ValidationError

from harmattan.cart import rules as quantities
from harmattan.cart.rules import UnreadableQuantity, parse_quantity
from harmattan.core import isbn
from harmattan.core.forms import Form, at_most
from harmattan.lists import reading
from harmattan.lists.rules import UnreadableList
from harmattan.returns.models import ReturnLine, ReturnWish
from harmattan.returns.rules import Count, Refused, Route

MOST_PARCELS = 99


class ScanForm(Form):
    """One ISBN: typed, pasted or scanned, « 12*ISBN » for twelve."""

    isbn = StringField("ISBN ou code-barres")
    quantity = StringField("Quantité", default="1")

    def copies(self) -> dict[str, int]:
        """The ISBN and how many; nothing where a field is at fault."""
        number, times = quantities.split_scan(self.isbn.data or "")
        try:
            quantity = parse_quantity(times or self.quantity.data or "1")
            return {isbn.parse(number): quantity}
        except UnreadableQuantity as fault:
            self.quantity.errors = [fault.message]
        except isbn.UnreadableIsbn as fault:
            self.isbn.errors = [fault.message]
        return {}


class PasteForm(Form):
    """A list of ISBN, in the forms that the order lists take."""

    liste = TextAreaField("Liste d’ISBN")

    def copies(self) -> dict[str, int]:
        """How many of each ISBN; lines that are not read are named, and nothing is taken without them."""
        try:
            rows = reading.read(reading.numbered(self.liste.data or "")).rows
        except UnreadableList as fault:
            self.liste.errors = [fault.message]
            return {}
        unread = [
            f"ligne {row.number}, « {row.sources[0].text.strip()[:40]} »" for row in rows if not row.is_read
        ]
        if unread or not rows:
            self.liste.errors = [
                f"Corrigez ce qui n’est pas lu : {' ; '.join(unread[:5])}"
                if unread
                else "Collez un ISBN par ligne"
            ]
            return {}
        return {row.isbn: row.quantity or 0 for row in rows}


class SlipForm(Form):
    """How the books come back, and the shop's word on their state (R90–R95)."""

    route = RadioField("Envoi", choices=[SelectChoice(route.value, route.label) for route in Route])
    parcel_count = StringField("Nombre de colis", default="1")
    own_reference = StringField("Votre référence", [at_most(40)])
    declared = BooleanField(
        "Les exemplaires sont dans l’état où je les ai reçus : ni abîmés, ni étiquetés, ni annotés, propres à"
        " être remis en vente"
    )

    def validate_parcel_count(self, field: StringField) -> None:
        text = (field.data or "").strip()
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= MOST_PARCELS):
            raise ValidationError(f"Saisissez le nombre de colis en chiffres, de 1 à {MOST_PARCELS}")

    @property
    def chosen_route(self) -> Route:
        return Route(self.route.data)


def typed_quantities(
    typed: "MultiDict[str, str]", wishes: Iterable[ReturnWish]
) -> tuple[dict[str, int], dict[str, tuple[str, str]]]:
    """(what can be kept, what cannot: the text and what is the matter), by ISBN; 0 takes a line off."""
    kept: dict[str, int] = {}
    faults: dict[str, tuple[str, str]] = {}
    for wish in wishes:
        text = typed.get(f"q-{wish.isbn}", "").strip()
        if not text or text == "0":
            kept |= {wish.isbn: 0} if text else {}
            continue
        try:
            kept[wish.isbn] = parse_quantity(text)
        except UnreadableQuantity as fault:
            faults[wish.isbn] = (text, fault.message)
    return kept, faults


class CountForm(Form):
    """What was found of one line."""

    received = StringField("Reçus")
    accepted = StringField("Acceptés")
    refused = StringField("Motif", [AnyOf(["", *Refused], "Choisissez un motif dans la liste")])
    remark = StringField("Précision", [at_most(200)])
    photo = FileField("Photo")

    class Meta(Form.Meta):
        csrf = False  # the page's one form has the token

    @classmethod
    def of(cls, line: ReturnLine, typed: "MultiDict[str, str] | None") -> "CountForm":
        """The fields of a line: as typed, as counted before, or as announced."""
        known = {
            "received": str(line.quantity if line.received is None else line.received),
            "accepted": str(line.quantity if line.accepted is None else line.accepted),
            "refused": line.refused or "",
            "remark": line.remark,
        }
        return cls(typed if typed is not None else MultiDict(), prefix=f"l{line.id}-", data=known)

    def count(self) -> Count | None:
        """What was typed; None where a number cannot be read, which is said at its field."""
        for field in (self.received, self.accepted):
            text = (field.data or "").strip()
            if not (text.isascii() and text.isdigit() and len(text) <= 4):
                field.errors = ["Saisissez un nombre d’exemplaires en chiffres"]
        if self.received.errors or self.accepted.errors or not self.validate():
            return None
        return Count(
            int(self.received.data or 0),
            int(self.accepted.data or 0),
            Refused(self.refused.data) if self.refused.data else None,
            self.remark.data or "",
        )

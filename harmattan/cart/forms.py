"""What the cart's one form says: delivery, dates, reference, comment, and the lines of the page (R43)."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict
from wtforms import StringField, TextAreaField
from wtforms.validators import AnyOf

from harmattan.cart import rules
from harmattan.cart.lookups import Line
from harmattan.cart.models import Cart
from harmattan.cart.rules import BackorderPolicy, Choices, LineChange
from harmattan.catalogue.models import Title
from harmattan.core import isbn
from harmattan.core.forms import DayField, Form, at_most, whole_number
from harmattan.deliveries.models import DeliveryAddress
from harmattan.deliveries.rules import DeliveryMode


def _text(typed: str | None) -> str:
    return (typed or "").strip()


class CartForm(Form):
    class Meta(Form.Meta):
        csrf = False  # every POST is checked already, and a draft given back has no token

    mode = StringField("Mode de livraison", [AnyOf(list(DeliveryMode), "Choisissez un mode de livraison")])
    address = StringField("Adresse de livraison")
    deliver_by = DayField("Date de livraison impérative")
    not_before = DayField("Pas de livraison avant le")
    own_reference = StringField("Votre référence", [at_most(rules.MAXIMUM_REFERENCE)], [_text])
    comment = TextAreaField(
        "Commentaire pour le service commercial", [at_most(rules.MAXIMUM_COMMENT)], [_text]
    )

    def __init__(self, cart: Cart, addresses: Sequence[DeliveryAddress], typed: "MultiDict[str, str] | None"):
        present = typed is not None and "mode" in typed
        super().__init__(
            typed if present else MultiDict(),
            data={
                "mode": cart.mode.value,
                "address": str(cart.address_id or ""),
                "deliver_by": cart.deliver_by,
                "not_before": cart.not_before,
                "own_reference": cart.own_reference,
                "comment": cart.comment,
            },
        )
        self.cart, self.addresses = cart, addresses
        self.adding: AddForm | None = None
        """The ISBN typed into the page, where its title could not be added."""
        self.line_faults: list[tuple[str, str]] = []
        if present:
            self.validate()

    @property
    def faults(self) -> list[tuple[str, str]]:
        return [*(self.adding.faults if self.adding else ()), *self.line_faults, *super().faults]

    def choices(self) -> Choices:
        """What is to be kept: what cannot be taken leaves the cart as it was."""
        cart = self.cart
        return Choices(
            mode=cart.mode if self.mode.errors else DeliveryMode(self.mode.data),
            address_id=whole_number(self.address.data) or cart.address_id,
            deliver_by=cart.deliver_by if self.deliver_by.errors else self.deliver_by.day,
            not_before=cart.not_before if self.not_before.errors else self.not_before.day,
            own_reference=cart.own_reference if self.own_reference.errors else self.own_reference.data,
            comment=cart.comment if self.comment.errors else self.comment.data,
        )


@dataclass
class TypedLine:
    """What was typed at one line."""

    isbn: str
    text: str
    was: str
    """The quantity that the page showed."""
    policy: BackorderPolicy | None = None
    quantity: int | None = None
    fault: str = ""

    @property
    def is_untouched(self) -> bool:
        """Left as it was shown: somebody else's change meanwhile stands (F16)."""
        return self.text == self.was

    def notice_of(self, line: Line, author: str) -> str:
        """What is told where somebody else changed this line since it was shown (F16)."""
        was = whole_number(self.was)
        if self.is_untouched or was is None or line.quantity in (was, self.quantity):
            return ""
        return f"« {line.title} » : votre quantité {self.quantity} remplace {line.quantity} ({author})"

    def change_of(self, line: Line) -> LineChange:
        """What it changes at the line."""
        policy = self.policy if self.policy is not line.backorder_policy else None
        return LineChange(None if self.is_untouched else self.quantity, policy)


@dataclass
class TypedLines:
    """What was typed at the lines of a page, and at which prices the page showed them."""

    lines: dict[str, TypedLine] = field(default_factory=dict)
    prices_seen: dict[str, int] = field(default_factory=dict)

    @property
    def faults(self) -> list[tuple[str, str]]:
        return [(f"q-{line.isbn}", line.fault) for line in self.lines.values() if line.fault]


def typed_lines(typed: "MultiDict[str, str]") -> TypedLines:
    """Read the fields of lines: q- quantity, w- quantity shown, p- policy for missing copies, s- price."""
    found = TypedLines()
    for name in typed:
        prefix, _, isbn = name.partition("-")
        if prefix == "q":
            found.lines[isbn] = _typed_line(typed, isbn)
        elif prefix == "s" and (price := whole_number(typed[name])) is not None:
            found.prices_seen[isbn] = price
    return found


def _typed_line(typed: "MultiDict[str, str]", isbn: str) -> TypedLine:
    line = TypedLine(isbn, typed[f"q-{isbn}"].strip(), typed.get(f"w-{isbn}", ""))
    line.policy = _policy(typed.get(f"p-{isbn}"))
    try:
        line.quantity = rules.parse_quantity(line.text)
    except rules.UnreadableQuantity as fault:
        line.fault = fault.message
    return line


def _policy(text: str | None) -> BackorderPolicy | None:
    return BackorderPolicy(text) if text in list(BackorderPolicy) else None


class AddForm(Form):
    """One title by its ISBN: typed, pasted or scanned."""

    isbn = StringField("ISBN ou code-barres")
    quantity = StringField("Quantité")
    policy = StringField("Exemplaires manquants")

    @property
    def backorder_policy(self) -> BackorderPolicy | None:
        """What was chosen for the missing copies of a line that is put back."""
        return _policy(self.policy.data)

    def wanted(self, find: Callable[[Collection[str]], dict[str, Title]]) -> tuple[Title | None, int]:
        """The title and how many copies; without a title the fault is at its field."""
        number, times = rules.split_scan(self.isbn.data or "")
        try:
            quantity = rules.parse_quantity(times or self.quantity.data or "1")
        except rules.UnreadableQuantity as fault:
            self.quantity.errors = [fault.message]
            return None, 0
        title, message = _orderable(number, find)
        self.isbn.errors = [message] if message else []
        return title, quantity


def _orderable(number: str, find: Callable[[Collection[str]], dict[str, Title]]) -> tuple[Title | None, str]:
    """The title of an ISBN typed in any form, or what is the matter with it."""
    try:
        digits = isbn.parse(number)
    except isbn.UnreadableIsbn as fault:
        return None, fault.message
    title = find([digits]).get(digits)
    if title is None:
        return None, f"Aucun titre pour {digits} : vérifiez le numéro ou cherchez par titre"
    if not title.is_orderable:
        return None, rules.not_orderable(title.title, title.availability)
    return title, ""

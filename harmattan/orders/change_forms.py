"""What is to change in a recorded order: asked for by the shop, or done by sales on its call (R50)."""

from flask import request
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from harmattan.cart.rules import UnreadableQuantity, parse_quantity
from harmattan.conversations.forms import LONGEST_TEXT
from harmattan.core.forms import DayField, OneTimeForm, at_most, whole_number
from harmattan.core.paging import Sheet
from harmattan.deliveries import service as deliveries
from harmattan.deliveries.rules import DeliveryMode
from harmattan.orders import lookups, urgent
from harmattan.orders.models import Order
from harmattan.orders.requests import Fact, FactWish, LineWish, Wish


class ChangeForm(OneTimeForm):
    """Prefilled with the order as it stands; what is left alone is not asked for. Dates stay (R55, R62)."""

    NOTHING = "Indiquez au moins un changement, ou demandez l’annulation"
    ALL_TITLES = ("annuler", "Pour retirer tous les titres, demandez l’annulation")

    version = HiddenField()
    mode = RadioField("Mode de livraison", choices=[SelectChoice(each, each.label) for each in DeliveryMode])
    adresse = RadioField("Adresse de livraison", validate_choice=False)
    message = TextAreaField("Message pour le service commercial", [at_most(LONGEST_TEXT)])

    def __init__(self, order: Order) -> None:
        super().__init__(data=self._as_it_stands(order))
        sheet = Sheet.of(request.args.get("page", 1, type=int), order.line_count, lookups.LINES_A_PAGE)
        self.order, self.lines = order, lookups.lines_of(order, sheet)
        others = (row.place for row in deliveries.addresses(order.account_id))
        self.places = [order.address, *(place for place in others if place != order.address)]
        self.adresse.choices = [
            SelectChoice(str(n), ", ".join(place.lines)) for n, place in enumerate(self.places)
        ]
        self.typed: dict[int, str] = {line.id: str(line.quantity) for line in self.lines}
        self.line_faults: list[tuple[str, str]] = []

    @staticmethod
    def _as_it_stands(order: Order) -> dict[str, object]:
        return {"mode": order.mode.value, "adresse": "0", "version": str(order.version)}

    @property
    def faults(self) -> list[tuple[str, str]]:
        return [*self.line_faults, *super().faults]

    def wish(self, sent: "dict[str, str]") -> Wish:
        """What is asked; faults stand at their fields. « 0 » takes a title off the order."""
        cancels = "annuler" in sent
        words = (self.message.data or "").strip()
        if cancels:
            return Wish(cancels=True, words=words)
        wish = Wish(tuple(self._lines(sent)), tuple(self._facts()), words=words)
        if not wish and not self.line_faults:
            self.line_faults.append(("message", self.NOTHING))
        if wish.lines and len(wish.lines) == self.order.line_count and not any(w.new for w in wish.lines):
            self.line_faults.append(self.ALL_TITLES)
        return wish

    def _lines(self, sent: "dict[str, str]") -> list[LineWish]:
        wishes = []
        for line in self.lines:
            text = sent.get(f"q-{line.id}", str(line.quantity)).strip()
            self.typed[line.id] = text
            try:
                new = 0 if text == "0" else parse_quantity(text)
            except UnreadableQuantity as fault:
                self.line_faults.append((f"q-{line.id}", f"« {line.title} » : {fault.message}"))
                continue
            if new != line.quantity:
                wishes.append(LineWish(line.id, line.title, line.quantity, new))
        return wishes

    def _facts(self) -> list[FactWish]:
        order, chosen = self.order, whole_number(self.adresse.data) or 0
        place = self.places[chosen] if chosen < len(self.places) else order.address
        mode = DeliveryMode(self.mode.data) if self.mode.data in list(DeliveryMode) else order.mode
        wished = ((Fact.MODE, order.mode, mode), (Fact.ADDRESS, order.address, place))
        return [FactWish(fact, old, new) for fact, old, new in wished if old != new]


class PhoneChangeForm(ChangeForm):
    """What the shop asked for by phone, dates included: sales agree on them with whoever calls."""

    NOTHING = "Indiquez au moins un changement"
    ALL_TITLES = ("message", "Pour retirer tous les titres, annulez la commande sur sa page")

    deliver_by = DayField(Fact.DELIVER_BY.label)
    not_before = DayField(Fact.NOT_BEFORE.label)
    message = TextAreaField("Précisions, lues par la librairie", [at_most(LONGEST_TEXT)])

    @staticmethod
    def _as_it_stands(order: Order) -> dict[str, object]:
        dates = {"deliver_by": order.deliver_by, "not_before": order.not_before}
        return {**ChangeForm._as_it_stands(order), **dates}

    def validate_deliver_by(self, field: DayField) -> None:
        """A date that is set anew is one that can be kept."""
        if field.day is None or field.day == self.order.deliver_by:
            return
        if fault := urgent.fault_of_day(field.day):
            raise ValidationError(fault)

    def validate_not_before(self, field: DayField) -> None:
        by = self.deliver_by.day
        if field.day and by and field.day > by:
            raise ValidationError("Choisissez une date qui ne suit pas la date impérative")

    def _facts(self) -> list[FactWish]:
        order = self.order
        dates = ((Fact.DELIVER_BY, self.deliver_by), (Fact.NOT_BEFORE, self.not_before))
        set_anew = [(fact, getattr(order, fact), field.day) for fact, field in dates if field.is_readable]
        return super()._facts() + [FactWish(fact, old, new) for fact, old, new in set_anew if old != new]

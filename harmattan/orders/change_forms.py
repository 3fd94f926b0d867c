"""What a shop wishes to have changed in a recorded order (R50); the dates stay (R55, R62)."""

from collections.abc import Sequence

from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice

from harmattan.cart.rules import UnreadableQuantity, parse_quantity
from harmattan.conversations.forms import LONGEST_TEXT
from harmattan.core.forms import OneTimeForm, at_most, whole_number
from harmattan.core.places import Address
from harmattan.deliveries.rules import DeliveryMode
from harmattan.orders.models import Order, OrderLine
from harmattan.orders.requests import Fact, FactWish, LineWish, Wish


class ChangeForm(OneTimeForm):
    """Prefilled with the order as it stands; what is left alone is not asked for."""

    version = HiddenField()
    mode = RadioField("Mode de livraison", choices=[SelectChoice(each, each.label) for each in DeliveryMode])
    adresse = RadioField("Adresse de livraison", validate_choice=False)
    message = TextAreaField("Message pour le service commercial", [at_most(LONGEST_TEXT)])

    def __init__(self, order: Order, lines: Sequence[OrderLine], places: Sequence[Address]) -> None:
        super().__init__(data={"mode": order.mode.value, "adresse": "0", "version": str(order.version)})
        self.order, self.lines = order, lines
        self.places = [order.address, *(place for place in places if place != order.address)]
        self.adresse.choices = [
            SelectChoice(str(n), ", ".join(place.lines)) for n, place in enumerate(self.places)
        ]
        self.typed: dict[int, str] = {line.id: str(line.quantity) for line in lines}
        self.line_faults: list[tuple[str, str]] = []

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
            self.line_faults.append(("message", "Indiquez au moins un changement, ou demandez l’annulation"))
        if wish.lines and len(wish.lines) == self.order.line_count and not any(w.new for w in wish.lines):
            self.line_faults.append(("annuler", "Pour retirer tous les titres, demandez l’annulation"))
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

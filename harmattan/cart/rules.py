"""The cart's own choices and limits (J5, R43)."""

import datetime as dt
import enum
import re
from dataclasses import dataclass

from harmattan.catalogue.rules import Availability
from harmattan.core import money
from harmattan.core.typography import plural
from harmattan.deliveries.rules import DeliveryMode

MAXIMUM_QUANTITY = 9_999
MAXIMUM_LIST_LINES = 5_000
LINES_A_PAGE = 100
MAXIMUM_COMMENT = 2_000
MAXIMUM_REFERENCE = 40


class BackorderPolicy(enum.StrEnum):
    """What to do with copies that cannot ship at once."""

    NOTE = "note"
    SKIP = "skip"
    TOGETHER = "together"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    BackorderPolicy.NOTE: "Noter ce qui manque",
    BackorderPolicy.SKIP: "Ne pas noter",
    BackorderPolicy.TOGETHER: "Tout ensemble",
}


class CartState(enum.StrEnum):
    OPEN = "open"
    ORDERED = "ordered"
    QUOTED = "quoted"
    """Became a request for a quote."""


@dataclass(frozen=True)
class Choices:
    """What the cart says beside its lines."""

    mode: DeliveryMode
    address_id: int | None
    deliver_by: dt.date | None
    not_before: dt.date | None
    own_reference: str
    comment: str

    @property
    def delivery(self) -> tuple[object, ...]:
        return self.mode, self.address_id, self.deliver_by, self.not_before

    @property
    def note(self) -> tuple[str, str]:
        return self.own_reference, self.comment


@dataclass(frozen=True)
class LineChange:
    """What was typed at a line; None leaves it as it is."""

    quantity: int | None = None
    policy: BackorderPolicy | None = None


class UnreadableQuantity(ValueError):
    """The text is no quantity; the message says in French what to type."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


_TIMES = re.compile(r"\s*(\d+)\s*[*×]\s*(\S.*)")
_NEGATIVE = re.compile(r"[-−]\d+")


def parse_quantity(text: str) -> int:
    """A quantity as typed, from 1 to 9 999; raises `UnreadableQuantity`."""
    digits = "".join(text.split()).removeprefix("+")
    if _NEGATIVE.fullmatch(digits) or (digits and not digits.strip("0")):
        raise UnreadableQuantity("Saisissez une quantité de 1 à 9 999, ou retirez la ligne")
    if not (digits.isascii() and digits.isdigit()):
        raise UnreadableQuantity("Saisissez la quantité en chiffres, par exemple 3")
    if len(digits.lstrip("0")) > len(str(MAXIMUM_QUANTITY)):
        raise UnreadableQuantity("Saisissez une quantité de 9 999 au plus")
    return int(digits)


def split_scan(text: str) -> tuple[str, str | None]:
    """What was typed or scanned into the ISBN field, and the quantity of « 12*ISBN » if it has one."""
    if match := _TIMES.fullmatch(text):
        return match[2], match[1]
    return text, None


def copies_at_once(availability: Availability, stock: int, quantity: int) -> int:
    """How many copies can ship now; printing on demand is not bound by stock."""
    if availability is Availability.ON_DEMAND:
        return quantity
    return min(quantity, max(stock, 0)) if availability.ships_from_stock else 0


def quantity_kept(quantity: int, at_once: int, policy: BackorderPolicy) -> int:
    """« Ne pas noter » keeps what ships now; where nothing does, the line waits for a decision."""
    return at_once if policy is BackorderPolicy.SKIP and at_once else quantity


def stock_sentence(quantity: int, at_once: int, policy: BackorderPolicy) -> str:
    """« 3 disponibles, 2 notés », or nothing where all ship now."""
    missing = quantity - at_once
    if not missing:
        return ""
    if policy is BackorderPolicy.SKIP:
        return "Rien n’est disponible ni noté : retirez la ligne, ou choisissez de noter"
    if policy is BackorderPolicy.TOGETHER:
        return f"{plural(at_once, 'disponible')} sur {quantity} : tout partira ensemble"
    noted = plural(missing, "noté")
    return f"{plural(at_once, 'disponible')}, {noted}" if at_once else noted


def line_amount(quantity: int, price_cents: int, vat_bp: int, discount_bp: int) -> int:
    """A line HT in cents, from the public price TTC, the product's rate and the discount."""
    return money.line_total(quantity, money.net_unit_price(price_cents, vat_bp, discount_bp))


def not_orderable(title: str, availability: Availability) -> str:
    """Why a title is not taken into the cart."""
    reason = "son prix n’est pas connu" if availability.is_orderable else lowered(availability.label)
    return f"« {title} » ne peut pas être commandé : {reason}"


def lowered(label: str) -> str:
    """A label within a sentence."""
    return label[0].lower() + label[1:]

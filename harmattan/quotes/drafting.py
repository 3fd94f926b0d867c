"""An offer as sales write it: the discounts typed line by line, lines split, what it comes to (J7).

Nothing is kept before it is sent: what was typed travels in the form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from harmattan.cart import rules as quantities
from harmattan.core import clock
from harmattan.core.money import BASIS_POINTS
from harmattan.core.settings import house
from harmattan.core.terms import PaymentTerm
from harmattan.core.typography import percent
from harmattan.quotes import comparing, granting
from harmattan.quotes.models import Offer, Quote, QuoteLine
from harmattan.quotes.pricing import Comparison
from harmattan.quotes.proposals import Granted

BY_HAND = 200
"""Lines whose discount is typed one by one, the largest first; the rest of a long request follows the field
for all lines. A form has a thousand fields at most."""


@dataclass
class TypedPart:
    """One field pair: how many copies, at which discount."""

    name: str
    """« 3-1 »: the line's place, the part's place"""
    quantity: str
    rate: str
    fault: str = ""
    granted: Granted | None = None
    """What was read; None where it cannot be."""
    net_cents: int | None = None
    """HT, once it was reckoned."""

    @property
    def left_bp(self) -> int:
        """What remains of the public price HT."""
        return BASIS_POINTS - self.granted.discount_bp if self.granted else BASIS_POINTS


@dataclass
class TypedLine:
    """A line of the request with what is typed for it."""

    line: QuoteLine
    place: int
    parts: list[TypedPart]
    fault: str = ""

    wished_bp: int | None = None

    @property
    def differs(self) -> bool:
        """Whether another discount is granted than was asked for."""
        granted = {part.granted.discount_bp for part in self.parts if part.granted}
        return self.wished_bp is not None and granted != {self.wished_bp}

    @property
    def faults(self) -> list[tuple[str, str]]:
        """(field id, message)"""
        own = [(f"r-{part.name}", part.fault) for part in self.parts if part.fault]
        return own + ([(f"q-{self.parts[0].name}", self.fault)] if self.fault else [])


@dataclass
class Draft:
    """Everything typed, and what it comes to as far as it can be read."""

    quote: Quote
    lines: list[TypedLine]
    others: list[QuoteLine] = field(default_factory=list)
    """Lines beyond those typed by hand."""
    others_bp: int = 0

    @property
    def faults(self) -> list[tuple[str, str]]:
        return [fault for line in self.lines for fault in line.faults]

    @cached_property
    def granted(self) -> list[Granted]:
        """What would be sent, in the order of the request; parts that cannot be read are left out."""
        by_hand = [part.granted for line in self.lines for part in line.parts if part.granted]
        rest = [Granted(line, line.quantity, self.others_bp) for line in self.others]
        return sorted(by_hand + rest, key=lambda part: part.line.id)

    def reckon(self, term: PaymentTerm) -> Comparison:
        """What it comes to today, on the whole and part by part."""
        today = clock.today()
        parts = comparing.drafted(self.quote, self.granted)
        found = comparing.of_parts(self.quote, parts, term, today, today)
        nets = dict(zip(map(id, self.granted), found.current.amounts, strict=True))
        for part in (part for line in self.lines for part in line.parts):
            part.net_cents = nets.get(id(part.granted))
        return found

    def below_floor(self) -> list[Granted]:
        """What leaves less of the public price than the house's floor."""
        floor = house().margin_floor_bp
        return [part for part in self.granted if BASIS_POINTS - part.discount_bp < floor]

    def apply_to_all(self, rate_bp: int) -> None:
        """The same discount everywhere."""
        for line in self.lines:
            for part in line.parts:
                part.rate = _typed_rate(rate_bp)
        self.others_bp = rate_bp
        _read(self)

    def split(self, place: str) -> None:
        """One more part for the line at this place; left empty it is none."""
        for line in self.lines:
            if str(line.place) == place:
                name = f"{line.place}-{len(line.parts) + 1}"
                line.parts.append(TypedPart(name, "", line.parts[-1].rate))


def begin(quote: Quote) -> Draft:
    """From the last version where there is one, else from what was asked; nothing is granted by that."""
    offer = quote.last_offer
    wished = quote.wished_discount_bp or quote.discount_bp
    rate = wished if BASIS_POINTS - wished >= house().margin_floor_bp else quote.discount_bp
    draft = _draft(quote, rate)
    if offer is None:
        for line in draft.lines:
            line.parts = [TypedPart(f"{line.place}-1", str(line.line.quantity), _typed_rate(rate))]
    else:
        _repeat(draft, offer)
    _read(draft)
    return draft


def typed(quote: Quote, fields: Mapping[str, str], rate_bp: int | None) -> Draft:
    """From the fields q-<line>-<part> and r-<line>-<part>; a line without fields is as it was asked."""
    draft = _draft(quote, quote.discount_bp if rate_bp is None else rate_bp)
    for line in draft.lines:
        names = [name[2:] for name in fields if name.startswith(f"q-{line.place}-")]
        line.parts = [
            TypedPart(name, fields[f"q-{name}"].strip(), fields.get(f"r-{name}", "").strip())
            for name in names
        ] or [TypedPart(f"{line.place}-1", str(line.line.quantity), _typed_rate(quote.discount_bp))]
    _read(draft)
    return draft


def _draft(quote: Quote, others_bp: int) -> Draft:
    by_size = sorted(quote.lines, key=lambda line: -line.line_cents)
    by_hand = {line.id for line in by_size[:BY_HAND]}
    lines = [
        TypedLine(line, place, [], wished_bp=quote.wished_discount_bp)
        for place, line in enumerate(quote.lines, start=1)
        if line.id in by_hand
    ]
    return Draft(quote, lines, by_size[BY_HAND:], others_bp)


def _repeat(draft: Draft, offer: Offer) -> None:
    for line in draft.lines:
        parts = [part for part in offer.parts if part.line_id == line.line.id]
        line.parts = [
            TypedPart(f"{line.place}-{number}", str(part.quantity), _typed_rate(part.discount_bp))
            for number, part in enumerate(parts, start=1)
        ]
    others = {part.line_id: part.discount_bp for part in offer.parts}
    if draft.others:
        draft.others_bp = others[draft.others[0].id]


def _typed_rate(rate_bp: int) -> str:
    return percent(rate_bp).removesuffix("%").strip()


def _read(draft: Draft) -> None:
    for line in draft.lines:
        line.parts = [part for part in line.parts if not _is_emptied(part, line.parts)]
        for part in line.parts:
            part.fault, part.granted = "", None
            _read_part(part, line.line, draft.quote.discount_bp)
        read = [part.granted.quantity for part in line.parts if part.granted]
        complete = len(read) == len(line.parts)
        line.fault = granting.split_fault(read, line.line.quantity) if complete else ""


def _is_emptied(part: TypedPart, parts: Sequence[TypedPart]) -> bool:
    """A part that was split off and emptied again is no part."""
    return len(parts) > 1 and part is not parts[0] and not part.quantity


def _read_part(part: TypedPart, line: QuoteLine, usual_bp: int) -> None:
    try:
        quantity = quantities.parse_quantity(part.quantity)
        rate = granting.parse_rate(part.rate)
        part.fault = granting.rate_fault(rate, usual_bp)
        if not part.fault:
            part.granted = Granted(line, quantity, rate)
    except (quantities.UnreadableQuantity, granting.Unreadable) as fault:
        part.fault = fault.message

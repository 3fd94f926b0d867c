"""What an invoice or a credit note is, amounts to, and where it stands (R68, R82; domain.md §5, §9)."""

import datetime as dt
import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from harmattan.core import identifiers, isbn, money, references, states
from harmattan.core.money import Totals, VatShare
from harmattan.core.places import Address
from harmattan.core.terms import PaymentTerm
from harmattan.core.vat import Regime

FRENCH_STATES = ("FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF")
"""Where a business has a SIREN."""

LARGEST_AMOUNT = 2**31 - 1
"""In cents, as both databases keep amounts."""

CASH_LIMIT_CENTS = 100_000
"""What a business may take in cash for a debt, in how many parts soever (C. mon. fin. L112-6, D112-3)."""


class Kind(enum.StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"

    @property
    def label(self) -> str:
        """« Facture »"""
        return "Facture" if self is Kind.INVOICE else "Avoir"

    @property
    def series(self) -> str:
        """The letters of its numbers: FA-2026-000123."""
        return "FA" if self is Kind.INVOICE else "AV"

    @property
    def sign(self) -> int:
        """What it does to the balance of the account."""
        return 1 if self is Kind.INVOICE else -1


class State(states.State):
    """Where a document stands, for the customer."""

    DUE = "due", "À régler", "att"
    OVERDUE = "overdue", "Échue", "err"
    PARTLY_PAID = "partly_paid", "Réglée en partie", "att"
    SETTLED = "settled", "Soldée", "fait"
    FREE = "free", "À déduire", "cours"
    PARTLY_USED = "partly_used", "Déduit en partie", "cours"
    USED = "used", "Déduit", "fait"


def state(kind: Kind, total_cents: int, open_cents: int, due_on: dt.date | None, today: dt.date) -> State:
    """Where a document stands today, by what is left of it."""
    if kind is Kind.CREDIT_NOTE:
        if open_cents == total_cents:
            return State.FREE
        return State.PARTLY_USED if open_cents else State.USED
    if not open_cents:
        return State.SETTLED
    if due_on and due_on < today:
        return State.OVERDUE
    return State.DUE if open_cents == total_cents else State.PARTLY_PAID


@dataclass(frozen=True)
class Line:
    """One line of a document, as plain values: billing knows neither orders nor the catalogue."""

    designation: str
    quantity: int
    net_unit_micros: int
    """Unit price HT after discount, in millionths of a euro."""
    line_cents: int
    vat_bp: int
    isbn: str = ""
    price_cents: int = 0
    """Public price TTC; 0 for what has none."""
    discount_bp: int = 0
    cites: str = ""
    """On a credit note, the number of the invoice that it corrects."""
    corrects_id: int | None = None
    """On a credit note, the invoiced line that it corrects."""

    @classmethod
    def sold(
        cls, title: str, isbn: str, *, quantity: int, price_cents: int, vat_bp: int, discount_bp: int
    ) -> "Line":
        """Copies of a title sold on the mainland at a discount on its public price TTC (domain.md §5.6)."""
        unit = money.net_unit_price(price_cents, vat_bp, discount_bp)
        return cls(
            designation=title,
            quantity=quantity,
            net_unit_micros=int(unit * money.MICROS),
            line_cents=money.line_total(quantity, unit),
            vat_bp=vat_bp,
            isbn=isbn,
            price_cents=price_cents,
            discount_bp=discount_bp,
        )

    @property
    def public_net_cents(self) -> int:
        """The public price HT that the discount was taken from: net unit price over what is left."""
        return money.before_discount(self.net_unit_micros, self.discount_bp)


@dataclass(frozen=True)
class Party:
    """The customer as the document names it."""

    account_number: str
    name: str
    """Its legal name."""
    address: Address
    siret: str
    vat_number: str
    email: str

    @property
    def siren(self) -> str:
        return identifiers.siren_of(self.siret)

    @property
    def is_french(self) -> bool:
        return self.address.country in FRENCH_STATES


@dataclass(frozen=True)
class Cited:
    """An invoice that a credit note corrects."""

    id: int
    number: str
    issued_on: dt.date


@dataclass(frozen=True)
class Facts:
    """Everything that a document states but its number."""

    kind: Kind
    issued_on: dt.date
    customer: Party
    delivery_address: Address | None
    """None for what was collected."""
    regime: Regime
    lines: tuple[Line, ...]
    totals: Totals
    term: PaymentTerm | None = None
    due_on: dt.date | None = None
    order_reference: str = ""
    own_reference: str = ""
    delivered_on: dt.date | None = None
    collected_at_counter: bool = False
    reason: str = ""
    cited: tuple[Cited, ...] = ()

    def carriage_by_rate(self) -> dict[int, int]:
        """The part of the carriage (cents) that bears each VAT rate (bp)."""
        goods: dict[int, int] = {}
        for line in self.lines:
            goods[line.vat_bp] = goods.get(line.vat_bp, 0) + line.line_cents
        found = {share.rate_bp: share.basis_cents - goods.get(share.rate_bp, 0) for share in self.totals.vat}
        return {rate_bp: cents for rate_bp, cents in found.items() if cents}


def totals(lines: Sequence[Line], carriage_cents: int) -> Totals:
    """What the lines and the carriage come to (domain.md §5.6); a rate with free copies alone is told too."""
    goods = [(line.vat_bp, line.line_cents) for line in lines]
    added = money.totals(goods, carriage_cents, carriage_vat_bp=max(rate_bp for rate_bp, _ in goods))
    told = {share.rate_bp for share in added.vat}
    untold = {line.vat_bp for line in lines} - told
    shares = (*added.vat, *(VatShare(rate_bp, 0, 0) for rate_bp in untold))
    return replace(added, vat=tuple(sorted(shares, key=lambda share: share.rate_bp)))


def corrected_cents(quantity: int, net_unit_micros: int, left_quantity: int, left_cents: int) -> int:
    """What a credit note gives back for so many copies, at the price invoiced.

    What is left of the invoiced line bounds it: the last copies take the last cents.
    """
    if quantity == left_quantity:
        return left_cents
    return min(money.line_total(quantity, money.from_micros(net_unit_micros)), left_cents)


@dataclass(frozen=True)
class Sought:
    """What a search among documents can mean; each is one look-up in an index."""

    numbers: tuple[str, ...] = ()
    order_references: tuple[str, ...] = ()
    isbn: str = ""
    amount_cents: int | None = None
    """What a document comes to TTC, or what is left of it."""


_AMOUNT = re.compile(r"(\d[\d\s]{0,12}?)(?:[.,](\d{2}))?\s*(?:€|eur|euros?)?", re.IGNORECASE)


def sought(text: str, today: dt.date) -> Sought:
    """Read a number (FA-2026-000123, 123), an order's, an amount (111,37) or an ISBN in any form."""
    try:
        return Sought(isbn=isbn.parse(text))
    except isbn.UnreadableIsbn:
        pass
    return Sought(
        numbers=references.meant(text, [kind.series for kind in Kind], today),
        order_references=references.meant(text, ("CMD",), today) if "CMD" in text.upper() else (),
        amount_cents=_amount(text.strip()),
    )


def _amount(text: str) -> int | None:
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return None
    cents = money.hundredths("".join(match[1].split()), match[2])
    return cents if cents <= LARGEST_AMOUNT else None


def enumerated(names: Sequence[str]) -> str:
    """« FA-2026-000012, FA-2026-000013 et FA-2026-000015 »"""
    *firsts, last = names or [""]
    return f"{', '.join(firsts)} et {last}" if firsts else last

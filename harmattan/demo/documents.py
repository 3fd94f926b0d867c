"""Invoices, credit notes and payments in every state, those of the journeys among them.

They happen day by day, between the orders, whose own invoices are of the same series: numbers follow dates.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa

from harmattan.access.models import Account
from harmattan.billing import allocation, creditable, drafts, service
from harmattan.billing.models import Document, Means
from harmattan.billing.rules import Kind, Line
from harmattan.catalogue import service as catalogue
from harmattan.catalogue.models import Title
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.places import Territory
from harmattan.core.terms import months_later
from harmattan.demo.past import clock_at
from harmattan.demo.people import Cast
from harmattan.ledger import crediting
from harmattan.ledger.rules import CreditReason

T1, T2, T5 = "9782343000015", "9782296000018", "9782140423451"
_NOON = dt.time(12)
_ONE_IN_PART = 15_000
"""What was paid of the invoice that is overdue, in cents."""


@dataclass(frozen=True)
class Happening:
    """Something that happened one day."""

    on: dt.date
    act: Callable[[], None]

    def happen(self) -> None:
        with clock_at(clock.at_paris(self.on, _NOON)):
            self.act()


class Ledger:
    """What accounting does in the demonstration."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.issued: dict[str, Document] = {}

    def history(self) -> list[Happening]:
        """The documents by day; the two oldest stand at the edge of the return window."""
        ours, theirs, today = self.cast.grand_large, self.cast.quais, clock.today()
        window = months_later(today, -24)
        happenings = [
            self._invoice("F2", ours, {T2: 5}, window - dt.timedelta(days=1)),
            self._invoice("F1", ours, {T1: 4}, window),
            self._invoice("leaving", ours, {T2: 3}, window + dt.timedelta(days=45)),
            self._invoice("F3", ours, {T1: 10}, _days_ago(258)),
            self._credit("A1", "F3", 3, _days_ago(171), "Retour de trois exemplaires"),
            self._invoice("F4", ours, {T5: 6}, _days_ago(69), is_collected=True),
            self._invoice("late", ours, {T1: 12, T2: 6, T5: 4}, _days_ago(128)),
            self._credit("A2", "late", 2, _days_ago(100), "Deux exemplaires abîmés à l’arrivée"),
            self._invoice("forgotten", self.cast.petit_port, {T1: 4}, _days_ago(112)),
            self._invoice("disputed", self.cast.petit_port, {T5: 2}, _days_ago(105)),
            self._invoice("drawn", theirs, {T5: 2, T1: 1}, _days_ago(140)),
            self._invoice("unpaid", theirs, {T2: 4}, _days_ago(110)),
            self._invoice("F9", theirs, {T1: 2}, _days_ago(53)),
            self._invoice("latest", theirs, {T5: 3, T2: 2}, _days_ago(12)),
            self._gesture(
                "latest", 500, _days_ago(6), CreditReason.DISCOUNT.told("38 % convenus en octobre")
            ),
        ]
        return sorted(happenings, key=lambda each: each.on)

    def settle(self) -> None:
        """Invoices were paid when they were due, but for a few; a credit note was used, another one waits."""
        late, today = self.issued["late"], clock.today()
        left = [late, *(self.issued[name] for name in ("F9", "drawn", "unpaid", "forgotten", "disputed"))]
        due = sa.select(Document).where(Document.kind == Kind.INVOICE, Document.due_on < today)
        acts = [
            Happening(invoice.due_on, partial(self._pay, invoice, invoice.open_cents, Means.TRANSFER))
            for invoice in db.session.scalars(due.order_by(Document.id))
            if invoice not in left and invoice.due_on
        ]
        acts += [
            Happening(self.issued["A2"].issued_on, partial(self._deduct, self.issued["A2"], late)),
            Happening(_days_ago(20), partial(self._pay, late, _ONE_IN_PART, Means.CHEQUE)),
            Happening(_days_ago(1), partial(self._leave_a_transfer, self.issued["F9"])),
        ]
        for act in sorted(acts, key=lambda each: each.on):
            act.happen()

    def _deduct(self, credit_note: Document, invoice: Document) -> None:
        allocation.allocate(credit_note, invoice, credit_note.open_cents, self._accountant)

    def _leave_a_transfer(self, invoice: Document) -> None:
        """Of yesterday: accounting have not said yet what it settles."""
        allocation.record_payment(
            invoice.account,
            invoice.open_cents,
            received_on=clock.today(),
            means=Means.TRANSFER,
            actor=self._accountant,
            label=f"VIR LIB DES QUAIS {invoice.number}",
        )

    def _invoice(
        self, name: str, shop: Account, copies: Mapping[str, int], on: dt.date, *, is_collected: bool = False
    ) -> Happening:
        def act() -> None:
            titles = catalogue.by_isbn(copies)
            draft = drafts.invoice(
                shop,
                [_line(titles[isbn], quantity, shop) for isbn, quantity in copies.items()],
                delivery=drafts.Delivery(Territory.MAINLAND, shop.place, is_collected=is_collected),
                term=shop.payment_term,
            )
            self.issued[name] = service.issue(draft, self.cast.marie.name)

        return Happening(on, act)

    def _credit(self, name: str, of: str, quantity: int, on: dt.date, reason: str) -> Happening:
        def act() -> None:
            invoice = self.issued[of]
            credits = [drafts.Credit(invoice, invoice.lines[0], quantity)]
            draft = drafts.credit_note(invoice.account, credits, reason=reason)
            self.issued[name] = service.issue(draft, self._accountant)

        return Happening(on, act)

    def _gesture(self, of: str, net_cents: int, on: dt.date, reason: str) -> Happening:
        """Accounting credit an amount by hand, and deduct it at once."""

        def act() -> None:
            invoice = self.issued[of]
            amount = drafts.Credit(invoice, designation=reason, net_cents=net_cents, vat_bp=550)
            draft = drafts.credit_note(invoice.account, [amount], reason=reason)
            crediting.issue(draft, [creditable.left_of(invoice)], deduct=True, by=self.cast.ines)

        return Happening(on, act)

    def _pay(self, invoice: Document, amount_cents: int, means: Means) -> None:
        by, shop = self._accountant, invoice.account
        cheque = allocation.Cheque("4512007", "Crédit du Port") if means is Means.CHEQUE else None
        payment = allocation.record_payment(
            shop,
            amount_cents,
            received_on=clock.today(),
            means=means,
            actor=by,
            label=invoice.number,
            cheque=cheque,
        )
        allocation.allocate(payment, invoice, amount_cents, by)

    @property
    def _accountant(self) -> str:
        return self.cast.ines.name


def _days_ago(days: int) -> dt.date:
    return clock.today() - dt.timedelta(days=days)


def _line(title: Title, quantity: int, shop: Account) -> Line:
    return Line.sold(
        title.full_title,
        title.isbn,
        quantity=quantity,
        price_cents=title.price_cents or 0,
        vat_bp=title.vat_bp,
        discount_bp=shop.discount_bp,
    )

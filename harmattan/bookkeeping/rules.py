"""How sales and receipts are entered in the ledger. Pure: accounts are passed in.

An invoice debits the customer (411, by its number as auxiliary) and credits sales (70x) and carriage (7085),
rate by rate, and the VAT of each rate (44571); a credit note does the reverse. A payment debits the account
on which it stands until our bank has it: only a transfer is there at once.
"""

import datetime as dt
import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from harmattan.core.typography import percent


class Journal(enum.StrEnum):
    SALES = "VE"
    RECEIPTS = "RG"

    @property
    def label(self) -> str:
        return "Ventes" if self is Journal.SALES else "Règlements"


class Treasury(enum.StrEnum):
    """Where money received stands; all but the bank is waiting to be paid in, or to be credited."""

    BANK = "bank"
    CHEQUES = "cheques"
    CASH = "cash"
    CARDS = "cards"
    BILLS = "bills"

    @property
    def label(self) -> str:
        """What its account is called."""
        return _TREASURY[self]


_TREASURY = {
    Treasury.BANK: "Banque",
    Treasury.CHEQUES: "Chèques à encaisser",
    Treasury.CASH: "Caisse",
    Treasury.CARDS: "Cartes et paiements en ligne à encaisser",
    Treasury.BILLS: "Effets à l’encaissement",
}


@dataclass(frozen=True)
class Accounts:
    """Numbers of the ledger's accounts."""

    customers: str
    sales: str
    carriage: str
    treasury: Mapping[Treasury, str]
    vat: Mapping[int, str]
    """By rate in basis points."""
    other_vat: str

    def vat_at(self, rate_bp: int) -> str:
        """The account of the VAT collected at this rate."""
        return self.vat.get(rate_bp, self.other_vat)


@dataclass(frozen=True)
class Customer:
    """Whose auxiliary account is meant."""

    number: str
    name: str


@dataclass(frozen=True)
class Lettering:
    """The letter that a settled piece bears with what settles it, and since when."""

    letter: str
    on: dt.date


@dataclass(frozen=True)
class Share:
    """What one VAT rate contributes to a document, in cents."""

    rate_bp: int
    goods_cents: int
    carriage_cents: int
    vat_cents: int

    @property
    def net_cents(self) -> int:
        return self.goods_cents + self.carriage_cents


@dataclass(frozen=True)
class Sale:
    """An invoice, or a credit note (`sign` -1), rate by rate; amounts are positive on both."""

    number: str
    label: str
    """« Facture », « Avoir »"""
    sign: int
    customer: Customer
    issued_on: dt.date
    due_on: dt.date | None
    order_reference: str
    shares: Sequence[Share]
    lettering: Lettering | None = None

    @property
    def total_cents(self) -> int:
        return sum(share.net_cents + share.vat_cents for share in self.shares)


@dataclass(frozen=True)
class Receipt:
    """A payment received, or taken back by the bank: `cents` are negative then."""

    number: str
    label: str
    """« Virement », « Chèque »…"""
    treasury: Treasury
    customer: Customer
    received_on: dt.date
    recorded_on: dt.date
    cents: int
    lettering: Lettering | None = None


@dataclass(frozen=True)
class Posting:
    """A line of an entry: a debit where `cents` are positive, else a credit."""

    account: str
    name: str
    cents: int
    text: str
    customer: Customer | None = None
    lettering: Lettering | None = None


@dataclass(frozen=True)
class Entry:
    """What a document or a payment does in the ledger; its postings come to nothing."""

    journal: Journal
    number: str
    """The piece's own: a series without gap, the same whatever period is exported."""
    on: dt.date
    validated_on: dt.date
    postings: Sequence[Posting]


def of_sale(sale: Sale, accounts: Accounts) -> Entry:
    """The entry of an invoice or of a credit note; one that comes to nothing has no posting."""
    text = f"{sale.label} {sale.number} {sale.customer.name}"
    total_cents = sale.sign * sale.total_cents
    customer = Posting(accounts.customers, "Clients", total_cents, text, sale.customer, sale.lettering)
    postings = [customer, *(part for share in sale.shares for part in _parts(sale, share, text, accounts))]
    booked = [posting for posting in postings if posting.cents]
    return Entry(Journal.SALES, sale.number, sale.issued_on, sale.issued_on, booked)


def _parts(sale: Sale, share: Share, text: str, accounts: Accounts) -> Iterator[Posting]:
    at_rate = f"{text}, TVA {percent(share.rate_bp)}"
    for account, name, cents in (
        (accounts.sales, "Ventes de livres", share.goods_cents),
        (accounts.carriage, "Ports facturés", share.carriage_cents),
        (accounts.vat_at(share.rate_bp), "TVA collectée", share.vat_cents),
    ):
        yield Posting(account, name, -sale.sign * cents, at_rate)


def of_receipt(receipt: Receipt, accounts: Accounts) -> Entry:
    """The entry of a payment: bank, drawer or till holds what the customer no longer owes."""
    text = f"{receipt.label} {receipt.number} {receipt.customer.name}"
    booked = (
        Posting(accounts.treasury[receipt.treasury], receipt.treasury.label, receipt.cents, text),
        Posting(accounts.customers, "Clients", -receipt.cents, text, receipt.customer, receipt.lettering),
    )
    return Entry(Journal.RECEIPTS, receipt.number, receipt.received_on, receipt.recorded_on, booked)

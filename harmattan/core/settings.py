"""What the house says and promises, in one place (R105): pages, mails and documents read it here.

Defaults, then `instance/config.py` (`HOUSE = {...}`), then what `/equipe/reglages` has changed from a day on.
Facts nobody outside can know stay settings.
"""

import datetime as dt
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from harmattan.core import clock, database, registry
from harmattan.core.effective import Change, Effective

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PostalAddress:
    """An address of ours, line by line as it is printed."""

    lines: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.lines)


@dataclass(frozen=True)
class Carrier:
    """Who takes our parcels, and the address where a number of theirs is followed."""

    label: str
    tracking: str = ""
    """`{number}` stands for the parcel's number; nothing where parcels cannot be followed."""

    def __post_init__(self) -> None:
        if self.tracking and not (self.tracking.startswith("https://") and "{number}" in self.tracking):
            raise ValueError(f"{self.label}: no address of the form https://…{{number}}…")


@dataclass(frozen=True)
class House:
    """The publisher's own facts and promises."""

    name: str = "Éditions L’Harmattan"
    sales_phone: str = "01 40 46 79 13"
    after_sales_phone: str = "01 40 46 79 20"
    after_sales_key: str = "touche 4"
    desk_opens: dt.time = dt.time(9)
    desk_closes: dt.time = dt.time(17)
    closing_days: frozenset[dt.date] = frozenset()
    order_cut_off: dt.time = dt.time(12)
    preparation_days: int = 1
    transit_days: dict[str, int] = field(
        default_factory=lambda: {"standard": 2, "express": 1, "prisme": 2, "counter": 0}
    )
    """Working days on the road, per delivery mode."""
    carriers: dict[str, Carrier] = field(
        default_factory=lambda: {
            "colissimo": Carrier(
                "Colissimo", "https://www.laposte.fr/outils/suivre-vos-envois?code={number}"
            ),
            "chronopost": Carrier(
                "Chronopost", "https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={number}"
            ),
            "dpd": Carrier("DPD", "https://trace.dpd.fr/fr/trace/{number}"),
            "geodis": Carrier("Geodis"),
            "prisme": Carrier("Prisme"),
            "comptoir": Carrier("Retrait au comptoir"),
        }
    )
    """By their word in forms and in the warehouse's files; no other address is ever linked to."""
    answer_days: dict[str, int] = field(
        default_factory=lambda: {"sales": 1, "after_sales": 1, "accounting": 1, "settings": 1}
    )
    """Working days within which each service answers."""
    quote_valid_days: int = 8
    """Working days that an offer is open unless sales say otherwise."""
    margin_floor_bp: int = 5500
    """What should remain of the public price HT after a discount: below, sales are warned."""
    account_opening_days: int = 7
    """Working days within which an application for an account is answered (R25)."""
    usual_discount_bp: int = 3300
    """What sales propose to a new account, in basis points."""
    activation_hours: int = 48
    """How long a link lives that activates an access, of a shop (R8) or of our staff."""
    return_months: int = 24
    """How long after its invoice a title may come back (R89)."""
    recent_order_days: int = 30
    """How far back the same ISBN already ordered is pointed out."""
    payment_page: str = "https://paiement.harmattan.fr/paiement"
    counter_address: PostalAddress = PostalAddress(("7 Rue de l'Ecole Polytechnique", "75005 Paris"))
    cheque_payee: str = "Editions l'Harmattan"
    cheque_address: PostalAddress = PostalAddress(
        ("Editions l'Harmattan", "Service des commandes", "7 Rue de l'Ecole Polytechnique", "75005 Paris")
    )
    return_address: PostalAddress = PostalAddress(
        ("Harmattan", "Rue des Vikings", "Z.A Charles TELLIER", "14110 Condé en Normandie")
    )
    mail_sender: str = "espace-libraires@harmattan.example"
    reply_mailbox: str = "reponse@harmattan.example"
    """Takes what is sent to its own name with « +… » behind it: replies that find their thread."""
    service_mailboxes: dict[str, str] = field(
        default_factory=lambda: {
            "sales": "commercial@harmattan.example",
            "after_sales": "sav@harmattan.example",
            "accounting": "comptabilite@harmattan.example",
            "settings": "espace-libraires@harmattan.example",
        }
    )
    subject_services: dict[str, str] = field(default_factory=dict)
    """Which service answers a subject of the contact form, where it is not the usual one (R100)."""
    street: str = "7 rue de l’École-Polytechnique"
    postal_code: str = "75005"
    city: str = "Paris"
    """The registered office, as papers of account state it."""
    gln: str = ""
    """Ours in the trade's exchanges; unknown outside the house, as are the facts below."""
    legal_form: str = ""
    siren: str = ""
    vat_number: str = ""
    rcs: str = ""
    """« RCS Paris 123 456 789 »"""
    capital: str = ""
    """« 100 000 € »"""
    e_invoice_address: str = ""
    """Where our approved platform receives for us; our SIREN unless it says otherwise."""
    iban: str = ""
    bic: str = ""
    bank_name: str = ""
    national_issuer_number: str = ""
    """Numéro national d’émetteur (NNE), six digits that our bank gives, for files of LCR."""
    customers_account: str = "411000"
    """Numbers of the ledger's accounts, as its software knows them; customers are its auxiliary accounts."""
    sales_account: str = "701000"
    carriage_account: str = "708500"
    bank_account: str = "512000"
    cheques_account: str = "511200"
    cash_account: str = "530000"
    cards_account: str = "511500"
    bills_account: str = "511300"
    """Of what was received and is not at our bank yet: cheques, the till, cards and PayPal, LCR."""
    vat_accounts: dict[str, str] = field(
        default_factory=lambda: {"210": "445711", "550": "445712", "1000": "445713", "2000": "445714"}
    )
    """Of the VAT collected, by rate in basis points."""
    other_vat_account: str = "445710"
    """At a rate that has none of its own."""
    late_penalty_text: str = (
        "En cas de retard de paiement, des pénalités sont exigibles dès le lendemain de l’échéance, au taux"
        " de refinancement de la Banque centrale européenne majoré de dix points."
    )
    recovery_indemnity_text: str = (
        "Tout retard entraîne de plein droit une indemnité forfaitaire de 40 € pour frais de recouvrement."
    )
    early_discount_text: str = "Aucun escompte n’est accordé pour paiement anticipé."
    publication_director: str = ""
    host: str = ""
    """Who hosts the portal: name and address."""

    @property
    def missing_legal_facts(self) -> tuple[str, ...]:
        """What an invoice must state and we have not been told, by its French name (C. com. R123-237)."""
        return tuple(name for fact, name in _LEGAL_FACTS.items() if not getattr(self, fact))

    @property
    def missing_lcr_facts(self) -> tuple[str, ...]:
        """What a file of bills of exchange must state and we have not been told (CFONB 160, domain.md §6)."""
        return tuple(f"{name} ({fact})" for fact, name in _LCR_FACTS.items() if not getattr(self, fact))


_tried: ContextVar[House | None] = ContextVar("tried", default=None)

_LEGAL_FACTS = {
    "legal_form": "forme juridique",
    "capital": "capital",
    "siren": "SIREN",
    "rcs": "immatriculation au RCS",
    "vat_number": "numéro de TVA",
    "iban": "IBAN",
    "bic": "BIC",
    "bank_name": "nom de la banque",
    "late_penalty_text": "pénalités de retard",
    "recovery_indemnity_text": "indemnité de recouvrement",
    "early_discount_text": "conditions d’escompte",
}
_LCR_FACTS = {
    "national_issuer_number": "numéro national d’émetteur",
    "siren": "SIREN",
    "iban": "IBAN",
    "bank_name": "nom de la banque",
}


def init_app(app: Flask) -> None:
    """The house's facts: `HOUSE` in the configuration replaces single defaults, kept changes both."""
    base = replace(House(), **app.config["HOUSE"])
    app.extensions["house"] = Effective(base, _kept_changes, app.config["HOUSE_REFRESH_SECONDS"])


def house() -> House:
    """The facts in force today, or those that are being tried."""
    return _tried.get() or house_on(clock.today())


def house_on(day: dt.date) -> House:
    """The facts in force that day, as far as is known now."""
    facts: House = _effective().on(day)
    return facts


def configured() -> House:
    """The facts before any change on screen."""
    facts: House = _effective().base
    return facts


def read_again() -> None:
    """A change of the facts has been kept: this process knows of it at once, the others soon."""
    _effective().read_again()


@contextmanager
def trying(facts: House) -> Iterator[None]:
    """Pages and papers made meanwhile say what they would say with these facts."""
    token = _tried.set(facts)
    try:
        yield
    finally:
        _tried.reset(token)


def _effective() -> Effective[House]:
    effective: Effective[House] = current_app.extensions["house"]
    return effective


def _kept_changes() -> Sequence[Change] | None:
    """None while the database does not answer, or has no tables yet: our phones are told all the same."""
    try:
        with database.reading_aside() as session:
            return registry.ask("settings.changes", session) or ()
    except SQLAlchemyError as fault:
        log.warning("the settings are told from memory: %s", type(fault).__name__)
        return None

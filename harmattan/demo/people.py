"""The cast: three bookshops, four booksellers, four people of the services (contract.md)."""

import datetime as dt
from dataclasses import dataclass

from harmattan.access.models import Account, User
from harmattan.access.passwords import hash_password
from harmattan.access.rules import Right
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.places import Territory
from harmattan.core.services import Service
from harmattan.core.terms import EndOfMonth, PaymentTerm
from harmattan.deliveries.models import DeliveryAddress

PASSWORD = "trois-libraires-au-soleil"  # noqa: S105 -- everybody's, told on the screen of the demonstration


@dataclass(frozen=True)
class Cast:
    """Who plays in the demonstration."""

    grand_large: Account
    quais: Account
    petit_port: Account
    anne: User
    karim: User
    lucie: User
    paul: User
    marie: User
    hugo: User
    ines: User
    root: User
    alix: User


def add() -> Cast:
    """Add everybody with their addresses; the third shop's access was never activated."""
    grand_large, quais, petit_port = _shops()
    db.session.add_all((grand_large, quais, petit_port))
    db.session.flush()
    people = _people(grand_large, quais)
    db.session.add_all(people.values())
    db.session.add_all(_addresses(grand_large, quais, petit_port))
    db.session.flush()
    return Cast(grand_large=grand_large, quais=quais, petit_port=petit_port, **people)


def _shops() -> tuple[Account, Account, Account]:
    opened = clock.now() - dt.timedelta(days=900)
    return (
        Account(
            number="104512",
            trade_name="Librairie Le Grand Large",
            legal_name="SARL Le Grand Large",
            email="contact@grandlarge.example",
            phone="02 40 00 00 12",
            gln="3025000002004",
            siret="90412345200016",
            vat_number="FR11904123452",
            street="12 quai de la Fosse",
            postal_code="44000",
            city="Nantes",
            discount_bp=3600,
            payment_term=PaymentTerm(60, end_of_month=EndOfMonth.AFTER),
            activated_at=opened,
        ),
        Account(
            number="104733",
            trade_name="Librairie des Quais",
            legal_name="SAS Librairie des Quais",
            email="contact@quais.example",
            phone="01 40 00 00 33",
            street="3 quai Saint-Michel",
            postal_code="75005",
            city="Paris",
            siret="90473345800015",
            vat_number="FR27904733458",
            discount_bp=3400,
            activated_at=opened,
        ),
        Account(
            number="104800",
            trade_name="Librairie du Petit Port",
            legal_name="EURL Le Petit Port",
            email="compta@petitport.example",
            phone="02 98 00 00 48",
            street="7 rue de la Cale",
            postal_code="29900",
            city="Concarneau",
            siret="90480045500019",
            vat_number="FR34904800455",
            discount_bp=3300,
        ),
    )


def _people(grand_large: Account, quais: Account) -> dict[str, User]:
    hashed = hash_password(PASSWORD)

    def person(email: str, first_name: str, last_name: str, **role: object) -> User:
        return User(email=email, first_name=first_name, last_name=last_name, password_hash=hashed, **role)

    anne, karim, lucie = (f"{name}@grandlarge.example" for name in ("anne", "karim", "lucie"))
    orders_and_returns = frozenset({Right.ORDERS, Right.RETURNS})
    return {
        "anne": person(anne, "Anne", "Le Goff", account_id=grand_large.id, is_principal=True),
        "karim": person(karim, "Karim", "Benali", account_id=grand_large.id, rights=orders_and_returns),
        "lucie": person(
            lucie, "Lucie", "Morel", account_id=grand_large.id, rights=frozenset({Right.DOCUMENTS})
        ),
        "paul": person("paul@quais.example", "Paul", "Roy", account_id=quais.id, is_principal=True),
        "marie": person("marie@equipe.example", "Marie", "Duval", service=Service.SALES),
        "hugo": person("hugo@equipe.example", "Hugo", "Petit", service=Service.AFTER_SALES),
        "ines": person("ines@equipe.example", "Inès", "Caron", service=Service.ACCOUNTING),
        "root": person("root@equipe.example", "Root", "Martin", service=Service.SETTINGS),
        "alix": person("alix@equipe.example", "Alix", "Bernard", service=Service.SETTINGS),
    }


def _addresses(grand_large: Account, *others: Account) -> list[DeliveryAddress]:
    shops = [
        DeliveryAddress(
            account_id=shop.id,
            recipient=shop.trade_name,
            street=shop.street,
            postal_code=shop.postal_code,
            city=shop.city,
            territory=Territory.MAINLAND,
            is_default=True,
        )
        for shop in (grand_large, *others)
    ]
    stand = DeliveryAddress(
        account_id=grand_large.id,
        recipient="Librairie Le Grand Large, stand 12",
        street="5 rue de Valmy",
        postal_code="44000",
        city="Nantes",
        territory=Territory.MAINLAND,
    )
    return [*shops, stand]

"""Who wants in: applications for an account in each state, and requests for access that wait."""

from dataclasses import dataclass

import sqlalchemy as sa

from harmattan.access.models import Account, User
from harmattan.applications import opening, service
from harmattan.applications.forms import NEUTRAL_WORDS
from harmattan.applications.models import Application
from harmattan.applications.rules import Terms
from harmattan.conversations.attachments import NewFile
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.terms import EndOfMonth, PaymentTerm
from harmattan.demo.past import clock_at, working_days_ago
from harmattan.demo.people import Cast
from harmattan.details import service as details
from harmattan.details.rules import Difference
from harmattan.onboarding import service as onboarding
from harmattan.onboarding.models import AccessRequest

_PDF = b"%PDF-1.4\n% une piece de la demonstration\n%%EOF\n"


@dataclass(frozen=True)
class Shop:
    """One bookshop that applies, and when."""

    name: str
    company: str
    siret: str
    street: str
    town: str
    """Postal code and city."""
    contact: str
    email: str
    days_ago: int
    hour: int = 10
    words: str = ""
    pieces: tuple[str, ...] = ("kbis.pdf",)
    gln: str = ""
    iban: str = ""


_MARGES = Shop(
    "Librairie des Marges", "SARL Les Marges", "81234567600017", "4 rue du Chapitre", "35000 Rennes",
    "Léa Martin", "lea@marges.example", 1, gln="3025000001014",
    words="Librairie généraliste de quartier, rayon sciences humaines de 4 000 titres.",
)  # fmt: skip
_PREAU = Shop(
    "Le Préau", "SAS Le Préau", "73282932000074", "18 cours Jean-Jaurès", "38000 Grenoble",
    "Hélène Vasseur", "helene@preau.example", 5, pieces=(), gln="3025000001015",
    words="Nous ouvrons en janvier, et préparons notre fonds.",
)  # fmt: skip
_LAMPE = Shop(
    "La Lampe bleue", "EURL La Lampe", "41212345700019", "2 place du Marché", "24200 Sarlat-la-Canéda",
    "Omar Diallo", "omar@lampebleue.example", 8,
)  # fmt: skip
_ARCADES = Shop(
    "Librairie des Arcades", "SARL Arcades", "49876543700013", "31 rue des Arcades", "67000 Strasbourg",
    "Judith Klein", "judith@arcades.example", 4,
)  # fmt: skip
_GALERNE = Shop(
    "Le Vent de galerne", "SARL Galerne", "52345678800018", "9 quai de la Seudre", "17390 La Tremblade",
    "Yann Kerbrat", "yann@galerne.example", 6, iban="FR7614706000277052187416305",
)  # fmt: skip
_DOUBLE = Shop(
    "Librairie Les Marges", "SARL Les Marges", "81234567600017", "4 rue du Chapitre", "35000 Rennes",
    "Paul Martin", "commandes@marges.example", 0, hour=8, pieces=(),
)  # fmt: skip
_PHARE = Shop(
    "Librairie du Phare", "SARL du Phare", "33344455200017", "1 rue du Môle", "29200 Brest",
    "Nora Le Bris", "nora@phare.example", 12,
)  # fmt: skip
_BAZAR = Shop(
    "Bazar central", "SARL Bazar", "66677788300016", "70 avenue de la Gare", "59000 Lille",
    "Jean Caron", "jean@bazar.example", 15, pieces=(),
)  # fmt: skip
_PLAGE = Shop(
    "Kiosque de la plage", "SAS Kiosque", "22233344500013", "Front de mer", "34300 Agde",
    "Inès Faure", "ines@kiosque.example", 9, pieces=(),
)  # fmt: skip


def add(cast: Cast) -> User:
    """An application in each state, early and late ones; a colleague and a first user who wait.

    Returns whoever came in: the principal user of the account that was opened.
    """
    for shop in (_MARGES, _PREAU, _LAMPE, _DOUBLE):
        _apply(shop)
    _ask(_apply(_ARCADES), cast, 2, "Il nous manque votre RIB et l’extrait Kbis de moins de trois mois.")
    galerne = _apply(_GALERNE)
    _ask(galerne, cast, 4, "Quel volume de commandes prévoyez-vous, et dans quels rayons ?")
    with clock_at(working_days_ago(2, 15)):
        answer = "Environ 300 exemplaires par an : littérature, histoire, Afrique."
        service.answer(galerne, answer, [NewFile("previsionnel.pdf", "application/pdf", _PDF)])
    newcomer = _decide(cast)
    _ask_for_access(cast)
    _ask_for_changes(cast)
    return newcomer


def _ask_for_changes(cast: Cast) -> None:
    """One that waits, and one that sales applied."""
    with clock_at(working_days_ago(20, 10)):
        moved = (Difference("phone", cast.quais.phone, "01 40 00 00 34"),)
        done = details.ask(cast.quais, moved, "Nouveau standard.", cast.paul)
    with clock_at(working_days_ago(19, 11)):
        details.apply(done, cast.marie, done.thread.version)
    with clock_at(working_days_ago(0, 9, 20)):
        wished = (
            Difference("legal_name", cast.grand_large.legal_name, "SAS Le Grand Large"),
            Difference("phone", cast.grand_large.phone, "02 40 00 00 21"),
        )
        details.ask(cast.grand_large, wished, "Nous avons changé de forme en octobre.", cast.anne)


def _decide(cast: Cast) -> User:
    phare, bazar, plage = _apply(_PHARE), _apply(_BAZAR), _apply(_PLAGE)
    terms = Terms(
        discount_bp=3300,
        payment_term=PaymentTerm(30, end_of_month=EndOfMonth.AFTER),
        recipient=phare.trade_name,
        street=phare.street,
        postal_code=phare.postal_code,
        city=phare.city,
    )
    with clock_at(working_days_ago(9, 11)):
        account = opening.open_account(phare, terms, cast.marie, phare.version)
    with clock_at(working_days_ago(11, 16)):
        reason = "Aucune activité de librairie au RCS : revente sur les marchés."
        service.refuse(bazar, reason, NEUTRAL_WORDS, cast.marie, bazar.version)
    with clock_at(working_days_ago(7, 9)):
        service.withdraw(plage)
    return _come_in(account, cast)


def _come_in(account: Account, cast: Cast) -> User:
    """By the link of the mail, on the next day, with everybody's password."""
    its = sa.select(AccessRequest).where(AccessRequest.account_id == account.id)
    request = db.session.scalars(its).one()
    request.password_hash = cast.anne.password_hash
    with clock_at(working_days_ago(8)):
        user = onboarding.activate(request)
        user.last_log_in_at = clock.now()
    return user


def _apply(shop: Shop) -> Application:
    postal_code, _, city = shop.town.partition(" ")
    first_name, _, last_name = shop.contact.partition(" ")
    details = {
        "trade_name": shop.name,
        "legal_name": shop.company,
        "siret": shop.siret,
        "vat_number": "",
        "gln": shop.gln,
        "iban": shop.iban,
        "street": shop.street,
        "postal_code": postal_code,
        "city": city,
        "first_name": first_name,
        "last_name": last_name,
        "email": shop.email,
        "phone": "02 00 00 00 10",
    }
    files = [NewFile(name, "application/pdf", _PDF) for name in shop.pieces]
    with clock_at(working_days_ago(shop.days_ago, shop.hour)):
        token = service.submit(details, shop.words, files)
    return service.find(token)


def _ask(application: Application, cast: Cast, days_ago: int, question: str) -> None:
    with clock_at(working_days_ago(days_ago, 14)):
        service.ask_details(application, question, cast.marie, application.version)


def _ask_for_access(cast: Cast) -> None:
    asked = {
        "words": "Stagiaire au rayon jeunesse jusqu’en janvier.",
        "password_hash": cast.anne.password_hash,
    }
    zoe = {
        "number": cast.grand_large.number,
        "first_name": "Zoé",
        "last_name": "Prat",
        "email": "zoe@x.example",
    }
    eva = {
        "number": cast.petit_port.number,
        "first_name": "Eva",
        "last_name": "Tanguy",
        "email": "eva@x.example",
    }
    for person, at in ((zoe, working_days_ago(1, 16)), (eva, working_days_ago(0, 9))):
        with clock_at(at):
            onboarding.send(asked | person)

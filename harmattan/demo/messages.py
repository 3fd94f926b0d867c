"""Messages in every state, in every service, with notes among staff and the services' canaries."""

import datetime as dt

from harmattan.access.models import User
from harmattan.contact.rules import Subject
from harmattan.conversations import service
from harmattan.conversations.models import Thread
from harmattan.conversations.service import Writer
from harmattan.core.services import Service
from harmattan.demo.past import clock_at, working_days_ago
from harmattan.demo.people import Cast


def add(cast: Cast, orders: dict[str, str]) -> None:
    """Add them all; `orders` has the references of the demonstration's orders by their own reference."""
    _of_sales(cast, orders)
    _of_after_sales(cast, orders)
    _of_accounting(cast)


def _of_sales(cast: Cast, orders: dict[str, str]) -> None:
    change = _open(
        cast.karim,
        Subject.CHANGE,
        working_days_ago(0, 9, 5),
        "Bonjour, pouvez-vous passer le premier titre de 12 à 8 exemplaires ? Merci. CANARI-104512",
        orders["Rayon sciences humaines"],
    )
    _note(
        change, cast.marie, working_days_ago(0, 9, 30), "À appliquer avant la vérification. CANARI-COMMERCIAL"
    )
    quote = _open(
        cast.paul,
        Subject.QUOTE,
        working_days_ago(4, 11),
        "Nous tenons un stand au salon de la revue : une surremise est-elle possible pour soixante livres ?",
    )
    _take(quote, cast.marie, working_days_ago(4, 14))
    _answer(
        quote,
        cast.marie,
        working_days_ago(3, 9, 40),
        "Oui, sur ce volume. Indiquez-nous la date du salon et les titres, nous vous ferons une offre.",
    )
    moved = _open(
        cast.anne,
        Subject.OTHER,
        working_days_ago(12, 15),
        "Notre téléphone change : 02 40 00 00 21 à compter de lundi.",
    )
    _answer(moved, cast.marie, working_days_ago(11, 10), "C’est noté sur votre compte.", close=True)


def _of_after_sales(cast: Cast, orders: dict[str, str]) -> None:
    late = _open(
        cast.karim,
        Subject.TRACKING,
        working_days_ago(3, 16),
        "Un colis sur deux est arrivé. Quand le second est-il prévu ?",
        orders["Réassort novembre"],
    )
    _take(late, cast.hugo, working_days_ago(2, 9, 15))
    _note(late, cast.hugo, working_days_ago(2, 9, 20), "Réimpression attendue, vu avec l’atelier. CANARI-SAV")
    damaged = _open(
        cast.anne,
        Subject.COMPLAINT,
        working_days_ago(9, 10),
        "Trois exemplaires sont arrivés cornés, le carton était ouvert sur un côté.",
        orders["Commande client Mme R."],
    )
    _answer(
        damaged,
        cast.hugo,
        working_days_ago(8, 11),
        "Nous vous les remplaçons sans attendre le retour des abîmés.",
        close=True,
    )
    _open(
        cast.paul,
        Subject.RETURNS,
        working_days_ago(0, 8, 45),
        "Pouvons-nous joindre deux retours dans le même colis Prisme ?",
    )


def _of_accounting(cast: Cast) -> None:
    statement = _open(
        cast.lucie,
        Subject.ACCOUNTING,
        working_days_ago(1, 17, 30),
        "Il me manque le relevé du mois dernier pour notre expert-comptable.",
    )
    _note(
        statement, cast.ines, working_days_ago(0, 9), "Relevé à envoyer avec les deux avoirs. CANARI-COMPTA"
    )
    lcr = _open(
        cast.paul,
        Subject.LCR,
        working_days_ago(6, 9),
        "Nous souhaitons payer par LCR. CANARI-104733",
    )
    _answer(lcr, cast.ines, working_days_ago(5, 14), "Envoyez-nous votre RIB en pièce jointe, à la suite.")
    misrouted = _open(
        cast.karim,
        Subject.TRACKING,
        working_days_ago(2, 10),
        "Les frais de port de notre dernière facture me semblent comptés deux fois.",
    )
    with clock_at(working_days_ago(2, 11)):
        service.transfer(misrouted, Service.ACCOUNTING, cast.hugo, misrouted.version)


def _open(by: User, subject: Subject, at: dt.datetime, body: str, about: str = "") -> Thread:
    with clock_at(at):
        return service.open_thread(
            Writer.of(by),
            subject.usual_service,
            subject=subject.value,
            title=subject.label,
            body=body,
            about=about,
            bank_details=subject is Subject.LCR,
        )


def _take(thread: Thread, by: User, at: dt.datetime) -> None:
    with clock_at(at):
        service.take(thread, by, thread.version)


def _note(thread: Thread, by: User, at: dt.datetime, body: str) -> None:
    with clock_at(at):
        service.add_note(thread, by, body)


def _answer(thread: Thread, by: User, at: dt.datetime, body: str, *, close: bool = False) -> None:
    with clock_at(at):
        service.answer(thread, by, body, thread.version, close=close)

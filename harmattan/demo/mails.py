"""Canned answers, mail that came in and what machines said, threads asleep and merged."""

import datetime as dt
import email.policy
from email.message import EmailMessage

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.contact.rules import Subject
from harmattan.conversations import canned, service, shelving
from harmattan.conversations.models import Thread
from harmattan.conversations.service import Writer
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.demo.past import clock_at, working_days_ago, working_days_ahead
from harmattan.demo.people import Cast
from harmattan.mails import receiving
from harmattan.outbox import feedback
from harmattan.outbox.models import OutboxMessage

_CANNED = (
    (
        Service.SALES,
        "Commande modifiée comme demandé",
        "Bonjour {client},\n\nla commande {commande} est modifiée comme vous le demandez. La facture suit"
        " dès la validation.\n\n{prenom}, {service}, {telephone}",
    ),
    (
        Service.SALES,
        "Surremise : il nous faut la date et les titres",
        "Bonjour {client},\n\nindiquez-nous la date de l’événement, le lieu et les titres : nous vous ferons"
        " une offre.\n\n{prenom}, {service}, {telephone}",
    ),
    (
        Service.AFTER_SALES,
        "Colis retardé",
        "Bonjour {client},\n\nla commande {commande} est {etat}. Nous interrogeons le transporteur et"
        " revenons vers vous.\n\n{prenom}, {service}, {telephone}, {horaires}",
    ),
    (
        Service.AFTER_SALES,
        "Adresse de livraison : par téléphone uniquement",
        "Bonjour {client},\n\nune fois la commande {commande} validée, son adresse de livraison se change par"
        " téléphone uniquement : {telephone}, {horaires}. Votre message ne l’a pas"
        " changée.\n\n{prenom}, {service}",
    ),
    (
        Service.ACCOUNTING,
        "Payer en ligne",
        "Bonjour {client},\n\nvos factures se règlent par carte sur {page_paiement}.\n\n{prenom}, {service}",
    ),
)


def add(cast: Cast) -> None:
    """What the services wrote and put aside."""
    _canned_answers(cast)
    _asleep(cast)
    _merged(cast)
    for by, body in (
        (cast.karim, "Avez-vous un catalogue des nouveautés ?"),
        (cast.lucie, "Qui suit notre compte ?"),
    ):
        thread = _open(by, Subject.OTHER, working_days_ago(6, 9), body)
        with clock_at(working_days_ago(6, 15)):
            service.answer(thread, cast.marie, "Oui, nous vous l’envoyons.", thread.version)


def come_in() -> None:
    """What came back about mails that had gone out, and what nobody expected; commits."""
    _machines()
    db.session.commit()
    _strangers()


def _canned_answers(cast: Cast) -> None:
    writers = {Service.SALES: cast.marie, Service.AFTER_SALES: cast.hugo, Service.ACCOUNTING: cast.ines}
    for of_service, title, body in _CANNED:
        canned.add(of_service, title, body, writers[of_service], clock.today())


def _asleep(cast: Cast) -> None:
    """Answered, and to be gone on with when the reprint is there."""
    thread = _open(
        cast.anne, Subject.TRACKING, working_days_ago(5, 11), "Quand la réimpression arrive-t-elle ?"
    )
    with clock_at(working_days_ago(4, 10)):
        service.answer(
            thread, cast.hugo, "Elle sort dans deux semaines, nous vous tenons au courant.", thread.version
        )
    shelving.snooze(thread, working_days_ahead(8), cast.hugo, thread.version)


def _merged(cast: Cast) -> None:
    """Two words about the same thing, read as one."""
    first = _open(cast.paul, Subject.COMPLAINT, working_days_ago(1, 10), "Un carton est arrivé ouvert.")
    second = _open(
        cast.paul, Subject.COMPLAINT, working_days_ago(1, 10, 20), "Après comptage : il manque deux livres."
    )
    with clock_at(working_days_ago(1, 11)):
        shelving.merge(second, first, cast.hugo, second.version)


def _machines() -> None:
    """An answer that did not arrive, and one that met an absence."""
    answers = (
        sa.select(OutboxMessage)
        .where(OutboxMessage.kind == "message_answered")
        .order_by(OutboxMessage.id.desc())
    )
    absent, gone = db.session.scalars(answers.limit(2)).all()
    feedback.bounced(gone, "failed, 5.2.2, smtp; 552 5.2.2 mailbox full")
    feedback.remarked(
        absent, "Absente jusqu’au 4 : pour toute urgence, écrivez à contact@grandlarge.example."
    )


def _strangers() -> None:
    """A number alone proves nothing, and an unknown bookshop writes to a service."""
    thread = db.session.scalars(sa.select(Thread).order_by(Thread.id)).first()
    if thread is not None:
        _receive(
            f"Re: {thread.reference}",
            "Bonjour, c’est encore moi, depuis mon adresse personnelle : 8 exemplaires suffisent.",
            "Karim B. <karim.b@ailleurs.example>",
            "commercial@harmattan.example",
        )
    _receive(
        "Ouverture de compte",
        "Bonjour, notre librairie ouvre au printemps. Comment devenir client ?",
        "Librairie du Phare <bonjour@phare.example>",
        "commercial@harmattan.example",
    )


def _receive(subject: str, text: str, sender: str, to: str) -> None:
    letter = EmailMessage(policy=email.policy.SMTP)
    letter["From"], letter["To"], letter["Subject"] = sender, to, subject
    letter.set_content(text)
    receiving.receive(bytes(letter))


def _open(by: User, subject: Subject, at: dt.datetime, body: str) -> Thread:
    with clock_at(at):
        return service.open_thread(
            Writer.of(by),
            subject.usual_service,
            subject=subject.value,
            title=subject.label,
            body=body,
        )

"""What is written in a thread: the customer's reply, a service's answer, a note, where to hand it on."""

from collections.abc import Iterable, Sequence

from flask_wtf.file import FileField, MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, IntegerField, RadioField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from harmattan.conversations import attachments
from harmattan.conversations.attachments import NewFile, RefusedFile
from harmattan.conversations.canned_words import unfilled_variables, unknown_variables
from harmattan.conversations.models import Thread
from harmattan.conversations.rules import plain_text, sleep_fault
from harmattan.core import clock
from harmattan.core.effective import start_fault
from harmattan.core.forms import DayField, Form, OneTimeForm, at_most, required
from harmattan.core.services import ANSWERING, Service
from harmattan.core.typography import moment

LONGEST_TEXT = 5_000
MOST_FILES = 5
MOST_OCTETS = 32 * 1024 * 1024
"""Of a form with several files; `core.security.takes_octets` opens its address to as much."""


def text_field(label: str, missing: str = "") -> TextAreaField:
    """A text to be written by hand, or left out: line breaks kept, control characters dropped."""
    must = [required(missing)] if missing else []
    return TextAreaField(label, [*must, at_most(LONGEST_TEXT)], filters=[plain_text])


def _accepted(sent: Iterable[FileStorage | None]) -> list[NewFile]:
    """The files chosen; refused before anything is saved, with the list of what is taken."""
    try:
        return [attachments.read(file) for file in sent if file and file.filename]
    except RefusedFile as refusal:
        raise ValidationError(str(refusal)) from None


class WithAttachment(OneTimeForm):
    """A form that may carry one file."""

    piece = FileField("Pièce jointe")
    files: list[NewFile]

    def validate_piece(self, field: FileField) -> None:
        self.files = _accepted([field.data])


class WithFiles(OneTimeForm):
    """A form that may carry several files."""

    pieces = MultipleFileField("Pièces jointes")
    files: list[NewFile]

    def validate_pieces(self, field: MultipleFileField) -> None:
        chosen = field.data or []
        if len(chosen) > MOST_FILES:
            raise ValidationError(f"Envoyez {MOST_FILES} fichiers au plus à la fois, le reste ensuite")
        self.files = _accepted(chosen)


class ReplyForm(WithAttachment):
    message = text_field("Votre réponse", "Écrivez votre réponse")


class VersionForm(Form):
    """An act on a thread as it was shown."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(1, 2**31 - 1)])


class AnswerForm(VersionForm, WithAttachment):
    modele = StringField("Partir d’une réponse type")
    """The key of a canned answer."""
    inserer = SubmitField("Insérer")
    reponse = text_field("Réponse", "Écrivez la réponse")
    clore = BooleanField("Clore après l’envoi")

    def insert(self, text: str) -> None:
        """Put a text behind what is already typed."""
        self.reponse.data = "\n\n".join(part for part in (self.reponse.data, text) if part)

    def validate_reponse(self, field: TextAreaField) -> None:
        """A word in braces means nothing to a customer."""
        if left := unfilled_variables(field.data or ""):
            raise ValidationError(f"Remplacez {', '.join(left)} par ce qui convient")


class NoteForm(OneTimeForm):
    note = text_field("Note interne", "Écrivez la note")


class TransferForm(VersionForm):
    service = RadioField(
        "Service",
        [InputRequired("Choisissez le service qui répondra")],
        choices=[SelectChoice(service.value, service.label) for service in ANSWERING],
        coerce=Service,
    )

    def leave_out(self, present: Service) -> None:
        """A thread is not handed on to where it is."""
        self.service.choices = [choice for choice in self.service.choices if choice.value != present]


class SnoozeForm(VersionForm):
    jusqu_au = DayField("Jusqu’au", [required("Choisissez le jour où le message revient")])

    def validate_jusqu_au(self, field: DayField) -> None:
        fault = sleep_fault(field.day, clock.today()) if field.day else None
        if fault:
            raise ValidationError(fault)


class MergeForm(VersionForm):
    avec = RadioField("Message qui reste", [InputRequired("Choisissez le message qui reste")])

    def offer(self, threads: Sequence[Thread]) -> None:
        """Let one of these threads be chosen."""
        self.avec.choices = [SelectChoice(one.reference, _named(one)) for one in threads]


def _named(thread: Thread) -> str:
    about = f", {thread.about}" if thread.about else ""
    return f"{thread.reference} : {thread.title}{about}, {moment(thread.received_at)}"


class CannedAnswerForm(OneTimeForm):
    titre = StringField("Titre", [required("Donnez un titre, celui de la liste"), at_most(80)])
    texte = text_field("Texte", "Écrivez la réponse type")
    jour = DayField("À partir du", [required("Saisissez le jour à partir duquel ce texte vaut")])
    apres = IntegerField(widget=HiddenInput(), validators=[Optional(), NumberRange(0, 2**31 - 1)])
    """The number of the latest text that was shown."""

    def validate_texte(self, field: TextAreaField) -> None:
        if unknown := unknown_variables(field.data or ""):
            raise ValidationError(f"Corrigez {', '.join(unknown)} : ces mots ne sont pas dans la liste")

    def validate_jour(self, field: DayField) -> None:
        if fault := start_fault(field.day, clock.today()) if field.day else "":
            raise ValidationError(fault)

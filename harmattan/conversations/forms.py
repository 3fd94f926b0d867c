"""What is written in a thread: the customer's reply, a service's answer, a note, where to hand it on."""

import unicodedata
from collections.abc import Iterable

from flask_wtf.file import FileField, MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, IntegerField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, ValidationError
from wtforms.widgets import HiddenInput

from harmattan.conversations import attachments
from harmattan.conversations.attachments import NewFile, RefusedFile
from harmattan.core.forms import Form, OneTimeForm, at_most, required
from harmattan.core.services import ANSWERING, Service

LONGEST_TEXT = 5_000
MOST_FILES = 5
MOST_OCTETS = 32 * 1024 * 1024
"""Of a form with several files; `core.security.takes_octets` opens its address to as much."""
_UNSEEN = ("Cc", "Cs")


def text_field(label: str, missing: str = "") -> TextAreaField:
    """A text to be written by hand, or left out: line breaks kept, control characters dropped."""
    must = [required(missing)] if missing else []
    return TextAreaField(label, [*must, at_most(LONGEST_TEXT)], filters=[_plain_text])


def _plain_text(text: str | None) -> str:
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in _UNSEEN).strip()


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


class AnswerForm(VersionForm, OneTimeForm):
    reponse = text_field("Réponse", "Écrivez la réponse")
    clore = BooleanField("Clore après l’envoi")


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

"""What is written in a thread: the customer's reply, a service's answer, a note, where to hand it on."""

import unicodedata

from flask_wtf.file import FileField
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
_UNSEEN = ("Cc", "Cs")


def text_field(label: str, missing: str) -> TextAreaField:
    """A text to be written by hand: line breaks kept, control characters dropped."""
    return TextAreaField(label, [required(missing), at_most(LONGEST_TEXT)], filters=[_plain_text])


def _plain_text(text: str | None) -> str:
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in _UNSEEN).strip()


class WithAttachment(OneTimeForm):
    """A form that may carry one file."""

    piece = FileField("Pièce jointe")

    def validate_piece(self, field: FileField) -> None:
        """Refuse before saving, with the list of what is taken."""
        self.files: list[NewFile] = []
        sent: FileStorage | None = field.data
        if not sent or not sent.filename:
            return
        try:
            self.files = [attachments.accept(sent.filename, sent.read(attachments.MAXIMUM_SIZE + 1))]
        except RefusedFile as refusal:
            raise ValidationError(str(refusal)) from None


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

"""What a shop gives to pay by LCR; what accounting say to a mandate, a remittance, a bill come back."""

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from harmattan.conversations.forms import WithAttachment, text_field
from harmattan.core import clock, identifiers
from harmattan.core.forms import DayField, Form, OneTimeForm, at_most, required
from harmattan.core.settings import house
from harmattan.lcr import rules
from harmattan.lcr.models import Bill, Remittance
from harmattan.lcr.reasons import REASONS
from harmattan.lcr.rules import BILL_TRANSITIONS, BillAction

LONGEST_REASON = 500


class AskForm(WithAttachment):
    """Bank details, with the consent that an LCR needs."""

    titulaire = StringField(
        "Titulaire du compte", [required("Saisissez le titulaire, tel que le RIB l’écrit"), at_most(70)]
    )
    iban = StringField("IBAN", [required("Saisissez l’IBAN du RIB : FR, puis 25 caractères"), at_most(60)])
    accord = BooleanField(
        "Nous acceptons que nos factures soient réglées par LCR sur ce compte, à leur échéance",
        [InputRequired("Cochez votre accord : il faut l’avoir pour présenter une LCR à votre banque")],
    )

    def validate_iban(self, field: StringField) -> None:
        try:
            iban = identifiers.french_iban(field.data)
        except identifiers.Misread as fault:
            raise ValidationError(str(fault)) from None
        if rules.is_same_account(iban, house().iban):
            raise ValidationError("Cet IBAN est le nôtre : saisissez celui de votre librairie")
        field.data = iban


class ReasonForm(Form):
    """Why a mandate is refused or suspended; the shop reads it."""

    motif = text_field("Motif, lu par la librairie", "Écrivez à la librairie pourquoi")

    def validate_motif(self, field: StringField) -> None:
        if len(field.data or "") > LONGEST_REASON:
            raise ValidationError(f"Raccourcissez ce texte : {LONGEST_REASON} caractères au plus")


class PrepareForm(OneTimeForm):
    """For which day a remittance is prepared."""

    echeance = DayField("Échéance des LCR", [required("Saisissez l’échéance, par exemple 31/12/2026")])

    def validate_echeance(self, field: DayField) -> None:
        fault = rules.due_fault(field.day, clock.today()) if field.day else ""
        if fault:
            raise ValidationError(fault)


class CreateForm(Form):
    vu = HiddenField()
    """What was seen, so that no other file is made."""


class LeaveOutForm(Form):
    numero = HiddenField()
    """Of an account, or of an invoice."""


class NoticeForm(Form):
    fichier = FileField("Fichier des impayés, tel que la banque le donne")


class RejectForm(OneTimeForm):
    """A bill that came back, as the bank's notice says it."""

    effet = SelectField("LCR revenue impayée", validate_choice=False)
    motif = SelectField(
        "Motif",
        validate_choice=False,
        choices=[
            SelectChoice("", "Le code de l’avis"),
            *(SelectChoice(code, f"{code} – {words}") for code, words in REASONS.items()),
        ],
    )
    jour = DayField("Date de l’avis", [required("Saisissez la date de l’avis, par exemple 04/01/2027")])

    def __init__(self, remittance: Remittance, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.sent_on, self.due_on = remittance.created_on or clock.today(), remittance.due_on
        self.bills = {
            bill.reference: bill
            for bill in remittance.bills
            if BillAction.REJECT in BILL_TRANSITIONS[bill.state]
        }
        self.effet.choices = [
            SelectChoice(bill.reference, f"{bill.reference}, {bill.account.trade_name}")
            for bill in self.bills.values()
        ]

    def validate_effet(self, field: SelectField) -> None:
        if field.data not in self.bills:
            raise ValidationError("Choisissez une LCR de ce lot qui n’est pas déjà notée impayée")

    def validate_motif(self, field: SelectField) -> None:
        if field.data not in REASONS:
            raise ValidationError("Choisissez le motif de l’avis ; s’il n’en dit pas, 59")

    def validate_jour(self, field: DayField) -> None:
        if not field.day:
            return
        code = self.motif.data or ""
        fault = rules.rejection_fault(field.day, self.sent_on, clock.today(), self.due_on, code)
        if fault:
            raise ValidationError(fault)

    @property
    def bill(self) -> Bill:
        return self.bills[self.effet.data]

"""What is asked, answered and granted: the forms of shops and of sales."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError

from harmattan.core import clock
from harmattan.core.forms import DayField, Form, at_most, required, whole_number
from harmattan.core.terms import PaymentTerm
from harmattan.core.typography import date_long, percent
from harmattan.quotes import deadlines, granting
from harmattan.quotes.models import Quote
from harmattan.quotes.proposals import Answer, Ask, Granted, Proposal
from harmattan.quotes.rules import TERM_WORDS, EventKind

MAXIMUM_TEXT = 2_000
LONGEST_TERM = 365
"""Days; a slip of the keyboard more often than a wish."""


class RateField(StringField):
    """A discount as people type it; what cannot be read stays as it was typed."""

    rate_bp: int | None = None

    def process_data(self, value: int | None) -> None:
        self.rate_bp = value
        self.data = percent(value).rstrip("%").strip() if value is not None else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.rate_bp = None
        try:
            self.rate_bp = granting.parse_rate(self.data) if (self.data or "").strip() else None
        except granting.Unreadable as fault:
            raise ValueError(fault.message) from None


def days_field() -> StringField:
    return StringField("Délai, en jours")


def due_field() -> DayField:
    return DayField("Ou date d’échéance")


def term_data(term: PaymentTerm | None) -> dict[str, Any]:
    """A term as its two fields say it."""
    if term is None:
        return {}
    return {"echeance": term.fixed_on} if term.fixed_on else {"delai": str(term.count)}


class WithTerm(Form):
    """A time to pay: days counted as the account's own term counts them, or one day for all (R45)."""

    delai = days_field()
    echeance = due_field()

    def __init__(self, usual: PaymentTerm, *args: Any, **kwargs: Any):
        self.usual = usual
        super().__init__(*args, **kwargs)

    def term(self) -> PaymentTerm | None:
        """The term typed; None where nothing was, or nothing that can be read."""
        if self.echeance.day:
            return PaymentTerm.on(self.echeance.day)
        days = whole_number((self.delai.data or "").strip())
        return self.usual.extended_to(days) if days else None

    def validate_delai(self, field: StringField) -> None:
        typed = (field.data or "").strip()
        if typed and not 0 < (whole_number(typed) or 0) <= LONGEST_TERM:
            raise ValidationError(f"Saisissez le délai en jours, de 1 à {LONGEST_TERM}, par exemple 90")
        if typed and self.echeance.data:
            raise ValidationError("Choisissez un délai en jours ou une date d’échéance, pas les deux")

    def validate_echeance(self, field: DayField) -> None:
        if field.day and field.day <= clock.today():
            raise ValidationError(f"Choisissez une échéance après le {date_long(clock.today())}")


class RequestForm(WithTerm):
    """« Demander un devis »: for what, and on which terms (R45)."""

    surremise = BooleanField("Une surremise pour un événement")
    prolongation = BooleanField("Un délai de paiement plus long")
    evenement = RadioField(
        "Événement", [Optional()], choices=[SelectChoice(kind.value, kind.label) for kind in EventKind]
    )
    nom = StringField("Nom de l’événement", [at_most(120)])
    jour = DayField("Date de l’événement")
    remise = RateField("Remise souhaitée, en pour cent")
    delai = days_field()
    echeance = due_field()
    commentaire = TextAreaField("Commentaire pour le service commercial", [at_most(MAXIMUM_TEXT)])

    def __init__(self, usual_bp: int, usual: PaymentTerm, *args: Any, **kwargs: Any):
        self.usual_bp = usual_bp
        super().__init__(usual, *args, **kwargs)

    @staticmethod
    def data_of(quote: Quote) -> dict[str, Any]:
        """What an earlier request said, for a new one; a date gone by is left out."""
        term, day = quote.wished_term, quote.event_on
        is_ahead = bool(day and day >= clock.today())
        return {
            "surremise": quote.event_kind is not None,
            "evenement": quote.event_kind,
            "nom": quote.event_name,
            "jour": day if is_ahead else None,
            "remise": quote.wished_discount_bp,
            "prolongation": term is not None,
            "commentaire": quote.comment,
            **term_data(term),
        }

    def ask(self) -> Ask:
        """What is asked for; what belongs to a purpose that was not ticked is left out."""
        event = bool(self.surremise.data)
        return Ask(
            event_kind=EventKind(self.evenement.data) if event else None,
            event_name=(self.nom.data or "").strip() if event else "",
            event_on=self.jour.day if event else None,
            discount_bp=self.remise.rate_bp if event else None,
            term=self.term() if self.prolongation.data else None,
            comment=(self.commentaire.data or "").strip(),
        )

    def validate_surremise(self, field: BooleanField) -> None:
        if not (field.data or self.prolongation.data):
            raise ValidationError("Choisissez ce que vous demandez : une surremise, un délai, ou les deux")

    def validate_evenement(self, field: RadioField) -> None:
        if self.surremise.data and not field.data:
            raise ValidationError("Choisissez l’événement : salon, signature ou autre")

    def validate_nom(self, field: StringField) -> None:
        if self.surremise.data and not (field.data or "").strip():
            raise ValidationError("Saisissez le nom de l’événement, par exemple « Salon du livre de Nantes »")

    def validate_jour(self, field: DayField) -> None:
        if not self.surremise.data or field.errors:
            return
        if field.day is None:
            raise ValidationError("Saisissez la date de l’événement, par exemple 12/12/2026")
        if field.day < clock.today():
            raise ValidationError(f"Le {date_long(field.day)} est passé : saisissez une date à venir")

    def validate_remise(self, field: RateField) -> None:
        if self.surremise.data and field.rate_bp is not None and field.rate_bp <= self.usual_bp:
            raise ValidationError(f"Votre remise habituelle est de {percent(self.usual_bp)} : demandez plus")

    def validate_prolongation(self, field: BooleanField) -> None:
        wished, today = self.term(), clock.today()
        if not field.data or (wished is None and (self.delai.data or self.echeance.data)):
            return
        if wished is None:
            raise ValidationError("Saisissez le délai souhaité, en jours, ou la date d’échéance souhaitée")
        if wished.due(today) <= self.usual.due(today):
            usual = f"{self.usual} (le {date_long(self.usual.due(today))} pour une facture de ce jour)"
            raise ValidationError(f"Votre délai habituel est de {usual} : demandez plus")


class CounterForm(WithTerm):
    """What the shop answers to an offer: words, and other terms if it wishes."""

    reponse = TextAreaField("Votre réponse", [required("Écrivez votre réponse"), at_most(MAXIMUM_TEXT)])
    remise = RateField("Remise souhaitée, en pour cent")
    delai = days_field()
    echeance = due_field()

    def answer(self) -> Answer:
        """What was typed."""
        return Answer(self.reponse.data, self.remise.rate_bp, self.term())


class DeclineForm(Form):
    """Why the shop does not want the offer, if it says so."""

    motif = TextAreaField("Un mot pour le service commercial", [at_most(MAXIMUM_TEXT)])


class RefuseForm(Form):
    """Why sales do not follow a request; the shop reads it."""

    refus = TextAreaField(
        "Message à la librairie", [required("Écrivez à la librairie pourquoi"), at_most(MAXIMUM_TEXT)]
    )


class OfferForm(WithTerm):
    """What sales grant besides the discounts, which are typed line by line (`drafting`)."""

    ensemble = RateField("Remise pour toutes les lignes")
    delai = days_field()
    echeance = due_field()
    validite = DayField("Valable jusqu’au")
    texte = TextAreaField("Message à la librairie", [at_most(MAXIMUM_TEXT)])
    malgre = BooleanField("Envoyer malgré le plancher de marge")

    def __init__(self, quote: Quote, *args: Any, **kwargs: Any):
        self.last_day = deadlines.last_day(quote)
        super().__init__(quote.payment_term, *args, **kwargs)

    @staticmethod
    def data_of(quote: Quote) -> dict[str, Any]:
        """What an offer usually says: what was asked for, the words for such an event, open for some days."""
        before = quote.last_offer
        term = before.term if before else quote.wished_term
        words = quote.event_kind.words if quote.event_kind else TERM_WORDS
        return term_data(term if term != quote.payment_term else None) | {
            "ensemble": quote.wished_discount_bp,
            "validite": deadlines.usual_last_day(quote),
            "texte": "" if before else words,
        }

    def proposal(self, granted: Sequence[Granted]) -> Proposal:
        """What is about to be sent, once the form is valid."""
        until = self.validite.day or clock.today()
        return Proposal(granted, self.term() or self.usual, until, (self.texte.data or "").strip())

    def validate_validite(self, field: DayField) -> None:
        if field.day is None and not field.data:
            raise ValidationError("Saisissez le dernier jour de validité, par exemple 04/12/2026")
        if field.day and (fault := granting.validity_fault(field.day, clock.today(), self.last_day)):
            raise ValidationError(fault)

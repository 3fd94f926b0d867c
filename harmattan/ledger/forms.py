"""What accounting types: a payment received, what it settles, that it is undone."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from harmattan.access.models import Account
from harmattan.billing import cheque_fields
from harmattan.billing.allocation import OpenDocuments, Source, name_of
from harmattan.billing.models import Document, Means, Payment
from harmattan.billing.rules import CASH_LIMIT_CENTS
from harmattan.core import clock, registry
from harmattan.core.forms import DayField, EurosField, OneTimeForm, at_most, required
from harmattan.core.typography import date_digits, euros
from harmattan.ledger import lookups

OLDEST_DAYS = 366
"""How far back a payment may have been received."""
BY_HAND = (Means.TRANSFER, Means.CHEQUE, Means.CASH, Means.CARD, Means.LCR)
"""A payment online is booked by its notification alone."""


class PaymentForm(OneTimeForm):
    """Money that reached us, as the bank's statement or the cheque says it."""

    moyen = SelectField(
        "Moyen", validate_choice=False, choices=[SelectChoice(each.value, each.label) for each in BY_HAND]
    )
    montant = EurosField("Montant reçu, en euros", [required("Saisissez le montant reçu, par exemple 63,37")])
    jour = DayField("Reçu le", [required("Saisissez le jour de réception, par exemple 24/11/2026")])
    libelle = StringField("Libellé du virement, ou ce qui accompagne le règlement", [at_most(140)])
    cheque = cheque_fields.number_field()
    banque = cheque_fields.bank_field()

    def validate_moyen(self, field: SelectField) -> None:
        if field.data not in BY_HAND:
            raise ValidationError("Choisissez un moyen de la liste")

    def validate_montant(self, field: EurosField) -> None:
        if field.cents == 0:
            raise ValidationError("Saisissez un montant de plus de zéro")
        if self.moyen.data == Means.CASH and (field.cents or 0) > CASH_LIMIT_CENTS:
            raise ValidationError(
                f"En espèces, {euros(CASH_LIMIT_CENTS)} au plus (C. mon. fin. D112-3) : demandez une carte,"
                " un virement ou un chèque"
            )

    def validate_jour(self, field: DayField) -> None:
        today = clock.today()
        if field.day and not today - dt.timedelta(days=OLDEST_DAYS) <= field.day <= today:
            raise ValidationError("Saisissez un jour passé, d’un an au plus")

    @property
    def cents(self) -> int:
        return self.montant.cents or 0

    @property
    def means(self) -> Means:
        return Means(self.moyen.data)

    @property
    def is_cheque(self) -> bool:
        return self.moyen.data == Means.CHEQUE


class AllocationForm(OneTimeForm):
    """A part of a payment or of a credit note, for an invoice of the same account."""

    origine = SelectField("Règlement ou avoir", validate_choice=False)
    facture = SelectField("Facture", validate_choice=False)
    part = EurosField("Montant, en euros", [at_most(20)])

    def __init__(self, found: OpenDocuments, formdata: Any = None) -> None:
        super().__init__(formdata)
        sources: list[Source] = [*found.payments, *found.credit_notes]
        self.sources = {name_of(each): each for each in sources}
        self.invoices = {each.number: each for each in found.invoices}
        self.origine.choices = _choices(self.sources)
        self.facture.choices = _choices(self.invoices)

    def validate_origine(self, field: SelectField) -> None:
        if field.data not in self.sources:
            raise ValidationError("Choisissez un règlement ou un avoir dont il reste quelque chose")

    def validate_facture(self, field: SelectField) -> None:
        if field.data not in self.invoices:
            raise ValidationError("Choisissez une facture encore ouverte")

    def validate_part(self, field: EurosField) -> None:
        """At most what is left of both; nothing typed means as much as can be."""
        if field.data and field.cents == 0:
            raise ValidationError("Saisissez un montant de plus de zéro")
        if field.cents and self.is_chosen and field.cents > self.most_cents:
            raise ValidationError(f"Il reste au plus {euros(self.most_cents)} à affecter entre les deux")

    @property
    def is_chosen(self) -> bool:
        return self.origine.data in self.sources and self.facture.data in self.invoices

    @property
    def source(self) -> Source:
        return self.sources[self.origine.data]

    @property
    def invoice(self) -> Document:
        return self.invoices[self.facture.data]

    @property
    def most_cents(self) -> int:
        return min(self.source.open_cents, self.invoice.open_cents)

    @property
    def cents(self) -> int:
        return self.part.cents or self.most_cents


class ProposalForm(OneTimeForm):
    """« Affecter comme proposé »: what was seen, so that nothing else is booked."""

    origine = HiddenField()
    vu = HiddenField()


class UndoForm(OneTimeForm):
    affectation = HiddenField()


class ReversalForm(OneTimeForm):
    """A payment that came back, or that was entered by mistake: which one, and since when it is undone."""

    payment: Payment | None = None

    reglement = StringField(
        "Numéro du règlement", [required("Saisissez le numéro du règlement, par exemple REG-2026-000012")]
    )
    repris = DayField("Contrepassé le", [required("Saisissez le jour, par exemple 24/11/2026")])
    sans_courriel = BooleanField("Erreur de saisie : ne pas prévenir la librairie")

    def __init__(self, account: Account, formdata: Any = None) -> None:
        super().__init__(formdata)
        self.account = account

    def validate_reglement(self, field: StringField) -> None:
        found = lookups.payment_meant(self.account, field.data or "")
        if found is None:
            raise ValidationError("Aucun règlement de ce compte ne porte ce numéro")
        if found.undone_on:
            raise ValidationError(
                f"{found.reference} est déjà contrepassé, le {date_digits(found.undone_on)}"
            )
        if registry.ask("lcr.brought", found.id):
            raise ValidationError("Ce règlement est celui d’une LCR : notez-la impayée dans son lot")
        self.payment = found

    def validate_repris(self, field: DayField) -> None:
        if field.day and self.payment and not self.payment.received_on <= field.day <= clock.today():
            raise ValidationError(
                f"Saisissez un jour du {date_digits(self.payment.received_on)} à aujourd’hui"
            )


def _choices(rows: Mapping[str, Source]) -> Sequence[SelectChoice]:
    return [SelectChoice(name, f"{name}, reste {euros(row.open_cents)}") for name, row in rows.items()]

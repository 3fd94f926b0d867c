"""What accounting types to credit invoices by hand: copies, amounts, and why."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from harmattan.billing import creditable
from harmattan.billing.creditable import Creditable
from harmattan.billing.drafts import Credit
from harmattan.billing.models import Document, DocumentLine
from harmattan.core.forms import EurosField, OneTimeForm, at_most, whole_number
from harmattan.core.typography import euros, percent, plural
from harmattan.ledger.rules import CreditReason

LONGEST_DETAIL = 120


class CopiesField(StringField):
    """How many copies of an invoiced line are credited; nothing typed is none."""

    def __init__(self, label: str, line: DocumentLine, **details: Any) -> None:
        super().__init__(label, **details)
        self.line, self.most = line, line.free_quantity

    @property
    def copies(self) -> int:
        return whole_number((self.data or "").strip()) or 0

    def pre_validate(self, form: Any) -> None:
        typed = (self.data or "").strip()
        if typed and (whole_number(typed) is None or self.copies > self.most):
            left = plural(self.most, "exemplaire", "exemplaires")
            raise ValidationError(f"« {self.line.designation} » : il reste {left} à créditer au plus")


class AmountField(EurosField):
    """An amount HT at one VAT rate of an invoice."""

    def __init__(self, label: str, invoice: Document, rate_bp: int, most: int, **details: Any) -> None:
        super().__init__(label, **details)
        self.invoice, self.rate_bp, self.most = invoice, rate_bp, most


class CreditForm(OneTimeForm):
    """A reason, and for each invoice chosen its lines and its VAT rates: made by `form_for`."""

    choice: Sequence[Creditable] = ()

    motif = SelectField(
        "Motif",
        validate_choice=False,
        choices=[
            SelectChoice("", "Choisissez"),
            *(SelectChoice(each.value, each.label) for each in CreditReason),
        ],
    )
    precision = StringField("Précision, que la librairie lira", [at_most(LONGEST_DETAIL)])
    deduire = BooleanField("Déduire aussitôt de la facture citée, si elle est encore ouverte", default=True)
    vu = HiddenField()

    def validate_motif(self, field: SelectField) -> None:
        if field.data not in list(CreditReason):
            raise ValidationError("Choisissez le motif de l’avoir")

    def validate_precision(self, field: StringField) -> None:
        if self.motif.data == CreditReason.OTHER and not (field.data or "").strip():
            raise ValidationError("Écrivez le motif, par exemple « Facture émise deux fois »")

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        return super().validate(*args, **kwargs) and not self._blame()

    def _blame(self) -> str:
        """What is wrong with the whole, said at the first field that has to do with it."""
        credits, amounts = self.credits(), [field for field in self if isinstance(field, AmountField)]
        if not credits:
            first = next(field for field in self if isinstance(field, (CopiesField, AmountField)))
            first.errors = ["Saisissez un nombre d’exemplaires ou un montant à créditer"]
            return first.name
        wanted: Counter[tuple[int, int]] = Counter()
        for credit in credits:
            wanted[credit.invoice.id, rate_of(credit)] += cents_of(credit)
        over = [field for field in amounts if wanted[field.invoice.id, field.rate_bp] > field.most]
        for field in over:
            field.errors = [
                f"Facture {field.invoice.number}, TVA {percent(field.rate_bp)} :"
                f" il reste {euros(field.most)} HT à créditer, exemplaires compris"
            ]
        return over[0].name if over else ""

    @property
    def reason(self) -> str:
        return CreditReason(self.motif.data).told((self.precision.data or "").strip())

    def credits(self) -> list[Credit]:
        """What is typed, invoice by invoice: copies, then amounts."""
        return [credit for each in self.choice for credit in self._of(each)]

    def _of(self, each: Creditable) -> Iterator[Credit]:
        for field in self:
            if isinstance(field, CopiesField) and field.copies and field.line.document_id == each.invoice.id:
                yield Credit(each.invoice, field.line, field.copies)
        for field in self:
            if isinstance(field, AmountField) and field.cents and field.invoice is each.invoice:
                designation = f"{CreditReason(self.motif.data).label}, facture {each.invoice.number}"
                yield Credit(
                    each.invoice, designation=designation, net_cents=field.cents, vat_bp=field.rate_bp
                )


def form_for(choice: Sequence[Creditable]) -> CreditForm:
    """The form of these invoices."""
    fields: dict[str, Any] = {"choice": choice}
    for each in choice:
        for line in each.lines:
            fields[f"q_{line.id}"] = CopiesField(f"Exemplaires de {line.designation}", line=line)
        for rate_bp, most in each.by_rate.items():
            label = f"Montant HT à {percent(rate_bp)} de TVA, facture {each.invoice.number}"
            details: dict[str, Any] = {"invoice": each.invoice, "rate_bp": rate_bp, "most": most}
            fields[f"m_{each.invoice.id}_{rate_bp}"] = AmountField(label, **details)
    made: CreditForm = type("CreditFormOfInvoices", (CreditForm,), fields)()
    return made


def cents_of(credit: Credit) -> int:
    """What is given back, HT."""
    return creditable.of_copies(credit.line, credit.quantity) if credit.line else credit.net_cents


def rate_of(credit: Credit) -> int:
    return credit.line.vat_bp if credit.line else credit.vat_bp

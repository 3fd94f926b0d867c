"""What a shop ticked to pay, and what that comes to (R82)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harmattan.billing.matching import Open, opened
from harmattan.billing.models import Document
from harmattan.billing.rules import Kind


@dataclass(frozen=True)
class Chosen:
    """Invoices and credit notes that a shop ticked."""

    invoices: Sequence[Open]
    credit_notes: Sequence[Open]

    @property
    def owed_cents(self) -> int:
        return sum(each.open_cents for each in self.invoices)

    @property
    def credit_cents(self) -> int:
        return sum(each.open_cents for each in self.credit_notes)

    @property
    def to_pay_cents(self) -> int:
        """Never negative (R82)."""
        return max(self.owed_cents - self.credit_cents, 0)

    @property
    def left_cents(self) -> int:
        """What of the credit notes stays as credit."""
        return max(self.credit_cents - self.owed_cents, 0)

    @property
    def numbers(self) -> list[str]:
        """All that was ticked, invoices first."""
        return [each.number for each in (*self.invoices, *self.credit_notes)]

    @property
    def label(self) -> str:
        """What a transfer says, the back of a cheque too (R75, R78)."""
        return " ".join(self.numbers)


def chosen(documents: Iterable[Document]) -> Chosen:
    """What is left of these documents, in their order."""
    left = [each for each in documents if each.open_cents]
    return Chosen(
        opened(each for each in left if each.kind is Kind.INVOICE),
        opened(each for each in left if each.kind is Kind.CREDIT_NOTE),
    )

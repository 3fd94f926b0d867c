"""The slip that a shop prints and sends with its cheque (R76–R78)."""

from harmattan.access.models import Account
from harmattan.core import clock, documents
from harmattan.core.settings import house
from harmattan.core.typography import date_long, euros
from harmattan.payments.choice import Chosen


def cheque(account: Account, what: Chosen) -> bytes:
    """On A4: to whose order, how much, the text for its back, the address; raises `DocumentNotMade`."""
    facts = {
        "heading": "Bordereau de chèque",
        "under": date_long(clock.today()),
        "facts": [["Compte client", account.number], ["Émetteur", account.legal_name]],
        "addressee": list(house().cheque_address.lines),
        "payee": house().cheque_payee,
        "lines": [
            *([f"Facture {each.number}", euros(each.open_cents)] for each in what.invoices),
            *([f"Avoir {each.number}", euros(-each.open_cents)] for each in what.credit_notes),
        ],
        "amount": euros(what.to_pay_cents),
        "back": f"Compte {account.number} {what.label}",
    }
    return documents.pdf("cheque", facts, title="Bordereau de chèque", made_at=clock.now())

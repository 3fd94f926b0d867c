"""What is printed for a return: the slip that goes with the parcels, a label for each (R94, R97, R98)."""

from typing import Any

from harmattan.core import clock, documents, isbn
from harmattan.core.settings import house
from harmattan.core.typography import date_long, number, plural, typo
from harmattan.returns import rules
from harmattan.returns.models import ReturnLine, ReturnSlip
from harmattan.returns.rules import Route


def slip(found: ReturnSlip) -> bytes:
    """The slip on A4: whose, what, from which invoices, where it goes; raises `DocumentNotMade`."""
    return documents.pdf(
        "return_slip",
        _common(found)
        | {
            "lines": [_line(line) for line in found.lines],
            "totals": [
                ["Titres", number(len({line.isbn for line in found.lines}))],
                ["Exemplaires", number(found.copy_count)],
                ["Colis", number(found.parcel_count)],
            ],
            "notes": [typo(note) for note in _notes()],
        },
        title=f"Bon de retour {found.reference}",
        made_at=found.issued_at or clock.now(),
    )


def labels(found: ReturnSlip) -> bytes:
    """One label a parcel: from whom, to whom, which of how many; raises `DocumentNotMade`."""
    return documents.pdf(
        "return_labels",
        _common(found)
        | {"parcels": [f"{n} / {found.parcel_count}" for n in range(1, found.parcel_count + 1)]},
        title=f"Étiquettes du retour {found.reference}",
        made_at=found.issued_at or clock.now(),
    )


def destination(route: Route) -> tuple[str, ...]:
    """Where the parcels go, line by line as it is printed (R94, R95)."""
    if route is Route.COUNTER:
        return (house().name, *house().counter_address.lines)
    return house().return_address.lines


def _common(found: ReturnSlip) -> dict[str, Any]:
    account = found.account
    day = clock.in_paris(found.issued_at or clock.now()).date()
    return {
        "heading": "Bon de retour",
        "reference": found.reference,
        "under": f"{found.reference}, {date_long(day)}",
        "facts": [
            ["Compte client", account.number],
            ["Établi par", found.created_by.name],
            ["Envoi", found.route.label],
            *([["Votre référence", found.own_reference]] if found.own_reference else []),
        ],
        "sender": [account.trade_name, *account.place.lines[1:]],
        "addressee": list(destination(found.route)),
        "account": account.number,
        "route": found.route.label,
        "bars": documents.code_128(found.reference or ""),
    }


def _line(line: ReturnLine) -> list[str]:
    until = rules.last_day(line.invoiced_on, house().return_months)
    return [
        line.title,
        isbn.hyphenated(line.isbn),
        f"{line.invoice_number} du {date_long(line.invoiced_on)}",
        date_long(until),
        number(line.quantity),
    ]


def _notes() -> tuple[str, ...]:
    months = plural(house().return_months, "mois", "mois")
    return (
        f"Retour sans autorisation préalable, de titres facturés depuis {months} au plus au jour de ce bon.",
        "La librairie déclare les exemplaires dans l’état où elle les a reçus : ni abîmés, ni étiquetés, ni"
        " annotés, propres à être remis en vente. Les autres sont refusés au contrôle.",
        "Le port est à la charge de la librairie. L’avoir est établi au prix et au taux de TVA facturés.",
    )

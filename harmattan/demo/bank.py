"""A statement of the bank, of this morning: lines sure, to be checked, unknown, booked, set aside, debits."""

import sqlalchemy as sa

from harmattan.banking import service, suggesting
from harmattan.banking.models import BankFile, BankLine
from harmattan.billing.models import Document
from harmattan.core import clock, csv_export
from harmattan.core.extensions import db
from harmattan.core.typography import date_digits
from harmattan.demo.past import clock_at, working_days_ago
from harmattan.demo.people import Cast
from harmattan.payments import lookups as payments
from harmattan.payments.models import PaymentOrder
from harmattan.payments.rules import Means, Status

HEADER = ("Date opération", "Libellé", "Débit", "Crédit", "Référence")


def add(cast: Cast) -> BankFile:
    """What came in and went out of our account; a line is booked already, another one set aside."""
    order, paid = _awaited(cast), _paid_unannounced(cast)
    day = date_digits(clock.in_paris(working_days_ago(1)).date())
    came = csv_export.amount(order.amount_cents)
    rows = (
        (day, f"VIR SEPA LE GRAND LARGE {order.label.replace('-', '')}", "", came, "2026112900017"),
        (day, f"VIR LIBRAIRIE DES QUAIS COMPTE {cast.quais.number}", "", "50,00", "2026112900023"),
        (day, "VIR INST M DURAND", "", "37,40", "2026112900031"),
        (day, "REMBOURSEMENT ASSURANCE SINISTRE 4411", "", "212,00", ""),
        (day, f"VIR SEPA LE GRAND LARGE {paid.number}", "", csv_export.amount(paid.open_cents), ""),
        (day, "PRLV EDF PROFESSIONNELS", "184,20", "", ""),
        (day, "FRAIS DE TENUE DE COMPTE", "12,00", "", ""),
    )
    data = csv_export.content(HEADER, rows)
    with clock_at(working_days_ago(0)):
        file = service.keep("releve-banque.csv", data, service.read("releve-banque.csv", data), cast.ines)
        service.set_aside(file.lines[3], "Remboursement d’assurance", cast.ines)
        _confirm(file.lines[4], cast)
    return file


def _confirm(line: BankLine, cast: Cast) -> None:
    service.confirm(line, cast.ines, suggesting.suggested([line])[line.id].mark)


def _paid_unannounced(cast: Cast) -> Document:
    """The oldest open invoice of an order that the shop has said nothing of."""
    announced = payments.announced([cast.grand_large.id])
    its = (Document.account_id == cast.grand_large.id, Document.order_reference != "")
    still = (Document.open_cents == Document.total_cents, Document.number.not_in(announced))
    return db.session.scalars(sa.select(Document).where(*its, *still).order_by(Document.id).limit(1)).one()


def _awaited(cast: Cast) -> PaymentOrder:
    """The transfer that the shop announced last."""
    its = (PaymentOrder.status == Status.AWAITED, PaymentOrder.means == Means.TRANSFER)
    of_shop = sa.select(PaymentOrder).where(PaymentOrder.account_id == cast.grand_large.id, *its)
    return db.session.scalars(of_shop.order_by(PaymentOrder.id.desc()).limit(1)).one()

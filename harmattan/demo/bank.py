"""A statement of the bank, of this morning: a line that is sure, one to be checked, one unknown, debits."""

import sqlalchemy as sa

from harmattan.banking import service
from harmattan.banking.models import BankFile
from harmattan.core import clock, csv_export
from harmattan.core.extensions import db
from harmattan.core.typography import date_digits
from harmattan.demo.past import clock_at, working_days_ago
from harmattan.demo.people import Cast
from harmattan.payments.models import PaymentOrder
from harmattan.payments.rules import Means, Status

HEADER = ("Date opération", "Libellé", "Débit", "Crédit", "Référence")


def add(cast: Cast) -> BankFile:
    """What came in and went out of our account; one line is set aside already."""
    order = _awaited(cast)
    day = date_digits(clock.in_paris(working_days_ago(1)).date())
    came = csv_export.amount(order.amount_cents)
    rows = (
        (day, f"VIR SEPA LE GRAND LARGE {order.label.replace('-', '')}", "", came, "2026112900017"),
        (day, f"VIR LIBRAIRIE DES QUAIS COMPTE {cast.quais.number}", "", "50,00", "2026112900023"),
        (day, "VIR INST M DURAND", "", "37,40", "2026112900031"),
        (day, "REMBOURSEMENT ASSURANCE SINISTRE 4411", "", "212,00", ""),
        (day, "PRLV EDF PROFESSIONNELS", "184,20", "", ""),
        (day, "FRAIS DE TENUE DE COMPTE", "12,00", "", ""),
    )
    data = csv_export.content(HEADER, rows)
    with clock_at(working_days_ago(0)):
        file = service.keep("releve-banque.csv", data, service.read("releve-banque.csv", data), cast.ines)
        service.set_aside(file.lines[3], "Remboursement d’assurance", cast.ines)
    return file


def _awaited(cast: Cast) -> PaymentOrder:
    """The transfer that the shop announced last."""
    its = (PaymentOrder.status == Status.AWAITED, PaymentOrder.means == Means.TRANSFER)
    of_shop = sa.select(PaymentOrder).where(PaymentOrder.account_id == cast.grand_large.id, *its)
    return db.session.scalars(of_shop.order_by(PaymentOrder.id.desc()).limit(1)).one()

"""The Grand Large’s software wants departures and invoices as messages, and once miscounted an order."""

import io

from werkzeug.datastructures import FileStorage

from harmattan.demo.past import clock_at, working_days_ago
from harmattan.demo.people import Cast
from harmattan.exchanges import service
from harmattan.exchanges.rules import Format, Kind
from harmattan.lists import refused
from harmattan.lists.refused import Upload

_MISCOUNTED = (
    b"UNB+UNOC:3+3025000002004:14+3025000001014:14+261123:1000+42'UNH+1+ORDERS:D:96A:UN:EAN008'"
    b"BGM+220+SALON-77+9'NAD+BY+3025000002004::9'LIN+1++9782343000015:EN'QTY+21:3'UNS+S'"
    b"CNT+2:4'UNT+8+1'UNZ+1+42'"
)


def add(cast: Cast) -> None:
    """From now on: its past mails went without."""
    wanted = {Kind.SHIPMENT: Format.EDIFACT, Kind.DOCUMENT: Format.EDIFACT}
    service.choose(cast.grand_large.id, wanted, cast.anne)
    file = Upload.of(FileStorage(io.BytesIO(_MISCOUNTED), "commande-salon.edi"))
    with clock_at(working_days_ago(2, 11)):
        refused.keep(file, "CNT annonce 4 ligne(s), lu 1 segment(s) LIN", cast.karim)

"""The Grand Large's software wants its departures and its invoices as messages."""

from harmattan.demo.people import Cast
from harmattan.exchanges import service
from harmattan.exchanges.rules import Format, Kind


def add(cast: Cast) -> None:
    """From now on: its past mails went without."""
    wanted = {Kind.SHIPMENT: Format.EDIFACT, Kind.DOCUMENT: Format.EDIFACT}
    service.choose(cast.grand_large.id, wanted, cast.anne)

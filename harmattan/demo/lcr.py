"""Payment by LCR in each state: refused and asked again, in place and at the bank, come back unpaid."""

import datetime as dt

from harmattan.billing.models import Document
from harmattan.conversations.attachments import NewFile
from harmattan.core import clock
from harmattan.demo.past import clock_at, working_days_ago
from harmattan.demo.people import Cast
from harmattan.lcr import collecting, drawing, remitting, service
from harmattan.lcr.models import Remittance
from harmattan.lcr.rules import Action, Reason

_RIB = NewFile("rib.pdf", "application/pdf", b"%PDF-1.4\n% un RIB de la demonstration\n%%EOF\n")
_THEIRS, _OURS = "FR1420041010050500013M02606", "FR7630004000031234567890143"
_TOOK = dt.timedelta(days=20)


def add(cast: Cast, unpaid: Document, latest: Document) -> None:
    """The Quais pay by LCR: one came back, the next is at the bank; the Grand Large asks again."""
    with clock_at(clock.now() - dt.timedelta(days=80)):
        quais = service.ask(cast.quais, "SAS Librairie des Quais", _THEIRS, cast.paul, [_RIB])
        service.act(quais, Action.ACCEPT, cast.ines)
    _came_back(cast, unpaid)
    _at_the_bank(cast, latest)
    with clock_at(working_days_ago(15)):
        first = service.ask(cast.grand_large, "M. Le Goff", _OURS, cast.anne)
        words = "Le compte est celui d’un particulier : joignez le RIB de la société."
        service.act(first, Action.REFUSE, cast.ines, words)
    with clock_at(working_days_ago(1, 15)):
        service.ask(cast.grand_large, "SARL Le Grand Large", _OURS, cast.lucie, [_RIB])


def _came_back(cast: Cast, invoice: Document) -> None:
    """Booked on its day, and taken back by the bank three days later."""
    due_on = clock.today() - dt.timedelta(days=40)
    with clock_at(clock.at_paris(due_on - _TOOK, dt.time(11))):
        remittance = _made(cast, due_on, {invoice.number})
    with clock_at(clock.at_paris(due_on + dt.timedelta(days=1), dt.time(11))):
        collecting.book(remittance, cast.ines)
    back_on = due_on + dt.timedelta(days=3)
    with clock_at(clock.at_paris(back_on, dt.time(11))):
        collecting.reject(remittance.bills[0], Reason.NO_FUNDS, "", back_on, cast.ines)


def _at_the_bank(cast: Cast, latest: Document) -> None:
    """What a transfer pays and what came back are left out of it."""
    with clock_at(working_days_ago(2, 16)):
        _made(cast, latest.due_on or clock.today(), {latest.number})


def _made(cast: Cast, due_on: dt.date, numbers: set[str]) -> Remittance:
    """The file of these invoices alone."""
    remittance = remitting.prepare(due_on, cast.ines)
    for item in remittance.items:
        if item.invoice.number not in numbers:
            remitting.leave_out(remittance, item.invoice.number, cast.ines)
    remitting.create(remittance, drawing.mark(drawing.drafts(remittance)), cast.ines)
    return remittance

"""Payment by LCR in each state: refused and asked again, in place; to review, at the bank, paid, unpaid."""

import datetime as dt

from harmattan.billing.models import Document
from harmattan.conversations.attachments import NewFile
from harmattan.core import clock
from harmattan.demo.past import clock_at, working_days_ago
from harmattan.demo.people import Cast
from harmattan.lcr import collecting, drawing, presenting, remitting, rules, service
from harmattan.lcr.models import Remittance
from harmattan.lcr.reasons import NO_FUNDS
from harmattan.lcr.rules import Action

_RIB = NewFile("rib.pdf", "application/pdf", b"%PDF-1.4\n% un RIB de la demonstration\n%%EOF\n")
_QUAIS, _GRAND_LARGE = "FR1420041010050500013M02606", "FR7613807004123102145678937"
"""Valid, of nobody, and unlike our own."""
_TOOK = dt.timedelta(days=20)


def add(cast: Cast, drawn: Document, unpaid: Document, latest: Document) -> None:
    """The Quais pay by LCR: one was paid, one came back, one is at the bank, a remittance is to be reviewed.

    The Grand Large ask again.
    """
    with clock_at(clock.now() - dt.timedelta(days=110)):
        quais = service.ask(cast.quais, "SAS Librairie des Quais", _QUAIS, cast.paul, [_RIB])
        service.act(quais, Action.ACCEPT, cast.ines)
    _collected(cast, drawn, clock.today() - dt.timedelta(days=75))
    _came_back(cast, unpaid)
    _at_the_bank(cast, latest)
    _to_review(cast, unpaid)
    with clock_at(working_days_ago(15)):
        first = service.ask(cast.grand_large, "M. Le Goff", _GRAND_LARGE, cast.anne)
        words = "Le compte est celui d’un particulier : joignez le RIB de la société."
        service.act(first, Action.REFUSE, cast.ines, words)
    with clock_at(working_days_ago(1, 15)):
        service.ask(cast.grand_large, "SARL Le Grand Large", _GRAND_LARGE, cast.lucie, [_RIB])


def _collected(cast: Cast, invoice: Document, due_on: dt.date) -> Remittance:
    """Booked on the day after it was due."""
    with clock_at(clock.at_paris(due_on - _TOOK, dt.time(11))):
        remittance = _made(cast, due_on, {invoice.number})
    with clock_at(clock.at_paris(due_on + dt.timedelta(days=1), dt.time(11))):
        collecting.book(remittance, cast.ines)
    return remittance


def _came_back(cast: Cast, invoice: Document) -> None:
    """Taken back by the bank three days after its due date."""
    due_on = clock.today() - dt.timedelta(days=40)
    remittance = _collected(cast, invoice, due_on)
    back_on = due_on + dt.timedelta(days=3)
    with clock_at(clock.at_paris(back_on, dt.time(11))):
        collecting.reject(remittance.bills[0], NO_FUNDS, back_on, cast.ines)


def _to_review(cast: Cast, unpaid: Document) -> None:
    """What came back is left out of the next one: the shop pays it otherwise."""
    with clock_at(working_days_ago(0, 9)):
        remittance = remitting.prepare(rules.usual_due(clock.today()), cast.ines)
        remitting.leave_out(remittance, unpaid.number, cast.ines)


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
    presenting.create(remittance, drawing.mark(drawing.drafts(remittance)), cast.ines)
    return remittance

"""Payment by LCR: mandates, remittances and bills in every state."""

import datetime as dt

from harmattan.access.models import Account, User
from harmattan.billing.models import Document
from harmattan.conversations.attachments import NewFile
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.demo.past import clock_at, working_days_ago
from harmattan.demo.people import Cast
from harmattan.lcr import collecting, drawing, presenting, remitting, rules, service
from harmattan.lcr.models import Remittance
from harmattan.lcr.reasons import NO_FUNDS
from harmattan.lcr.rules import Action

_RIB = NewFile("rib.pdf", "application/pdf", b"%PDF-1.4\n% un RIB de la demonstration\n%%EOF\n")
_QUAIS, _GRAND_LARGE = "FR1420041010050500013M02606", "FR7613807004123102145678937"
_FORMER_OF_QUAIS, _PHARE = "FR7610107001011234567890129", "FR7610011000201234567890188"
"""Valid, of nobody, and unlike our own."""
_TOOK = dt.timedelta(days=20)


def add(cast: Cast, nora: User, drawn: Document, unpaid: Document, latest: Document) -> None:
    """The Quais pay by LCR: one bill is paid, one came back, one is at the bank, others are to be read."""
    _quais_change_their_bank(cast)
    _collected(cast, drawn, clock.today() - dt.timedelta(days=75))
    _came_back(cast, unpaid)
    _given_up(cast, latest)
    _at_the_bank(cast, latest)
    _to_review(cast, unpaid)
    _ask_and_wait(cast, nora)


def _quais_change_their_bank(cast: Cast) -> None:
    """Their former mandate ended, the one on their new account is in place."""
    holder = "SAS Librairie des Quais"
    with clock_at(clock.now() - dt.timedelta(days=200)):
        former = service.ask(cast.quais, holder, _FORMER_OF_QUAIS, cast.paul, [_RIB])
        service.act(former, Action.ACCEPT, cast.ines)
    with clock_at(clock.now() - dt.timedelta(days=112)):
        service.act(former, Action.WITHDRAW, cast.paul)
    with clock_at(clock.now() - dt.timedelta(days=110)):
        service.act(service.ask(cast.quais, holder, _QUAIS, cast.paul, [_RIB]), Action.ACCEPT, cast.ines)


def _ask_and_wait(cast: Cast, nora: User) -> None:
    """The Grand Large were refused, and ask again; the Phare's mandate rests while it changes its bank."""
    with clock_at(working_days_ago(15)):
        first = service.ask(cast.grand_large, "M. Le Goff", _GRAND_LARGE, cast.anne)
        words = "Le compte est celui d’un particulier : joignez le RIB de la société."
        service.act(first, Action.REFUSE, cast.ines, words)
    with clock_at(working_days_ago(7)):
        phare = db.session.get_one(Account, nora.account_id)
        resting = service.ask(phare, "SARL du Phare", _PHARE, nora, [_RIB])
    with clock_at(working_days_ago(6)):
        service.act(resting, Action.ACCEPT, cast.ines)
    with clock_at(working_days_ago(2)):
        words = "Vous changez de banque en décembre : nous reprenons dès que votre nouveau compte est ouvert."
        service.act(resting, Action.SUSPEND, cast.ines, words)
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


def _given_up(cast: Cast, latest: Document) -> None:
    """Prepared too early, before the last invoices of the month: it was dropped the same day."""
    with clock_at(working_days_ago(3)):
        remitting.drop(remitting.prepare(latest.due_on or clock.today(), cast.ines), cast.ines)


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

"""Announced payments in every state: awaited, refused, taken back, given up, received, to check, undone."""

import sqlalchemy as sa

from harmattan.billing.models import Document
from harmattan.billing.rules import Kind
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.demo.past import clock_at, working_days_ago
from harmattan.demo.people import Cast
from harmattan.ledger import reversing
from harmattan.payments import online, service
from harmattan.payments.models import PaymentOrder
from harmattan.payments.rules import Action, Means


def add(cast: Cast) -> None:
    """Of the Grand Large's open invoices, the latest first, so that the journeys' own stay open."""
    newest = _open(cast)
    with clock_at(working_days_ago(4)):
        refused = _announce(cast, newest[0], Means.ONLINE)
        service.act(refused, Action.REFUSE, online.ACTOR, "Carte refusée par la banque")
        bounced = _announce(cast, newest[4], Means.CHEQUE)
    with clock_at(working_days_ago(3)):
        service.act(_announce(cast, newest[1], Means.CHEQUE), Action.WITHDRAW, cast.lucie.name)
        service.give_up(
            _announce(cast, newest[2], Means.ONLINE), "La page de paiement a été quittée.", cast.ines.name
        )
        service.receive(booked := _announce(cast, newest[1], Means.ONLINE), booked.amount_cents, online.ACTOR)
        cheque = service.receive(bounced, bounced.amount_cents, cast.ines.name)
    with clock_at(working_days_ago(2)):
        short = _announce(cast, newest[2], Means.ONLINE)
        service.receive(short, short.amount_cents - 100, online.ACTOR)
    with clock_at(working_days_ago(1)):
        reversing.reverse(cheque, clock.today(), cast.ines, tell=True)
        _announce(cast, newest[3], Means.TRANSFER)
        _announce(cast, newest[4], Means.CHEQUE)


def _open(cast: Cast) -> list[Document]:
    its = (Document.account_id == cast.grand_large.id, Document.kind == Kind.INVOICE, Document.open_cents > 0)
    rows = sa.select(Document).where(*its).order_by(Document.issued_on.desc(), Document.id.desc())
    return list(db.session.scalars(rows))


def _announce(cast: Cast, invoice: Document, means: Means) -> PaymentOrder:
    return service.announce(cast.grand_large, [invoice], means, cast.lucie)

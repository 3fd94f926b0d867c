"""What is waiting: for a bookseller, and for each service."""

from dataclasses import dataclass

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.access.rules import Permission
from harmattan.conversations import scope
from harmattan.conversations import service as conversations
from harmattan.conversations.models import Thread
from harmattan.conversations.service import Waiting
from harmattan.core.extensions import db
from harmattan.core.services import ANSWERING, Service
from harmattan.imports.models import CatalogueImport
from harmattan.orders.lookups import WAITS_FOR_SHOP
from harmattan.orders.models import Order
from harmattan.orders.rules import Status
from harmattan.quotes import lookups as quotes
from harmattan.quotes.models import Quote


@dataclass(frozen=True)
class ShopBusiness:
    """What a bookseller has to do."""

    details_asked: tuple[str, ...] = ()
    """References of orders that wait for the shop's answer (R40)."""
    dates_proposed: tuple[str, ...] = ()
    """References of orders for which sales propose another date than the urgent one (R57)."""
    offers: tuple[Quote, ...] = ()
    """Quotes that wait for the shop's agreement, the first to end first (R47)."""
    new_answers: int = 0
    """Threads that a service answered since they were last read."""


def of_shop(user: User) -> ShopBusiness:
    """What waits for this person, as far as their rights go."""
    asked: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    offers: tuple[Quote, ...] = ()
    if user.may(Permission.ORDER):
        waiting = sa.select(Order.reference, Order.status).where(
            Order.account_id == user.account_id, WAITS_FOR_SHOP
        )
        found = db.session.execute(waiting.order_by(Order.placed_at)).all()
        asked = tuple(row.reference for row in found if row.status is Status.DETAILS_REQUESTED)
        dates = tuple(row.reference for row in found if row.status is Status.RECORDED)
        offers = tuple(quotes.awaiting_shop(user.account_id or 0))
    unread = scope.threads_of(user).where(
        Thread.last_answered_at.is_not(None),
        sa.or_(Thread.read_at.is_(None), Thread.read_at < Thread.last_answered_at),
    )
    count = db.session.scalar(sa.select(sa.func.count()).select_from(unread.subquery()))
    return ShopBusiness(asked, dates, offers, count or 0)


def of_other_services(mine: Service) -> list[tuple[Service, Waiting]]:
    """The messages that wait for the services other than one's own."""
    waiting = conversations.waiting_by_service()
    return [(service, waiting.get(service, Waiting())) for service in ANSWERING if service is not mine]


def last_import() -> CatalogueImport | None:
    """The latest passage of an ONIX file that was no rehearsal."""
    runs = sa.select(CatalogueImport).where(CatalogueImport.dry_run.is_(False))
    return db.session.scalar(runs.order_by(CatalogueImport.id.desc()).limit(1))

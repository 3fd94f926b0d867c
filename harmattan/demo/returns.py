"""Returns in every state, from the invoices of the demonstration."""

import datetime as dt

from harmattan.billing import allocation
from harmattan.billing.models import Document
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.demo.past import clock_at, working_days_ago
from harmattan.demo.people import Cast
from harmattan.returns import reception, service
from harmattan.returns.models import ReturnSlip
from harmattan.returns.rules import Count, Refused, Route

T1, T2, T3, T5 = "9782343000015", "9782296000018", "9782738400017", "9782140423451"


def add(cast: Cast) -> None:
    """Slips by the day on which they were issued; the last one is still being filled."""
    credited = _issue(cast, 40, {T2: 4, T5: 2}, Route.PREPAID, parcels=2)
    refused = _issue(cast, 30, {T5: 1})
    cancelled = _issue(cast, 21, {T1: 2})
    checked = _issue(cast, 12, {T1: 3})
    received = _issue(cast, 6, {T1: 2, T5: 1})
    _issue(cast, 2, {T5: 3}, Route.COUNTER)
    with clock_at(working_days_ago(10)):
        service.cancel(cancelled, cast.karim)
    _check(cast, credited, 6, T2, Refused.LABELLED, "étiquette de prix")
    _check(cast, refused, 5, T5, Refused.DAMAGED, "couverture déchirée")
    _check(cast, checked, 3)
    with clock_at(working_days_ago(1)):
        reception.receive(received, cast.hugo)
        for slip in (credited, refused):
            for credit_note in reception.settle(slip, cast.hugo, reception.credit_drafts(slip)):
                _deduct_a_part(credit_note, cast)
    draft = service.open_draft(cast.karim.account_id or 0, cast.karim)
    service.wish(draft, {T1: 3, T3: 1})


def _deduct_a_part(credit_note: Document, cast: Cast) -> None:
    """Of an invoice that it corrects and that is still open; the shop keeps the rest."""
    for each in credit_note.cited:
        if cents := min(each.invoice.open_cents, credit_note.open_cents // 2):
            allocation.allocate(credit_note, each.invoice, cents, cast.ines.name)


def _issue(
    cast: Cast, days_ago: int, copies: dict[str, int], route: Route = Route.PRISME, parcels: int = 1
) -> ReturnSlip:
    day = clock.today() - dt.timedelta(days=days_ago)
    with clock_at(clock.at_paris(day, dt.time(11))):
        slip = service.open_draft(cast.karim.account_id or 0, cast.karim)
        service.wish(slip, copies)
        service.issue(slip, cast.karim, route=route, parcel_count=parcels, is_declared=True)
        db.session.flush()
    return slip


def _check(
    cast: Cast,
    slip: ReturnSlip,
    days_ago: int,
    isbn: str = "",
    refused: Refused | None = None,
    remark: str = "",
) -> None:
    """Everything arrives, and is accepted on the next day, but for one copy of this ISBN."""
    with clock_at(working_days_ago(days_ago)):
        reception.receive(slip, cast.hugo)
    counts = {line.id: Count(line.quantity, line.quantity) for line in slip.lines}
    for line in slip.lines:
        if line.isbn == isbn:
            counts[line.id] = Count(line.quantity, line.quantity - 1, refused, remark)
    with clock_at(working_days_ago(days_ago - 1)):
        reception.check(slip, cast.hugo, counts)

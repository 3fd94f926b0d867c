"""Slips: issued at once, never more than was invoiced, and each copy announced once (R88–R99)."""

from types import SimpleNamespace

import pytest

from harmattan.billing.models import DocumentLine
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.orders.rules import Status as OrderStatus
from harmattan.returns import reception, service
from harmattan.returns.models import ReturnSlip
from harmattan.returns.rules import Count, Reason, Refused, Route, Status
from tests import cast
from tests.returns.conftest import draft


def issue(shop: SimpleNamespace, *copies: tuple[str, int], route: Route = Route.PRISME) -> ReturnSlip:
    slip = draft(shop, *copies)
    service.issue(slip, shop.people.karim, route=route, parcel_count=2, is_declared=True)
    return slip


def held(shop: SimpleNamespace) -> int:
    return db.session.query(db.func.sum(DocumentLine.held_quantity)).scalar()


def test_each_scan_of_an_isbn_counts_one_more(shop: SimpleNamespace) -> None:
    draft(shop, ("t1", 1))
    slip = draft(shop, ("t1", 1), ("t5", 6))
    assert [(wish.isbn, wish.quantity) for wish in slip.wishes] == [
        (shop.titles.t1.isbn, 2),
        (shop.titles.t5.isbn, 6),
    ]


def test_verdicts_as_in_the_journey(shop: SimpleNamespace) -> None:
    wishes = {getattr(shop.titles, name).isbn: n for name, n in (("t1", 8), ("t2", 2), ("t3", 1), ("t5", 6))}
    t1, t2, t3, t5 = service.entries(shop.people.grand_large.id, wishes, clock.today())
    assert [(part.lot.invoice, part.quantity) for part in t1.verdict.parts] == [
        (shop.documents.f1.number, 4),
        (shop.documents.f3.number, 4),
    ]
    assert t1.verdict.possible == 11
    assert (t2.verdict.reason, t3.verdict.reason) == (Reason.TOO_OLD, Reason.NEVER_INVOICED)
    assert t3.title == shop.titles.t3.full_title
    assert t5.verdict.at_counter
    assert not t1.verdict.at_counter


def test_a_slip_is_issued_at_once_and_holds_its_copies(shop: SimpleNamespace) -> None:
    slip = issue(shop, ("t1", 8))
    assert (slip.status, slip.reference) == (Status.ISSUED, "RET-2026-000001")
    assert [(line.invoice_number, line.quantity) for line in slip.lines] == [
        (shop.documents.f1.number, 4),
        (shop.documents.f3.number, 4),
    ]
    assert held(shop) == 8


def test_a_second_slip_counts_the_first(shop: SimpleNamespace) -> None:
    issue(shop, ("t1", 8))
    with pytest.raises(service.NotReturnable, match="3 au maximum"):
        issue(shop, ("t1", 4))


def test_a_cancelled_slip_gives_its_copies_back(shop: SimpleNamespace) -> None:
    slip = issue(shop, ("t1", 8))
    service.cancel(slip, shop.people.karim)
    assert (slip.status, held(shop)) == (Status.CANCELLED, 0)
    assert issue(shop, ("t1", 11)).copy_count == 11


@pytest.mark.parametrize(
    ("copies", "route", "declared", "refusal"),
    [
        ((), Route.PRISME, True, service.NothingToReturn),
        ((("t1", 1),), Route.PRISME, False, service.NotDeclared),
        ((("t1", 12),), Route.PRISME, True, service.NotReturnable),
        ((("t2", 1),), Route.PRISME, True, service.NotReturnable),
        ((("t1", 1), ("t3", 1)), Route.PRISME, True, service.NotReturnable),
        ((("t1", 1),), Route.COUNTER, True, service.NotCollected),
    ],
)
def test_what_is_refused_changes_nothing(
    shop: SimpleNamespace, copies: tuple, route: Route, declared: bool, refusal: type
) -> None:
    slip = draft(shop, *copies)
    db.session.commit()
    with pytest.raises(refusal):
        service.issue(slip, shop.people.karim, route=route, parcel_count=1, is_declared=declared)
    db.session.rollback()
    kept = service.draft_of(shop.people.grand_large.id)
    assert kept is not None
    assert len(kept.wishes) == len(copies)
    assert held(shop) == 0


def test_what_was_collected_may_be_handed_in(shop: SimpleNamespace) -> None:
    assert issue(shop, ("t5", 6), route=Route.COUNTER).route is Route.COUNTER


def test_a_received_return_is_not_cancelled_any_more(shop: SimpleNamespace) -> None:
    slip = issue(shop, ("t1", 1))
    reception.receive(slip, shop.people.hugo)
    with pytest.raises(service.NotInThisState):
        service.cancel(slip, shop.people.karim)


def checked(shop: SimpleNamespace, slip: ReturnSlip, *counts: Count) -> ReturnSlip:
    reception.receive(slip, shop.people.hugo)
    found = dict(zip((line.id for line in slip.lines), counts, strict=True))
    reception.check(slip, shop.people.hugo, found)
    return slip


def test_accepted_copies_are_credited_at_the_price_invoiced(shop: SimpleNamespace) -> None:
    slip = checked(
        shop, issue(shop, ("t1", 8)), Count(4, 4), Count(4, 3, Refused.LABELLED, "étiquette de prix")
    )
    with cast.stand_in_papers():
        (credit,) = reception.settle(slip, shop.people.hugo, reception.credit_drafts(slip))
    assert slip.status is Status.CREDITED
    assert [each.invoice.number for each in credit.cited] == [
        shop.documents.f1.number,
        shop.documents.f3.number,
    ]
    assert [line.quantity for line in credit.lines] == [4, 3]
    assert credit.open_cents == credit.total_cents > 0
    assert held(shop) == 0
    assert {line.credit_note_id for line in slip.lines} == {credit.id}
    assert slip.events[-1].text == credit.number


def test_a_refused_copy_may_be_announced_again(shop: SimpleNamespace) -> None:
    slip = checked(shop, issue(shop, ("t1", 8)), Count(4, 4), Count(4, 3, Refused.LABELLED))
    with cast.stand_in_papers():
        reception.settle(slip, shop.people.hugo, reception.credit_drafts(slip))
    (entry,) = service.entries(shop.people.grand_large.id, {shop.titles.t1.isbn: 1}, clock.today())
    assert entry.verdict.possible == 4


def test_nothing_accepted_ends_without_a_credit_note(shop: SimpleNamespace) -> None:
    slip = checked(shop, issue(shop, ("t5", 2)), Count(0, 0, Refused.MISSING))
    assert reception.settle(slip, shop.people.hugo, reception.credit_drafts(slip)) == []
    assert (slip.status, held(shop)) == (Status.REFUSED, 0)


@pytest.mark.parametrize(
    "count",
    [Count(9, 9), Count(4, 5, Refused.DAMAGED), Count(-1, -1), Count(4, 2), Count(3, 3)],
)
def test_a_count_that_cannot_be_is_said(shop: SimpleNamespace, count: Count) -> None:
    slip = issue(shop, ("t1", 4))
    reception.receive(slip, shop.people.hugo)
    with pytest.raises(reception.ImpossibleCount):
        reception.check(slip, shop.people.hugo, {slip.lines[0].id: count})


def test_the_order_counts_what_came_back(shop: SimpleNamespace) -> None:
    order = cast.order(shop.people.karim, (shop.titles.t1, 10), status=OrderStatus.DELIVERED)
    order.lines[0].shipped = 10
    shop.documents.f3.order_reference = order.reference
    slip = checked(shop, issue(shop, ("t1", 6)), Count(4, 4), Count(2, 2))
    with cast.stand_in_papers():
        reception.settle(slip, shop.people.hugo, reception.credit_drafts(slip))
    assert order.lines[0].returned == 2

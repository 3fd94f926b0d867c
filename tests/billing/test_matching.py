"""Which invoices a payment settles: what was named, an exact amount, the oldest due (domain.md §9)."""

import datetime as dt
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.billing import allocation, matching
from harmattan.billing.matching import Ground, Open, Part, propose, propose_credit
from harmattan.billing.models import Means
from tests import cast

OLD = Open("FA-2026-000001", 5_000, dt.date(2026, 10, 31))
F4 = Open("FA-2026-000004", 11_137, dt.date(2026, 11, 30))
LAST = Open("FA-2026-000009", 20_000, dt.date(2026, 12, 31))
A1 = Open("AV-2026-000001", 4_800)
INVOICES = [LAST, F4, OLD]


def test_an_invoice_and_a_credit_note_named_and_paid_exactly_settle_each_other() -> None:
    found = propose(6_337, "FA-2026-000004 AV-2026-000001", INVOICES, [A1])
    assert found.ground is Ground.REFERENCE
    assert found.parts == (Part(F4.number, 4_800, A1.number), Part(F4.number, 6_337))
    assert found.left_cents == 0


@pytest.mark.parametrize("label", ["fa 2026 000009", "VIR FA2026000009/104512", "FA-2026-000009"])
def test_a_number_is_read_however_its_parts_are_put(label: str) -> None:
    found = propose(20_000, label, INVOICES)
    assert (found.ground, found.parts) == (Ground.REFERENCE, (Part(LAST.number, 20_000),))


def test_the_exact_amount_of_one_open_invoice_is_enough() -> None:
    found = propose(11_137, "virement novembre", INVOICES)
    assert (found.ground, found.parts) == (Ground.AMOUNT, (Part(F4.number, 11_137),))


def test_the_amount_of_two_invoices_says_nothing() -> None:
    twin = Open("FA-2026-000010", 11_137, dt.date(2027, 1, 31))
    assert propose(11_137, "", [*INVOICES, twin]).ground is Ground.OLDEST


def test_otherwise_the_oldest_due_comes_first() -> None:
    assert propose(6_000, "", INVOICES).parts == (Part(OLD.number, 5_000), Part(F4.number, 1_000))


def test_who_pays_says_which_invoice_even_where_the_amount_is_another() -> None:
    assert propose(5_000, LAST.number, INVOICES).parts == (Part(LAST.number, 5_000),)


def test_what_settles_nothing_stays_on_the_account() -> None:
    assert propose(40_000, "", INVOICES).left_cents == 40_000 - 36_137


def test_a_credit_note_settles_what_it_corrects_and_else_the_oldest_due() -> None:
    found = propose_credit(4_800, {LAST.number, "FA-2024-000001"}, INVOICES)
    assert (found.ground, found.parts) == (Ground.CORRECTED, (Part(LAST.number, 4_800),))
    found = propose_credit(6_000, {"FA-2024-000001"}, INVOICES)
    assert found.ground is Ground.OLDEST
    assert found.parts == (Part(OLD.number, 5_000), Part(F4.number, 1_000))
    more = propose_credit(6_000, {OLD.number}, INVOICES)
    assert (more.parts, more.left_cents) == ((Part(OLD.number, 5_000),), 1_000)


documents = st.lists(
    st.builds(
        Open,
        st.integers(1, 999_999).map("FA-2026-{:06}".format),
        st.integers(1, 10**7),
        st.none() | st.dates(dt.date(2025, 1, 1), dt.date(2027, 12, 31)),
    ),
    max_size=8,
    unique_by=lambda each: each.number,
)


@given(st.integers(1, 10**8), documents, documents, st.data())
def test_nothing_is_spent_twice_and_no_invoice_is_settled_beyond_what_is_left_of_it(
    amount: int, invoices: list[Open], credits: list[Open], data: st.DataObject
) -> None:
    credits = [Open(each.number.replace("FA", "AV"), each.open_cents) for each in credits]
    named = data.draw(st.lists(st.sampled_from([*invoices, *credits]))) if invoices or credits else []
    found = propose(amount, " ".join(each.number for each in named), invoices, credits)
    for each in invoices:
        assert sum(part.cents for part in found.parts if part.invoice == each.number) <= each.open_cents
    for each in credits:
        assert sum(part.cents for part in found.parts if part.credit_note == each.number) <= each.open_cents
    paid = sum(part.cents for part in found.parts if not part.credit_note)
    assert paid + found.left_cents == amount
    assert all(part.cents > 0 for part in found.parts)
    assert found.left_cents == 0 or sum(part.cents for part in found.parts) == sum(
        each.open_cents for each in invoices
    )


def test_a_proposal_is_booked_as_it_was_made(people: SimpleNamespace) -> None:
    shop = cast.documents(people, cast.titles())
    label = f"{shop.f4.number} {shop.a1.number}"
    payment = allocation.record_payment(
        people.grand_large,
        6_337,
        received_on=cast.MONDAY.date(),
        means=Means.TRANSFER,
        actor="Inès",
        label=label,
    )
    proposal = matching.proposal_for(payment)
    rows = matching.apply(payment, proposal.parts, "Inès Caron")
    assert [row.amount_cents for row in rows] == [4_800, 6_337]
    assert (shop.f4.open_cents, shop.a1.open_cents, payment.open_cents) == (0, 0, 0)

"""The bank's file of unpaid LCR: read or refused whole, each bill noted once (R80; « Bad input »)."""

import contextlib
import datetime as dt
import io
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from harmattan.billing.models import Payment
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.lcr import collecting, drawing, notices, presenting, remitting, returned
from harmattan.lcr.models import Bill, Notice
from harmattan.lcr.reasons import REASONS
from harmattan.lcr.returned import UnreadableNotice
from harmattan.lcr.rules import BillState
from harmattan.outbox.models import OutboxMessage
from tests.browser import Browser
from tests.lcr.notice_files import DAY, Unpaid, file_of

INES, HUGO = "ines@equipe.example", "hugo@equipe.example"
PAGE = "/equipe/comptabilite/lcr/avis"

unpaid = st.builds(
    Unpaid,
    bill=st.integers(0, 10**10 - 1).map("{:010}".format),
    cents=st.integers(1, 10**8),
    code=st.sampled_from(tuple(REASONS)),
    on=st.dates(dt.date(2020, 1, 1), dt.date(2060, 1, 1)),
    operation=st.sampled_from(("61", "81")),
)


@pytest.fixture
def bills(people: SimpleNamespace, papers: SimpleNamespace, in_place) -> SimpleNamespace:
    """The Grand Large's and the Quais' LCR of 31 December are at the bank; it is 4 January."""
    in_place(people.lucie)
    in_place(people.paul)
    remittance = remitting.prepare(DAY, people.ines)
    presenting.create(remittance, drawing.mark(drawing.drafts(remittance)), people.ines)
    db.session.commit()
    clock.start_at(dt.datetime(2027, 1, 4, 10, 0, tzinfo=clock.PARIS))
    ours, theirs = remittance.bills
    return SimpleNamespace(**vars(people), **vars(papers), ours=ours, theirs=theirs, remittance=remittance)


def sent(ines: Browser, content: str | bytes) -> Browser:
    data = content.encode("latin-1") if isinstance(content, str) else content
    token = ines.open(PAGE).form(PAGE).find("input", attrs={"name": "csrf_token"})["value"]
    ines.post(PAGE, {"csrf_token": token, "fichier": (io.BytesIO(data), "impayes.txt")})
    return ines


def told(*, total_cents: int | None = None, **facts: object) -> str:
    return file_of([Unpaid(**({"bill": "2600000001", "cents": 6_337} | facts))], total_cents)  # type: ignore[arg-type]


@given(unpaid=unpaid, at=st.integers(0, 3 * 242 - 1), wrong=st.characters(codec="latin-1"))
def test_a_file_with_one_wrong_character_is_read_or_refused_with_its_reason(
    unpaid: Unpaid, at: int, wrong: str
) -> None:
    whole = file_of([unpaid])
    with contextlib.suppress(UnreadableNotice):
        found = returned.read(whole[:at] + wrong + whole[at + 1 :])
        assert [each.cents for each in found] == [unpaid.cents]


@given(st.lists(unpaid, max_size=6))
def test_what_a_bank_writes_is_read_as_it_is(written: list[Unpaid]) -> None:
    ours = [each for each in written if each.operation == "61"]
    for text in (file_of(written), file_of(written).replace("\r\n", "")):
        if not ours:
            with pytest.raises(UnreadableNotice):
                returned.read(text)
            continue
        found = returned.read(text)
        assert [(each.bill, each.cents, each.bank_code, each.on) for each in found] == [
            (each.bill, each.cents, each.code, each.on) for each in ours
        ]


def test_blanks_that_were_cut_behind_the_header_are_no_fault() -> None:
    assert returned.read("\n".join(line.rstrip() for line in told().splitlines())) == returned.read(told())


@given(st.text(max_size=600))
def test_anything_else_is_refused_and_breaks_nothing(text: str) -> None:
    with pytest.raises(UnreadableNotice):
        returned.read(text)


def changed(first: int, text: str, line: int = 2) -> str:
    lines = told().split("\r\n")
    record = lines[line - 1]
    lines[line - 1] = record[: first - 1] + text + record[first - 1 + len(text) :]
    return "\r\n".join(lines)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (changed(11, "310227"), "Ligne 2, positions 11 à 16 : « 310227 » ; attendu : une date, JJMMAA"),
        (changed(17, "F"), "Ligne 2, position 17 : « F » ; attendu : E, pour l’euro"),
        (changed(227, "2 "), "Ligne 2, positions 227 à 228"),
        (changed(229, "       63,37"), "Ligne 2, positions 229 à 240"),
        (changed(1, "06"), "Ligne 2, positions 1 à 2 : « 06 » ; attendu : 31, 34 ou 39"),
        (told().replace("SARL LE", "SARL"), "Ligne 2 : 237 caractères, au lieu de 240"),
        (changed(229, " " * 12, line=3), "Ligne 3, positions 229 à 240"),
        (told(total_cents=6_336), "n’est pas la somme de ses lignes"),
        (told()[:-14] + "0000X0006337\r\n", "positions 229 à 240"),
        ("\r\n".join(told().split("\r\n")[:2]), "n’a pas de total"),
        (told(operation="81"), "ne dit aucune LCR impayée"),
        ("", "ne dit aucune LCR impayée"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "n’est pas du texte"),
    ],
)
def test_a_file_of_the_wrong_shape_is_refused_whole_and_said_where(
    browser: Browser, bills: SimpleNamespace, content: str | bytes, said: str
) -> None:
    sent(browser.log_in(INES), content)
    assert browser.status == 422
    assert any(said.replace("’", "'") in fault.replace("’", "'") for fault in browser.faults()), (
        browser.faults()
    )
    assert db.session.scalars(sa.select(Notice)).all() == []
    assert bills.ours.state is BillState.PRESENTED


def test_without_a_file_it_is_asked_for(browser: Browser, bills: SimpleNamespace) -> None:
    browser.log_in(INES).open(PAGE).submit(PAGE)
    assert browser.status == 422
    assert "Choisissez le fichier des impayés" in browser.text


def test_each_line_is_seen_beside_its_bill_then_noted_and_the_shop_told(
    browser: Browser, bills: SimpleNamespace
) -> None:
    ours = Unpaid(bills.ours.reference, bills.ours.amount_cents, "75", dt.date(2027, 1, 4))
    partly = Unpaid(bills.theirs.reference, bills.theirs.amount_cents - 1, "90", dt.date(2027, 1, 4))
    sent(browser.log_in(INES), file_of([ours, partly, Unpaid("9999999999", 100)]))
    assert browser.url.startswith(f"{PAGE}/AVI-2027-")
    assert "Demande de prorogation (code 75)" in browser.text
    assert "impayé partiel" in browser.text
    assert "Aucune LCR de ce numéro" in browser.text
    db.session.refresh(bills.ours)
    assert bills.ours.state is BillState.PRESENTED
    browser.submit(f"{browser.url}/noter")
    assert "1 LCR notée impayée" in browser.text
    db.session.expire_all()
    assert (bills.ours.state, bills.ours.bank_code) == (BillState.UNPAID, "75")
    assert bills.ours.rejected_on == dt.date(2027, 1, 4)
    assert bills.theirs.state is BillState.PRESENTED
    mails = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == "lcr_unpaid")).all()
    assert [mail.recipient for mail in mails] == [bills.grand_large.email]
    assert browser.page.find("form", action=f"{browser.url}/noter") is None


def test_a_bill_that_was_booked_is_taken_back_and_funds_are_missed_on_its_day(
    app: Flask, bills: SimpleNamespace
) -> None:
    collecting.book(bills.remittance, bills.ines)
    db.session.commit()
    early = Unpaid(bills.theirs.reference, bills.theirs.amount_cents, "20", dt.date(2026, 12, 1))
    file = file_of([Unpaid(bills.ours.reference, bills.ours.amount_cents, on=DAY), early])
    notice = notices.keep(file.encode(), bills.ines)
    assert [each.verdict for each in notices.lines(notice)] == [notices.Verdict.READY, notices.Verdict.ASIDE]
    assert notices.note(notice, bills.ines) == 1
    payment = db.session.scalars(sa.select(Payment).where(Payment.id == bills.ours.payment_id)).one()
    assert payment.undone_on == DAY
    with pytest.raises(notices.NothingToNote):
        notices.note(notice, bills.ines)


def test_the_same_file_twice_is_one_and_leads_to_the_first(browser: Browser, bills: SimpleNamespace) -> None:
    sent(browser.log_in(INES), told())
    first = browser.url
    sent(browser, told())
    assert browser.status == 409
    assert browser.page.find("a", href=first) is not None
    assert len(db.session.scalars(sa.select(Notice)).all()) == 1


def test_the_file_is_sealed_in_the_database(bills: SimpleNamespace) -> None:
    notices.keep(told().encode(), bills.ines)
    kept = db.session.execute(sa.text("SELECT content FROM lcr_notices")).scalar_one()
    assert "LE GRAND LARGE" not in kept


def test_a_typed_address_of_the_act_leads_to_the_file(browser: Browser, bills: SimpleNamespace) -> None:
    sent(browser.log_in(INES), told())
    here = browser.url
    assert browser.open(f"{here}/noter").url == here
    assert browser.open(f"{PAGE}/AVI-2027-999999").status == 404


def test_a_bill_named_twice_in_a_file_is_noted_once(app: Flask, bills: SimpleNamespace) -> None:
    each = Unpaid(bills.ours.reference, bills.ours.amount_cents, on=DAY)
    notice = notices.keep(file_of([each, each]).encode(), bills.ines)
    assert [line.verdict for line in notices.lines(notice)] == [notices.Verdict.READY, notices.Verdict.ASIDE]
    assert notices.note(notice, bills.ines) == 1
    assert db.session.get_one(Bill, bills.ours.id).state is BillState.UNPAID

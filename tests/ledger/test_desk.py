"""Accounting's desk, plain and with HTMX: payments entered, allocated, taken back (R82)."""

import datetime as dt
import threading
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.access.models import Account
from harmattan.billing import allocation
from harmattan.billing.models import Allocation, Means, Payment
from harmattan.core.extensions import db
from harmattan.ledger import lookups
from tests import cast
from tests.browser import Browser, form_data
from tests.core.test_database import in_threads

INES, HUGO = "ines@equipe.example", "hugo@equipe.example"
DESK, PAGE = "/equipe/comptabilite", "/equipe/comptabilite/comptes/104512"


@pytest.fixture
def papers(people: SimpleNamespace) -> SimpleNamespace:
    """The journeys' documents: F4 (111,37) is open, A1 (48,00) is free."""
    return cast.documents(people, cast.titles())


@pytest.fixture
def ines(browser: Browser, papers: SimpleNamespace) -> Browser:
    return browser.log_in(INES).open(PAGE)


def enter(ines: Browser, montant: str, libelle: str = "", **fields: str) -> Browser:
    typed = {"moyen": "transfer", "montant": montant, "jour": "23/11/2026", "libelle": libelle}
    return ines.submit(f"{PAGE}/reglements", **typed | fields)


def payments() -> list[Payment]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Payment).order_by(Payment.id.desc())))


def count_allocations() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Allocation)) or 0


def test_the_desk_names_who_owes_and_the_account_is_found_by_number_and_name(
    ines: Browser, papers: SimpleNamespace
) -> None:
    assert "Librairie Le Grand Large" in ines.open(DESK).text
    for typed in ("104512", "grand large"):
        assert ines.open(f"{DESK}?q={typed}").page.find("a", href=PAGE) is not None
    assert "Aucun compte « zzz »" in ines.open(f"{DESK}?q=zzz").text


def test_however_many_accounts_wait_those_that_owe_are_shown_first(
    papers: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An account that only has money to allocate, and a lower number, does not hide one that owes."""
    monkeypatch.setattr(lookups, "A_PAGE", 2)
    earlier = cast.account("000001")
    day = dt.date(2026, 11, 23)
    allocation.record_payment(earlier, 100, received_on=day, means=Means.TRANSFER, actor="Inès")
    db.session.commit()
    pages = [lookups.debtors(page=page)[0] for page in (1, 2)]
    assert [{each.account.number for each in page} for page in pages] == [{"104512", "104733"}, {"000001"}]
    assert lookups.debtors(page=9)[1].number == 2


def test_both_lists_of_the_desk_have_pages_of_their_own(
    ines: Browser, papers: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookups, "A_PAGE", 1)
    for _ in range(2):
        enter(ines.open(PAGE), "10,00")
    first = ines.open(DESK).page
    assert [nav["aria-label"] for nav in first.select("nav[aria-label^=Pages]")] == [
        "Pages des comptes",
        "Pages des règlements",
    ]
    second = first.select_one("nav[aria-label='Pages des règlements'] a[rel=next]")["href"]
    latest, earlier = (each.reference for each in payments()[:2])
    assert earlier in str(first.find("tbody", class_=False))
    ines.open(second)
    assert latest in ines.text
    assert earlier not in ines.text
    assert ines.open(f"{DESK}?page=zzz&reglements=-1").status == 200


def test_a_payment_is_entered_proposed_and_allocated(ines: Browser, papers: SimpleNamespace) -> None:
    f4, a1 = papers.f4, papers.a1
    due = f4.open_cents - a1.open_cents
    enter(ines, f"{due / 100:.2f}".replace(".", ","), f"Virement {f4.number} moins {a1.number}")
    assert ines.url == PAGE
    assert "Numéros et montant exacts".lower() in ines.text.lower()
    ines.submit(f"{PAGE}/proposition")
    assert (f4.open_cents, a1.open_cents, payments()[0].open_cents) == (0, 0, 0)
    db.session.refresh(f4)
    assert "affecté comme proposé" in ines.text


def test_a_credit_note_is_proposed_for_what_it_corrects(ines: Browser, papers: SimpleNamespace) -> None:
    f4, a1 = papers.f4, papers.a1
    credit = cast.credit_note(f4, 1, issued_on=dt.date(2026, 11, 20))
    db.session.commit()
    ines.open(PAGE)
    assert "Proposé : ce qu'il corrige d'abord" in ines.text
    ines.submit(f"{PAGE}/proposition", button=f"Affecter comme proposé , {credit.number}")
    assert "affecté comme proposé" in ines.text
    db.session.expire_all()
    assert (credit.open_cents, a1.open_cents) == (0, 4_800)
    assert f4.open_cents == f4.total_cents - credit.total_cents
    ines.post(f"{PAGE}/proposition", origine=papers.f9.number, vu="", once="x")
    assert ines.status == 404


def test_what_is_too_much_stays_on_the_account(ines: Browser, papers: SimpleNamespace) -> None:
    enter(ines, "200,00", papers.f4.number)
    ines.submit(f"{PAGE}/proposition")
    db.session.refresh(papers.f4)
    assert papers.f4.open_cents == 0
    assert payments()[0].open_cents == 20_000 - papers.f4.total_cents


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"montant": ""}, "Saisissez le montant reçu"),
        ({"montant": "beaucoup"}, "Écrivez le montant en euros"),
        ({"montant": "0"}, "plus de zéro"),
        ({"montant": "12,345"}, "Écrivez le montant en euros"),
        ({"jour": "24/11/2027"}, "Saisissez un jour passé"),
        ({"jour": "01/01/2020"}, "Saisissez un jour passé"),
        ({"jour": "demain soir"}, "date"),
        ({"moyen": "online"}, "Choisissez un moyen de la liste"),
        ({"moyen": "counter"}, "Choisissez un moyen de la liste"),
        ({"moyen": "cash", "montant": "1000,01"}, "En espèces, 1 000,00 € au plus (C. mon. fin. D112-3)"),
        ({"moyen": "cheque", "banque": "Crédit du Port"}, "Saisissez le numéro du chèque"),
        ({"moyen": "cheque", "cheque": "45 12", "banque": "Crédit du Port"}, "en chiffres"),
        ({"moyen": "cheque", "cheque": "4512007"}, "Saisissez la banque du chèque"),
        ({"moyen": "cheque", "cheque": "4512007", "banque": "x" * 61}, "60 caractères au plus"),
    ],
)
def test_a_payment_that_cannot_be_is_explained_and_kept(
    ines: Browser, papers: SimpleNamespace, fields: dict[str, str], said: str
) -> None:
    before = len(payments())
    enter(ines, **{"montant": "63,37", "libelle": "Virement du 23"} | fields)
    assert ines.status == 422
    assert said.lower() in ines.text.lower()
    assert ines.page.find(attrs={"name": "libelle"})["value"] == "Virement du 23"
    assert len(payments()) == before


def test_a_cheque_is_told_by_its_number_and_its_bank_to_the_shop_too(
    ines: Browser, papers: SimpleNamespace
) -> None:
    enter(ines, "111,37", papers.f4.number, moyen="cheque", cheque="4512007", banque="Crédit du Port")
    (payment, *_) = payments()
    assert (payment.cheque_number, payment.cheque_bank) == ("4512007", "Crédit du Port")
    assert "Chèque n° 4512007 (Crédit du Port)" in ines.text
    ines.submit(f"{PAGE}/proposition")
    assert "Chèque n° 4512007 (Crédit du Port)" in ines.open(f"/documents/{papers.f4.number}").text


def test_what_is_no_cheque_has_no_number(ines: Browser) -> None:
    enter(ines, "10", moyen="card", cheque="4512007", banque="Crédit du Port")
    (payment, *_) = payments()
    assert (payment.means, payment.cheque_number, payment.means_told) == (Means.CARD, "", "Carte au comptoir")


def test_cash_in_several_parts_is_not_more_than_the_law_allows(ines: Browser) -> None:
    enter(ines, "600", moyen="cash")
    enter(ines, "400", moyen="cash", jour="22/11/2026")
    assert ines.status == 200
    before = len(payments())
    enter(ines, "400,01", moyen="cash")
    assert ines.status == 409
    assert "demandez une carte, un virement ou un chèque" in ines.text
    assert ines.page.find("a", href=PAGE) is not None
    assert len(payments()) == before
    assert enter(ines.open(PAGE), "400", moyen="cash").status == 200


def test_cash_taken_in_four_parts_at_once_stays_within_the_law(any_app: Flask) -> None:
    account_id = cast.everybody().grand_large.id
    db.session.commit()
    day, start, refused = cast.MONDAY.date(), threading.Barrier(4), []

    def work() -> None:
        account = db.session.get_one(Account, account_id)
        db.session.commit()
        start.wait()
        try:
            allocation.record_payment(account, 40_000, received_on=day, means=Means.CASH, actor="Inès")
            db.session.commit()
        except allocation.TooMuchCash:
            db.session.rollback()
            refused.append(1)

    in_threads(any_app, work)
    assert len(refused) == 2


def test_sent_twice_it_is_one_payment(ines: Browser, papers: SimpleNamespace) -> None:
    sent = form_data(ines.form(f"{PAGE}/reglements")) | {"montant": "10", "jour": "23/11/2026"}
    before = len(payments())
    ines.post(f"{PAGE}/reglements", sent)
    ines.post(f"{PAGE}/reglements", sent)
    assert len(payments()) == before + 1


def test_accounting_splits_as_it_likes_and_takes_back(ines: Browser, papers: SimpleNamespace) -> None:
    ines.submit(f"{PAGE}/affectations", origine=papers.a1.number, facture=papers.f4.number, part="20")
    db.session.refresh(papers.a1)
    db.session.refresh(papers.f4)
    assert papers.f4.total_cents - papers.f4.open_cents == 2_000
    before = count_allocations()
    ines.submit(f"{PAGE}/annulation")
    assert count_allocations() == before - 1
    db.session.refresh(papers.f4)
    assert papers.f4.open_cents == papers.f4.total_cents


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"part": "9999"}, "Il reste au plus"),
        ({"part": "0"}, "plus de zéro"),
        ({"origine": "AV-2020-000001"}, "Choisissez un règlement ou un avoir"),
        ({"facture": "FA-2020-000001"}, "Choisissez une facture"),
    ],
)
def test_an_allocation_that_cannot_be_is_explained(
    ines: Browser, papers: SimpleNamespace, fields: dict[str, str], said: str
) -> None:
    before = count_allocations()
    ines.submit(f"{PAGE}/affectations", **{"origine": papers.a1.number, "facture": papers.f4.number} | fields)
    assert ines.status == 422
    assert said in ines.text
    assert count_allocations() == before


def test_what_another_account_owes_is_not_offered_nor_taken(ines: Browser, papers: SimpleNamespace) -> None:
    ines.submit(f"{PAGE}/affectations", origine=papers.a1.number, facture=papers.f9.number)
    assert ines.status == 422
    assert papers.f9.number not in ines.text


def test_what_was_settled_meanwhile_is_not_booked_twice(
    ines: Browser, papers: SimpleNamespace, people: SimpleNamespace
) -> None:
    enter(ines, "50,00", papers.f4.number)
    allocation.allocate(papers.a1, papers.f4, papers.a1.open_cents, "Inès")
    other = allocation.record_payment(
        people.grand_large, 10_000, received_on=dt.date(2026, 11, 20), means=Means.CHEQUE, actor="Inès"
    )
    allocation.allocate(other, papers.f4, papers.f4.open_cents, "Inès")
    db.session.commit()
    ines.submit(f"{PAGE}/proposition")
    assert ines.status == 409
    assert "La proposition a changé entre-temps" in ines.text
    assert payments()[1].open_cents == 5_000


def test_an_allocation_taken_back_twice_is_told(ines: Browser, papers: SimpleNamespace) -> None:
    enter(ines, "50,00", papers.f4.number)
    ines.submit(f"{PAGE}/proposition")
    sent = form_data(ines.form(f"{PAGE}/annulation"))
    ines.post(f"{PAGE}/annulation", sent)
    ines.post(f"{PAGE}/annulation", sent | {"once": "another"})
    assert ines.status == 409
    assert "déjà été annulée" in ines.text


def test_no_other_service_opens_the_desk(browser: Browser, papers: SimpleNamespace) -> None:
    assert browser.log_in(HUGO).open(DESK).status == 403
    assert browser.open(PAGE).status == 403


def test_an_unknown_account_is_a_404(ines: Browser) -> None:
    assert ines.open(f"{DESK}/comptes/999999").status == 404

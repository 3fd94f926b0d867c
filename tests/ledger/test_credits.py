"""Credit notes by hand, plain and with HTMX: chosen, typed, seen, issued once, mailed (R82)."""

import threading
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.access.models import User
from harmattan.billing import creditable, drafts, holding, service
from harmattan.billing.models import Document, Form
from harmattan.billing.rules import Kind
from harmattan.core.extensions import db
from harmattan.ledger import crediting
from harmattan.ledger.rules import CreditReason
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.billing import schematrons
from tests.browser import Browser
from tests.core.test_database import in_threads

INES, HUGO, MARIE, LUCIE = (
    *("ines@equipe.example", "hugo@equipe.example", "marie@equipe.example"),
    "lucie@grandlarge.example",
)
PAGE = "/equipe/comptabilite/comptes/104512/avoir"


@pytest.fixture
def papers(people: SimpleNamespace) -> SimpleNamespace:
    """The journeys' documents: F4 (six T5, 111,37 TTC) is open."""
    return cast.documents(people, cast.titles())


@pytest.fixture
def ines(browser: Browser, papers: SimpleNamespace) -> Browser:
    return browser.log_in(INES)


def address(*invoices: Document) -> str:
    return f"{PAGE}?{'&'.join(f'facture={each.number}' for each in invoices)}"


def copies(invoice: Document) -> str:
    """The field of the invoice's first line."""
    return f"q_{invoice.lines[0].id}"


def amount(invoice: Document) -> str:
    return f"m_{invoice.id}_550"


def see(ines: Browser, *invoices: Document, **typed: str) -> Browser:
    where = address(*invoices)
    facts = {"motif": "remise", "precision": "38 % convenus"} | typed
    return ines.open(where).submit(PAGE, "voir", **facts)


def credit_notes() -> list[Document]:
    db.session.expire_all()
    rows = sa.select(Document).where(Document.kind == Kind.CREDIT_NOTE).order_by(Document.id)
    return list(db.session.scalars(rows))[1:]  # the first is A1, of the journeys


def test_copies_are_credited_at_the_price_invoiced_seen_issued_and_mailed(
    ines: Browser, papers: SimpleNamespace
) -> None:
    f4 = papers.f4
    see(ines, f4, **{copies(f4): "2", "motif": "abimes"})
    assert "37,13 €" in ines.text
    assert credit_notes() == []
    ines.submit(PAGE, "emettre")
    (found,) = credit_notes()
    assert ines.url == f"/documents/{found.number}"
    assert (found.total_cents, found.reason) == (3713, "Exemplaires abîmés à l’arrivée : 38 % convenus")
    assert found.lines[0].corrects_id == f4.lines[0].id
    mail = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == "credit_issued")).one()
    assert mail.recipient == f4.account.email
    assert mail.attachments == [["billing.document_file", found.number, f"{found.number}.pdf"]]
    assert f4.number in mail.body


def test_it_settles_the_invoice_it_cites_at_once_and_the_rest_stays_as_credit(
    ines: Browser, papers: SimpleNamespace
) -> None:
    f3, f4 = papers.f3, papers.f4
    see(ines, f3, f4, **{copies(f3): "2", copies(f4): "1"}).submit(PAGE, "emettre")
    (found,) = credit_notes()
    db.session.refresh(f4)
    assert f4.open_cents == 11137 - found.total_cents
    assert found.open_cents == 0
    assert [each.invoice.number for each in found.cited] == [f3.number, f4.number]


def test_to_be_seen_its_papers_need_not_be_set(
    ines: Browser, papers: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_for = []
    monkeypatch.setattr(drafts, "papers", lambda number, facts: set_for.append(number))
    see(ines, papers.f4, **{copies(papers.f4): "2"})
    assert ines.status == 200
    assert ines.page.find("button", value="emettre") is not None
    assert set_for == []


def test_it_is_left_to_use_where_accounting_prefer(ines: Browser, papers: SimpleNamespace) -> None:
    f4 = papers.f4
    see(ines, f4, deduire=None, **{amount(f4): "10,00"}).submit(PAGE, "emettre")
    (found,) = credit_notes()
    db.session.refresh(f4)
    assert (found.total_cents, found.open_cents, f4.open_cents) == (1055, 1055, 11137)
    assert found.lines[0].cites_id == f4.id


def test_an_invoice_that_was_chosen_and_not_credited_is_neither_cited_nor_settled(
    ines: Browser, papers: SimpleNamespace
) -> None:
    f3, f4 = papers.f3, papers.f4
    see(ines, f3, f4, **{copies(f3): "1"}).submit(PAGE, "emettre")
    (found,) = credit_notes()
    db.session.refresh(f4)
    assert [each.invoice.number for each in found.cited] == [f3.number]
    assert (found.open_cents, f4.open_cents) == (found.total_cents, 11137)


def test_both_documents_show_each_other_to_the_shop(ines: Browser, papers: SimpleNamespace) -> None:
    f4 = papers.f4
    see(ines, f4, **{amount(f4): "10,00"}).submit(PAGE, "emettre")
    (found,) = credit_notes()
    shop = ines.log_out().log_in(LUCIE)
    assert found.number in shop.open(f"/documents/{f4.number}").text
    assert f4.number in shop.open(f"/documents/{found.number}").text
    assert "38 % convenus" in shop.text
    assert "Établir un avoir" not in shop.text


def test_the_paper_is_factur_x_that_the_official_schematrons_accept(
    ines: Browser, papers: SimpleNamespace
) -> None:
    check, f4 = schematrons.compiled(), papers.f4
    see(ines, f4, **{copies(f4): "1", amount(f4): "5"}).submit(PAGE, "emettre")
    (found,) = credit_notes()
    files = {each.form: each.content for each in found.files}
    assert files[Form.PDF].startswith(b"%PDF")
    assert found.number.encode() in files[Form.CII]
    assert check(Form.CII, files[Form.CII]) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Saisissez un nombre d'exemplaires ou un montant"),
        ({"q": "7"}, "il reste 6 exemplaires à créditer au plus"),
        ({"q": "deux"}, "il reste 6 exemplaires à créditer au plus"),
        ({"m": "105,57"}, "il reste 105,56 € HT à créditer"),
        ({"m": "beaucoup"}, "Écrivez le montant en euros"),
        ({"q": "6", "m": "0,01"}, "exemplaires compris"),
        ({"q": "1", "motif": ""}, "Choisissez le motif"),
        ({"q": "1", "motif": "autre", "precision": ""}, "Écrivez le motif"),
        ({"q": "1", "precision": "x" * 121}, "120 caractères au plus"),
    ],
)
def test_what_cannot_be_credited_is_said_at_its_field_and_kept(
    ines: Browser, papers: SimpleNamespace, typed: dict[str, str], said: str
) -> None:
    names = {"q": copies(papers.f4), "m": amount(papers.f4)}
    typed = {names.get(name, name): value for name, value in typed.items()}
    see(ines, papers.f4, **typed)
    assert ines.status == 422
    assert said in ines.text
    assert credit_notes() == []
    for name, value in typed.items():
        assert value in str(ines.page.find(attrs={"name": name}))


def test_an_invoice_credited_whole_is_refused_with_a_way_on(ines: Browser, papers: SimpleNamespace) -> None:
    f4 = papers.f4
    see(ines, f4, **{copies(f4): "6"}).submit(PAGE, "emettre")
    assert f"facture={f4.number}" not in str(ines.open(f"/documents/{f4.number}").page.find("main"))
    assert ines.open(address(f4)).status == 409
    assert "déjà entièrement créditée" in ines.text
    assert f4.number not in ines.open(PAGE).text


def test_copies_on_their_way_back_are_kept_for_their_return(ines: Browser, papers: SimpleNamespace) -> None:
    f4 = papers.f4
    holding.hold(f4.lines[0].id, 5)
    db.session.commit()
    see(ines, f4, **{copies(f4): "2"})
    assert "il reste 1 exemplaire à créditer au plus" in ines.text
    see(ines, f4, **{amount(f4): "17,60"})
    assert ines.status == 422


def test_another_accounts_invoice_a_credit_note_and_an_unknown_number_are_404(
    ines: Browser, papers: SimpleNamespace
) -> None:
    for number in (papers.f9.number, papers.a1.number, "FA-2026-999999"):
        assert ines.open(f"{PAGE}?facture={number}").status == 404
        assert ines.post(f"{PAGE}?facture={number}", bouton="emettre").status == 404


def test_pressed_twice_it_is_issued_once(ines: Browser, papers: SimpleNamespace) -> None:
    f4 = papers.f4
    see(ines, f4, **{copies(f4): "1"})
    seen = ines.form(PAGE, "emettre")
    sent = {field["name"]: field.get("value", "") for field in seen.find_all("input") if field.get("name")}
    sent |= {"motif": "remise", "bouton": "emettre"}
    for _ in range(2):
        ines.post(address(f4), sent)
        assert ines.url.startswith("/documents/AV-")
    assert len(credit_notes()) == 1


def test_what_changed_after_it_was_seen_is_shown_again_and_not_issued(
    ines: Browser, papers: SimpleNamespace
) -> None:
    f4 = papers.f4
    see(ines, f4, **{copies(f4): "1"})
    ines.submit(PAGE, "emettre", **{copies(f4): "2"})
    assert "Rien n'est encore émis" in ines.text
    cast.credit_note(f4, 1)
    db.session.commit()
    ines.submit(PAGE, "emettre")
    assert "Rien n'est encore émis" in ines.text
    assert len(credit_notes()) == 1


def test_an_isbn_leaves_one_title_of_a_long_invoice(ines: Browser, papers: SimpleNamespace) -> None:
    f4 = papers.f4
    ines.open(f"{address(f4)}&isbn=978-2-343-00001-5")
    assert ines.page.find(attrs={"name": copies(f4)}) is None
    ines.open(f"{address(f4)}&isbn={f4.lines[0].isbn}")
    assert ines.page.find(attrs={"name": copies(f4)}) is not None


@pytest.mark.parametrize("who", [HUGO, MARIE, LUCIE])
def test_no_other_service_writes_credit_notes(browser: Browser, papers: SimpleNamespace, who: str) -> None:
    browser.log_in(who)
    assert browser.open(PAGE).status == 403
    assert browser.post(address(papers.f4), bouton="emettre").status == 403


def test_two_tabs_at_once_have_one_effect(any_app: Flask) -> None:
    people, titles = cast.everybody(), cast.titles()
    invoice = cast.invoice(people.grand_large, (titles.t5, 6))
    db.session.commit()
    number, ines, start, refused = invoice.id, people.ines.id, threading.Barrier(4), []

    def work() -> None:
        found = db.session.get_one(Document, number)
        choice = [creditable.left_of(found)]
        credits = [drafts.Credit(found, designation="Remise", net_cents=500, vat_bp=550)]
        with_papers = drafts.credit_note(found.account, credits, reason="Remise oubliée")
        by = db.session.get_one(User, ines)
        db.session.commit()
        start.wait()
        try:
            crediting.issue(with_papers, choice, deduct=True, by=by)
            db.session.commit()
        except drafts.AlreadyCredited:
            db.session.rollback()
            refused.append(1)

    with cast.stand_in_papers():
        in_threads(any_app, work)
    assert len(refused) == 3
    db.session.expire_all()
    assert (invoice.credited_cents, invoice.open_cents) == (500, 11137 - 528)


@pytest.mark.parametrize("reason", CreditReason)
def test_every_reason_reads_as_a_sentence(reason: CreditReason) -> None:
    assert reason.told("38 %") == ("38 %" if reason is CreditReason.OTHER else f"{reason.label} : 38 %")
    assert len(reason.told("x" * 120)) <= 200


def test_an_amount_is_bounded_by_its_own_rate(people: SimpleNamespace) -> None:
    """Books at 5,5 % and a bag at 20 %: what was credited of one rate is not taken from the other."""
    titles = cast.titles()
    line = cast.billed(titles.t5, 6, people.grand_large)
    bag = drafts.Line("Sac", 1, 10_000_000, 1000, 2000)
    with cast.stand_in_papers():
        draft = drafts.invoice(
            people.grand_large,
            [line, bag],
            delivery=drafts.Delivery(drafts.Territory.MAINLAND, people.grand_large.place),
            term=cast.SIXTY_DAYS,
        )
        invoice = service.issue(draft, "Marie")
        assert creditable.left_of(invoice).by_rate == {550: 10556, 2000: 1000}
        credit = [drafts.Credit(invoice, designation="Sac", net_cents=400, vat_bp=2000)]
        service.issue(drafts.credit_note(invoice.account, credit, reason="Geste"), "Inès")
    db.session.refresh(invoice)
    assert creditable.left_of(invoice).by_rate == {550: 10556, 2000: 600}

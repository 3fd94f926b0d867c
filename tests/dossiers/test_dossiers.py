"""A month at once: asked for, made by the worker, found again, forgotten (R68, R70, R72)."""

import datetime as dt
import hashlib
import io
import zipfile
from types import SimpleNamespace

import pikepdf
import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.access.models import Account, User
from harmattan.access.rules import Right
from harmattan.billing import document_table, statements
from harmattan.billing.models import DocumentFile, Form
from harmattan.core import clock, csv_export, documents, jobs
from harmattan.core.documents import DocumentNotMade
from harmattan.core.extensions import db
from harmattan.dossiers import making, service
from harmattan.dossiers.binding import Binder
from harmattan.dossiers.models import KEPT_FOR, Dossier, DossierAsker, DossierFile
from harmattan.mails import preferences
from harmattan.mails.preferences import Topic
from harmattan.outbox.models import Delivery, OutboxMessage
from tests import cast
from tests.browser import Browser, fold
from tests.core.test_database import in_threads

LUCIE, KARIM, INES = "lucie@grandlarge.example", "karim@grandlarge.example", "ines@equipe.example"
DOSSIERS = "/documents/dossiers"
SEPTEMBER = (dt.date(2026, 9, 1), dt.date(2026, 9, 30))
IN_LIST = 'main li a[href^="/documents/dossiers/DOS-"]'


@pytest.fixture
def issued(people: SimpleNamespace) -> SimpleNamespace:
    """F1 to F4, A1 and F9; their papers are pages that say nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cast.drafts, "papers", lambda number, _: {form: _page(number) for form in Form})
        return cast.documents(people, cast.titles(), set_it=True)


@pytest.fixture
def quick_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """The statement's paper is a page that says nothing: setting it is tested where it is made."""
    monkeypatch.setattr(documents, "pdf", lambda *_, title, **__: _page(title))


def _page(title: str) -> bytes:
    paper, made = pikepdf.new(), io.BytesIO()
    paper.add_blank_page()
    paper.docinfo["/Title"] = title
    paper.save(made)
    return made.getvalue()


def _files(browser: Browser) -> dict[str, bytes]:
    links = browser.page.select("#dossier li a")
    return {link["href"].rpartition("/")[2]: browser.client.get(link["href"]).data for link in links}


def _sha256(number: str) -> str:
    its = sa.select(DocumentFile.sha256).join(DocumentFile.document)
    return db.session.scalars(
        its.where(sa.text("number = :n"), DocumentFile.form == Form.PDF), {"n": number}
    ).one()


@pytest.mark.usefixtures("quick_paper")
def test_a_month_is_one_pdf_one_archive_and_tables(browser: Browser, issued: SimpleNamespace) -> None:
    browser.log_in(LUCIE).open(DOSSIERS).submit(DOSSIERS, mois="2026-09")
    assert "En préparation" in browser.text
    assert "Vous pouvez quitter cette page" in browser.text
    browser.open(DOSSIERS)
    assert "Dossier de septembre 2026" in browser.text
    assert jobs.run_due() == 1
    browser.open(browser.page.select_one(IN_LIST)["href"])

    files = _files(browser)
    assert list(files) == [
        *("2026-09_dossier.pdf", "2026-09_dossier.zip", "2026-09_releve.pdf"),
        *("2026-09_releve.csv", "2026-09_documents.csv"),
    ]
    f4 = issued.f4.number
    archive = zipfile.ZipFile(io.BytesIO(files["2026-09_dossier.zip"]))
    assert set(archive.namelist()) == {
        *("2026-09_releve.pdf", "2026-09_releve.csv", "2026-09_documents.csv", f"2026-09_{f4}.pdf")
    }
    assert hashlib.sha256(archive.read(f"2026-09_{f4}.pdf")).hexdigest() == _sha256(f4)
    bound = pikepdf.open(io.BytesIO(files["2026-09_dossier.pdf"]))
    assert len(bound.pages) == 2
    with bound.open_outline() as outline:
        assert [mark.title for mark in outline.root] == ["Relevé de compte", f"Facture {f4}"]
    assert "Solde de clôture;;;;;63,37" in files["2026-09_releve.csv"].decode()
    assert (
        f"15/09/2026;FA;{f4};;;30/11/2026;105,56;5,81;111,37;111,37"
        in files["2026-09_documents.csv"].decode()
    )


@pytest.mark.usefixtures("quick_paper")
def test_each_document_is_told_as_it_is_done(any_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "DOCUMENTS_AT_ONCE", 1)
    monkeypatch.setattr(cast.drafts, "papers", lambda number, _: {form: _page(number) for form in Form})
    people = cast.everybody()
    cast.documents(people, cast.titles(), set_it=True)
    dossier = service.of_month(people.grand_large, dt.date(2024, 11, 1), dt.date(2024, 11, 30), people.lucie)
    db.session.commit()
    told, add = [], Binder.add

    def look(self: Binder, name: str, content: bytes) -> None:
        with db.engine.connect() as apart:  # as whoever waits sees it
            told.append(apart.scalar(sa.select(Dossier.done_count)))
        add(self, name, content)

    monkeypatch.setattr(Binder, "add", look)
    assert jobs.run_due() == 1
    assert told == [0, 0, 1]  # the statement, then two invoices
    assert (dossier.done_count, dossier.document_count, len(dossier.files)) == (2, 2, 5)


def test_chosen_documents_are_put_together(browser: Browser, issued: SimpleNamespace) -> None:
    browser.log_in(LUCIE).open("/documents")
    boxes = {box["value"] for box in browser.page.select('input[name="numero"]')}
    assert boxes == {issued.f1.number, issued.f2.number, issued.f3.number, issued.f4.number}
    browser.post(f"{DOSSIERS}/choisis", {"numero": [issued.f1.number, issued.f3.number]})
    jobs.run_due()
    browser.open(
        browser.url
        if DOSSIERS in browser.url
        else browser.open(DOSSIERS).page.select_one("main li a")["href"]
    )
    [archive] = [content for name, content in _files(browser).items() if name.endswith(".zip")]
    assert {name[:7] for name in zipfile.ZipFile(io.BytesIO(archive)).namelist()} >= {"2024-11", "2026-03"}


def test_another_shops_document_is_in_no_archive(browser: Browser, issued: SimpleNamespace) -> None:
    browser.log_in(LUCIE).open("/documents")
    browser.post(f"{DOSSIERS}/choisis", {"numero": [issued.f4.number, issued.f9.number]})
    assert browser.status == 404
    assert not db.session.scalar(sa.select(sa.func.count()).select_from(Dossier))


def test_nothing_ticked_is_said(browser: Browser, issued: SimpleNamespace) -> None:
    browser.log_in(LUCIE).open("/documents").post(f"{DOSSIERS}/choisis")
    assert browser.status == 409
    assert "Cochez au moins un document" in browser.text


def test_too_many_documents_are_refused(
    browser: Browser, issued: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_DOCUMENTS", 1)
    browser.log_in(LUCIE).open("/documents")
    browser.post(f"{DOSSIERS}/choisis", {"numero": [issued.f1.number, issued.f3.number]})
    assert browser.status == 409
    assert "1 documents au plus" in browser.text


def test_a_month_that_is_none_is_to_be_chosen_again(browser: Browser, issued: SimpleNamespace) -> None:
    browser.log_in(LUCIE).open(DOSSIERS).submit(DOSSIERS, mois="2027-01")
    assert browser.status == 422
    assert "Choisissez un mois de la liste." in browser.text


def test_the_same_dossier_asked_for_twice_is_made_once(browser: Browser, issued: SimpleNamespace) -> None:
    browser.log_in(LUCIE)
    for _ in range(2):
        browser.open(DOSSIERS).submit(DOSSIERS, mois="2026-09")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Dossier)) == 1


def test_asked_for_twice_at_the_same_moment_it_is_made_once(any_app: Flask) -> None:
    people = cast.everybody()
    cast.documents(people, cast.titles())
    account_id, asked_by = people.grand_large.id, iter([people.lucie.id, people.anne.id] * 2)
    db.session.commit()
    seen = []

    def one() -> None:
        account, by = db.session.get_one(Account, account_id), db.session.get_one(User, next(asked_by))
        seen.append(service.of_month(account, *SEPTEMBER, by).reference)
        db.session.commit()

    in_threads(any_app, one)
    dossier = db.session.scalars(sa.select(Dossier)).one()
    assert seen == [dossier.reference] * 4
    askers = db.session.scalars(sa.select(DossierAsker.user_id)).all()
    assert set(askers) == {people.lucie.id, people.anne.id}
    assert db.session.scalar(sa.select(sa.func.count(jobs.Job.id)).where(jobs.Job.kind == service.JOB)) == 1


def test_karim_has_not_the_right(browser: Browser, issued: SimpleNamespace, people: SimpleNamespace) -> None:
    dossier = service.of_month(people.grand_large, dt.date(2026, 9, 1), dt.date(2026, 9, 30), people.lucie)
    db.session.commit()
    jobs.run_due()
    browser.log_in(KARIM)
    for address in (DOSSIERS, f"{DOSSIERS}/{dossier.reference}"):
        assert browser.open(address).status == 403
    assert browser.post(DOSSIERS, mois="2026-09").status == 403
    assert browser.post(f"{DOSSIERS}/choisis", numero=issued.f4.number).status == 403


@pytest.mark.usefixtures("quick_paper")
def test_another_shops_dossier_does_not_exist(
    browser: Browser, people: SimpleNamespace, issued: SimpleNamespace
) -> None:
    dossier = service.of_month(people.quais, dt.date(2026, 10, 1), dt.date(2026, 10, 31), people.paul)
    db.session.commit()
    jobs.run_due()
    browser.log_in(LUCIE)
    address = f"{DOSSIERS}/{dossier.reference}"
    assert browser.open(address).status == 404
    assert browser.open(f"{address}/2026-10_dossier.zip").status == 404
    assert (
        Browser(browser.client.application.test_client()).log_in("paul@quais.example").open(address).status
        == 200
    )
    assert dossier.reference not in browser.open(DOSSIERS).text


def test_a_dossier_is_forgotten_after_its_days(people: SimpleNamespace, issued: SimpleNamespace) -> None:
    first, last = dt.date(2026, 9, 1), dt.date(2026, 9, 30)
    service.of_month(people.grand_large, first, last, people.lucie)
    db.session.add(DossierFile(dossier_id=1, name="x.pdf", position=0, label="x", octets=1, content=b"x"))
    db.session.commit()
    clock.start_at(cast.MONDAY + KEPT_FOR - dt.timedelta(minutes=1))
    service.forget_old()
    assert db.session.get(Dossier, 1)
    clock.start_at(cast.MONDAY + KEPT_FOR + dt.timedelta(minutes=1))
    service.forget_old()
    db.session.commit()
    assert not db.session.scalars(sa.select(Dossier.id)).all()
    assert not db.session.scalars(sa.select(DossierFile.name)).all()
    making.make({"reference": "DOS-2026-000001"})  # asked of a worker too late: nothing to do


def test_what_cannot_be_made_is_said(
    browser: Browser, people: SimpleNamespace, issued: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_long(*_: object, **__: object) -> bytes:
        raise DocumentNotMade("« Relevé » est trop long pour tenir en un seul document.")

    monkeypatch.setattr(documents, "pdf", too_long)
    browser.log_in(LUCIE).open(DOSSIERS).submit(DOSSIERS, mois="2026-09")
    jobs.run_due()
    browser.open(DOSSIERS)
    browser.open(browser.page.select_one(IN_LIST)["href"])
    assert "trop long" in browser.text
    assert "trop long" in told()[0].body
    assert not browser.page.select("#dossier li")


@pytest.mark.usefixtures("quick_paper")
@pytest.mark.parametrize(("who", "page"), [(LUCIE, "/releves"), (INES, "/equipe/releves/104512")])
def test_a_long_statement_is_set_by_the_worker(
    browser: Browser, issued: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, who: str, page: str
) -> None:
    monkeypatch.setattr(statements, "LINES_SET_AT_ONCE", 1)
    browser.log_in(who).open(f"{page}?du=2024-01-01&au=2026-11-23")
    assert not browser.page.select('#statement a[href*=".pdf"]')
    paper = page + (".pdf" if who == INES else "/releve.pdf")
    assert browser.client.get(f"{paper}?du=2024-01-01").status_code == 409
    [form] = browser.page.select('#statement form[method="post"]')
    browser.submit(form["action"])
    jobs.run_due()
    [dossier] = db.session.scalars(sa.select(Dossier))
    assert (dossier.first, dossier.last) == (dt.date(2024, 1, 1), dt.date(2026, 11, 23))
    browser.open(f"{DOSSIERS}/{dossier.reference}")
    assert [name.partition("_")[2] for name in _files(browser)] == ["releve.pdf", "releve.csv"]


def test_no_spreadsheet_calculates_what_a_shop_wrote(people: SimpleNamespace) -> None:
    invoice = cast.invoice(people.grand_large, (cast.title(), 1), own_reference="=1+1")
    credit_note = cast.credit_note(invoice, 1)
    first, second = document_table.content([invoice, credit_note]).decode().splitlines()[1:]
    assert ";'=1+1;" in first
    assert second.endswith(f"-{csv_export.amount(credit_note.open_cents)}")


def told() -> list[OutboxMessage]:
    return list(db.session.scalars(sa.select(OutboxMessage).filter_by(kind="dossier_ready")))


@pytest.mark.usefixtures("quick_paper")
def test_whoever_asked_is_told_by_mail_as_they_chose(
    browser: Browser, issued: SimpleNamespace, people: SimpleNamespace
) -> None:
    preferences.choose(people.lucie, {Topic.DOCUMENTS: Delivery.DIGEST})
    browser.log_in(LUCIE).open(DOSSIERS).submit(DOSSIERS, mois="2026-09")
    assert told() == []
    jobs.run_due()
    (mail,) = told()
    assert (mail.recipient, mail.delivery) == (LUCIE, Delivery.DIGEST)
    assert fold(mail.subject) == "Dossier de septembre 2026 : vos fichiers sont prêts"
    assert f"{DOSSIERS}/DOS-2026-000001" in mail.body
    assert "jusqu'au dimanche 29 novembre" in fold(mail.body)


@pytest.mark.usefixtures("quick_paper")
def test_a_colleague_who_asks_while_it_is_being_made_is_told_too(
    browser: Browser, issued: SimpleNamespace, people: SimpleNamespace, new_browser
) -> None:
    browser.log_in(LUCIE).open(DOSSIERS).submit(DOSSIERS, mois="2026-09")
    people.karim.rights = frozenset({Right.DOCUMENTS})
    db.session.commit()
    colleague = new_browser(browser.htmx).log_in(KARIM)
    for _ in range(2):
        colleague.open(DOSSIERS).submit(DOSSIERS, mois="2026-09")
    assert jobs.run_due() == 1
    assert [mail.recipient for mail in told()] == [LUCIE, KARIM]


@pytest.mark.usefixtures("quick_paper")
def test_who_asks_once_it_is_made_has_another_made(issued: SimpleNamespace, people: SimpleNamespace) -> None:
    first = service.of_month(people.grand_large, *SEPTEMBER, people.lucie)
    db.session.commit()
    jobs.run_due()
    assert service.of_month(people.grand_large, *SEPTEMBER, people.lucie) is not first


@pytest.mark.usefixtures("quick_paper")
def test_who_may_read_no_documents_any_more_is_told_nothing(
    browser: Browser, issued: SimpleNamespace, people: SimpleNamespace
) -> None:
    browser.log_in(LUCIE).open(DOSSIERS).submit(DOSSIERS, mois="2026-09")
    people.lucie.rights = frozenset()
    db.session.commit()
    jobs.run_due()
    assert told() == []

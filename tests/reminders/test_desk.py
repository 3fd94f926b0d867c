"""Accounting's reminders, plain and with HTMX: who is late, one press sends one, disputes wait aside."""

import datetime as dt
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.billing import allocation
from harmattan.billing.models import Document, Means
from harmattan.core import audit, clock
from harmattan.core.extensions import db
from harmattan.outbox.models import OutboxMessage
from harmattan.payments import service as payments
from harmattan.payments.rules import Means as Announced
from harmattan.reminders import lookups, service
from harmattan.reminders.models import Dispute, Reminder
from harmattan.reminders.rules import Hindrance, Level
from tests import cast
from tests.browser import Browser, form_data
from tests.configuration import answer_otherwise
from tests.test_concurrency import at, at_once

INES, HUGO, LUCIE = "ines@equipe.example", "hugo@equipe.example", "lucie@grandlarge.example"
LIST = "/equipe/comptabilite/relances"
PAGE = f"{LIST}/104512"
DECEMBER = dt.datetime(2026, 12, 14, 10, 0, tzinfo=clock.PARIS)
"""F4 (111,37) was due on the 30th of November, and A1 (48,00) is free."""


def later(days: int, browser: Browser | None = None) -> None:
    """So many days after the 14th of December; whoever looks logs in again."""
    clock.start_at(DECEMBER + dt.timedelta(days=days))
    if browser:
        browser.client.delete_cookie("session")
        browser.log_in(INES)


@pytest.fixture
def papers(people: SimpleNamespace) -> SimpleNamespace:
    held = cast.documents(people, cast.titles())
    later(0)
    return held


@pytest.fixture
def ines(browser: Browser, papers: SimpleNamespace) -> Browser:
    return browser.log_in(INES).open(PAGE)


def reminders() -> list[Reminder]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Reminder).order_by(Reminder.id)))


def mails() -> list[OutboxMessage]:
    return list(db.session.scalars(sa.select(OutboxMessage).filter_by(kind="reminder")))


def test_the_list_has_the_oldest_debt_first_and_what_is_to_be_sent(
    ines: Browser, papers: SimpleNamespace
) -> None:
    later(30, ines)
    ines.open(LIST)
    rows = [row.get_text(" ") for row in ines.page.select("tbody tr")]
    assert len(rows) == 2
    assert papers.f9.due_on < papers.f4.due_on
    assert "Quais" in rows[0]
    assert "Courtoise" in rows[0]
    assert "31 à 60 jours" in ines.text
    for typed in ("104733", "quais"):
        assert [row.th.a["href"] for row in ines.open(f"{LIST}?q={typed}").page.select("tbody tr")] == [
            f"{LIST}/104733"
        ]
    assert "essayez" in ines.open(f"{LIST}?q=zzz").text


def test_those_left_in_peace_stand_apart_with_the_reason(ines: Browser, papers: SimpleNamespace) -> None:
    later(-40, ines)
    ines.open(LIST)
    assert "est à relancer aujourd" in ines.text
    ines.open(f"{LIST}?etat=en-attente")
    assert "Relance possible à partir du" in ines.text


def test_pages_of_the_list_have_a_length(
    ines: Browser, papers: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(30, ines)
    monkeypatch.setattr(lookups, "A_PAGE", 1)
    assert len(ines.open(LIST).page.select("tbody tr")) == 1
    ines.open(f"{LIST}?page=2")
    assert "Grand Large" in ines.page.select_one("tbody tr").get_text()
    assert ines.open(f"{LIST}?page=99").status == 200


def test_the_text_that_was_read_is_the_mail_that_leaves(ines: Browser, papers: SimpleNamespace) -> None:
    read = ines.page.find("blockquote").get_text()
    ines.submit(f"{PAGE}/envoi")
    (sent,), (mail,) = reminders(), mails()
    assert ines.url == PAGE
    assert (sent.level, sent.place, sent.sent_by) == (Level.COURTEOUS, 1, "Inès Caron")
    assert (sent.documents, sent.to_pay_cents) == ([papers.f4.number], 6_337)
    assert (mail.recipient, mail.reply_to) == ("contact@grandlarge.example", "comptabilite@harmattan.example")
    assert mail.subject in read
    for line in mail.body.split("\n"):
        assert line in read
    assert mail.subject_reference == sent.reference
    assert f"/paiement?document={papers.f4.number}" in mail.body
    assert "/releves/releve" in mail.body or "/releves" in mail.body
    assert "48,00" in mail.body
    assert "63,37" in mail.subject
    assert "40 €" not in mail.body.replace("\u00a0", " ")
    assert sent.reference in ines.text


def test_each_is_firmer_and_none_follows_the_last(ines: Browser, papers: SimpleNamespace) -> None:
    texts = []
    for n, level in enumerate(Level):
        later(n * 20, ines)
        ines.open(PAGE).submit(f"{PAGE}/envoi")
        assert reminders()[-1].level is level
        texts.append(mails()[-1].body.replace("\u00a0", " "))
    assert "oubli" in texts[0]
    assert "Nous vous avons écrit le 14 décembre 2026" in texts[1]
    assert "plus prendre de commandes" in texts[2]
    assert ["40 €" in each for each in texts] == [False, True, True]
    later(90, ines)
    ines.open(PAGE)
    assert "téléphonez" in ines.text
    assert ines.page.find("button", value="envoyer") is None


def test_accounting_may_stay_milder_and_never_go_further(ines: Browser, papers: SimpleNamespace) -> None:
    ines.submit(f"{PAGE}/envoi")
    later(20, ines)
    ines.open(f"{PAGE}?niveau=courtoise")
    assert "oubli" in ines.page.find("blockquote").get_text()
    sent = form_data(ines.form(f"{PAGE}/envoi"))
    ines.post(f"{PAGE}/envoi", sent | {"niveau": "derniere"})
    assert ines.status == 409
    ines.post(f"{PAGE}/envoi", sent | {"niveau": "menace"})
    assert ines.status == 422
    ines.open(f"{PAGE}?niveau=courtoise").submit(f"{PAGE}/envoi")
    assert [each.level for each in reminders()] == [Level.COURTEOUS, Level.COURTEOUS]


def test_pressed_twice_it_leaves_once(ines: Browser, papers: SimpleNamespace) -> None:
    sent = form_data(ines.form(f"{PAGE}/envoi"))
    ines.post(f"{PAGE}/envoi", sent)
    ines.post(f"{PAGE}/envoi", sent)
    assert (len(reminders()), len(mails())) == (1, 1)
    ines.post(f"{PAGE}/envoi", sent | {"once": "another"})
    assert ines.status == 409
    assert "a changé entre-temps" in ines.text
    assert len(reminders()) == 1


def test_two_of_accounting_at_once_send_one(any_app: Flask) -> None:
    people = cast.everybody()
    cast.documents(people, cast.titles())
    later(0)
    browsers = [at(any_app, INES).open(PAGE) for _ in range(4)]
    answers = at_once(
        [(each.client, f"{PAGE}/envoi", form_data(each.form(f"{PAGE}/envoi"))) for each in browsers]
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    assert (len(reminders()), len(mails())) == (1, 1)


@pytest.mark.parametrize("what", ["paid", "announced", "set aside"])
def test_what_happened_since_it_was_read_stops_it(
    ines: Browser, papers: SimpleNamespace, people: SimpleNamespace, what: str
) -> None:
    if what == "paid":
        payment = allocation.record_payment(
            people.grand_large, 5_000, received_on=clock.today(), means=Means.TRANSFER, actor="Inès"
        )
        allocation.allocate(payment, papers.f4, 5_000, "Inès")
    elif what == "announced":
        payments.announce(people.grand_large, [papers.f4], Announced.TRANSFER, people.lucie)
    else:
        service.set_aside(papers.f4, "Colis perdu", dt.date(2026, 12, 31), "Inès")
    db.session.commit()
    ines.submit(f"{PAGE}/envoi")
    assert ines.status == 409
    assert reminders() == []
    assert mails() == []


def test_an_announced_payment_is_awaited_in_peace_and_seen(
    ines: Browser, papers: SimpleNamespace, people: SimpleNamespace
) -> None:
    order = payments.announce(people.grand_large, [papers.f4], Announced.TRANSFER, people.lucie)
    db.session.commit()
    assert order.reference in ines.open(PAGE).text
    assert "attendu" in ines.text
    assert ines.page.find("button", value="envoyer") is None


def test_a_disputed_invoice_is_set_aside_with_its_reason_and_taken_up_again(
    ines: Browser, papers: SimpleNamespace
) -> None:
    ines.submit(f"{PAGE}/litige", facture=papers.f4.number, motif="Colis perdu", jusquau="31/12/2026")
    assert "Colis perdu" in ines.text
    assert "Mis de côté jusqu" in ines.text
    assert ines.page.find("button", value="envoyer") is None
    assert papers.f4.number in ines.open("/equipe/comptabilite/comptes/104512").text
    ines.open(PAGE)
    taken_up = form_data(ines.form(f"{PAGE}/reprise"))
    ines.post(f"{PAGE}/reprise", taken_up)
    assert ines.page.find("button", value="envoyer") is not None
    ines.post(f"{PAGE}/reprise", taken_up | {"once": "another"})
    assert ines.status == 409
    acts = {each.action for each in db.session.scalars(sa.select(audit.AuditEntry))}
    assert {"reminders.set_aside", "reminders.resume"} <= acts


def test_the_patched_page_is_the_page_a_reload_shows(ines: Browser, papers: SimpleNamespace) -> None:
    ines.submit(f"{PAGE}/litige", facture=papers.f4.number, motif="Colis perdu", jusquau="31/12/2026")
    assert ines.reloaded()
    ines.submit(f"{PAGE}/reprise")
    assert ines.reloaded()
    ines.submit(f"{PAGE}/envoi")
    assert ines.reloaded()
    assert len(reminders()) == 1


def test_a_refusal_leads_back_to_the_account(ines: Browser, papers: SimpleNamespace) -> None:
    sent = form_data(ines.form(f"{PAGE}/envoi"))
    cast.pay(papers.f4, clock.today())
    db.session.commit()
    ines.post(f"{PAGE}/envoi", sent)
    assert ines.status == 409
    assert ines.page.find("a", href=PAGE) is not None


def test_set_aside_again_the_last_word_counts(ines: Browser, papers: SimpleNamespace) -> None:
    for reason in ("Colis perdu", "Prix contesté"):
        ines.open(PAGE).submit(f"{PAGE}/litige", facture=papers.f4.number, motif=reason, jusquau="31/12/2026")
    assert [each.reason for each in db.session.scalars(sa.select(Dispute))] == ["Prix contesté"]
    later(30, ines)
    assert "Prix contesté" not in ines.open(PAGE).text
    assert ines.page.find("button", value="envoyer") is not None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"motif": ""}, "Dites pourquoi"),
        ({"motif": "x" * 201}, "200 caractères au plus"),
        ({"jusquau": ""}, "Saisissez le dernier jour"),
        ({"jusquau": "14/12/2026"}, "Choisissez un jour à venir"),
        ({"jusquau": "14/12/2028"}, "Choisissez un jour à venir"),
        ({"jusquau": "bientôt"}, "Saisissez la date"),
        ({"facture": "FA-2020-000001"}, "Choisissez une facture échue"),
    ],
)
def test_a_dispute_that_cannot_be_is_explained_and_kept(
    ines: Browser, papers: SimpleNamespace, fields: dict[str, str], said: str
) -> None:
    typed = {"facture": papers.f4.number, "motif": "Colis perdu", "jusquau": "31/12/2026"} | fields
    ines.submit(f"{PAGE}/litige", **typed)
    assert ines.status == 422
    assert said in ines.text
    assert ines.page.find(attrs={"name": "motif"})["value"] == typed["motif"]
    assert db.session.scalars(sa.select(Dispute)).all() == []


def test_another_accounts_invoice_is_not_set_aside_nor_taken_up(
    ines: Browser, papers: SimpleNamespace
) -> None:
    later(30, ines)
    typed = {"motif": "x", "jusquau": "31/12/2027", "facture": papers.f9.number}
    ines.open(PAGE).submit(f"{PAGE}/litige", **typed)
    assert ines.status == 422
    ines.open(PAGE).post(f"{PAGE}/reprise", {"facture": papers.f9.number, "once": "x"})
    assert ines.status == 404


def test_a_typed_address_of_an_act_leads_to_the_account(ines: Browser) -> None:
    for act in ("envoi", "litige", "reprise"):
        assert ines.open(f"{PAGE}/{act}").url == PAGE
    assert ines.open(f"{LIST}/999999").status == 404


def test_an_account_that_owes_nothing_says_so(
    ines: Browser, papers: SimpleNamespace, people: SimpleNamespace
) -> None:
    cast.pay(papers.f4, clock.today())
    db.session.commit()
    ines.open(PAGE)
    assert "Rien n" in ines.text
    assert ines.page.find(id="set-aside") is None


def test_the_shop_reads_of_it_among_its_documents(ines: Browser, papers: SimpleNamespace) -> None:
    ines.submit(f"{PAGE}/envoi").log_out()
    ines.log_in(LUCIE).open("/documents")
    assert "Relance du 14 décembre 2026" in ines.text
    assert ines.page.find("a", href=f"/paiement?document={papers.f4.number}") is not None
    left = papers.f4.open_cents  # the credit note of 48,00 counts for the shop
    payment = allocation.record_payment(
        papers.f4.account, left - 6034, received_on=clock.today(), means=Means.TRANSFER, actor="Inès"
    )
    allocation.allocate(payment, papers.f4, left - 6034, "Inès")
    db.session.commit()
    assert "12,34 € restent à régler, 48,00 € d'avoirs et de règlements" in ines.open("/documents").text
    cast.pay(papers.f4, clock.today())
    db.session.commit()
    assert "Relance du" not in ines.open("/documents").text
    ines.log_out()
    ines.log_in("paul@quais.example").open("/documents")
    assert "Relance du" not in ines.text


def test_the_principal_reads_the_mail_in_the_portal(ines: Browser, papers: SimpleNamespace) -> None:
    ines.submit(f"{PAGE}/envoi").log_out()
    ines.log_in("anne@grandlarge.example").open("/messages/courriels")
    assert mails()[0].subject.replace("\u00a0", " ") in ines.text


def test_the_desk_counts_accounts_to_remind(ines: Browser, papers: SimpleNamespace) -> None:
    assert "2 comptes à relancer" in ines.open("/equipe/comptabilite").text
    ines.open(PAGE).submit(f"{PAGE}/envoi")
    assert "1 compte à relancer" in ines.open("/equipe/comptabilite").text


def test_no_other_service_reminds(browser: Browser, papers: SimpleNamespace) -> None:
    browser.log_in(HUGO)
    assert browser.open(LIST).status == 403
    assert browser.open(PAGE).status == 403
    for act in ("envoi", "litige", "reprise"):
        browser.post(f"{PAGE}/{act}", {"niveau": "courtoise", "vu": ""})
        assert browser.status == 403
    assert reminders() == []


def test_an_account_of_which_our_bank_holds_a_bill_is_left_in_peace(
    papers: SimpleNamespace, people: SimpleNamespace, app: Flask
) -> None:
    """Of its invoices one is taken by an LCR, another is late: nobody is reminded meanwhile."""
    other = cast.invoice(people.quais, (cast.title("9782000000017"), 9), issued_on=dt.date(2026, 10, 2))
    db.session.commit()
    assert service.case(people.quais).verdict.level is Level.COURTEOUS
    taken = sa.select(Document.id).where(Document.id == other.id)
    answer_otherwise(app, "lcr.taken_everywhere", lambda: taken)
    found = service.case(people.quais)
    assert (found.verdict.level, found.verdict.hindrance) == (None, Hindrance.LCR)
    assert [each.number for each in found.facts.late] == [papers.f9.number]


def test_credits_and_payments_are_deducted(papers: SimpleNamespace) -> None:
    known = lookups.facts(papers.f4.account_id)[papers.f4.account_id]
    assert known.free_cents == papers.a1.open_cents
    free = allocation.record_payment(
        papers.f4.account, 1_000, received_on=clock.today(), means=Means.CHEQUE, actor="Inès"
    )
    assert lookups.facts()[papers.f4.account_id].free_cents == papers.a1.open_cents + free.open_cents

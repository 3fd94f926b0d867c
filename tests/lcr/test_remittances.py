"""A remittance: prepared, reviewed, its file made once, paid or come back; nothing twice (R80, R82)."""

import datetime as dt
import hashlib
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.access.models import User
from harmattan.billing import allocation, statements
from harmattan.billing.models import Document, Means, Payment
from harmattan.core import clock
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.settings import House
from harmattan.lcr import collecting, drawing, gathering, lookups, presenting, remitting, service
from harmattan.lcr.models import Bill, Item, Remittance
from harmattan.lcr.rules import Action, BillState, RemittanceState
from harmattan.outbox.models import OutboxMessage
from harmattan.payments import service as payments
from harmattan.payments.rules import Means as AnnouncedMeans
from harmattan.reminders import lookups as late_accounts
from harmattan.reminders import service as reminders
from tests import cast
from tests.browser import Browser, form_data
from tests.core.test_database import in_threads

INES, HUGO, LUCIE = "ines@equipe.example", "hugo@equipe.example", "lucie@grandlarge.example"
DESK, LOTS = "/equipe/comptabilite/lcr", "/equipe/comptabilite/lcr/lots"
DUE = dt.date(2026, 12, 31)


@pytest.fixture
def shop(people: SimpleNamespace, papers: SimpleNamespace, in_place) -> SimpleNamespace:
    """The Grand Large (F4 less A1: 63,37) and the Quais (F9) pay by LCR."""
    in_place(people.lucie)
    in_place(people.paul)
    return SimpleNamespace(**vars(people), **vars(papers))


@pytest.fixture
def ines(browser: Browser, shop: SimpleNamespace) -> Browser:
    return browser.log_in(INES)


def prepare(ines: Browser, day: str = "31/12/2026") -> Browser:
    return ines.open(DESK).submit(LOTS, echeance=day)


def remittance() -> Remittance:
    db.session.expire_all()
    return db.session.scalars(sa.select(Remittance).order_by(Remittance.id.desc()).limit(1)).one()


def url() -> str:
    return f"{LOTS}/{remittance().reference}"


def create(ines: Browser) -> Browser:
    return ines.submit(f"{url()}/creer")


def made(by: User, due_on: dt.date = DUE) -> Remittance:
    """A remittance whose file is made."""
    row = remitting.prepare(due_on, by)
    presenting.create(row, drawing.mark(drawing.drafts(row)), by)
    db.session.commit()
    return row


def bill_of(account_id: int) -> Bill:
    return db.session.scalars(sa.select(Bill).where(Bill.account_id == account_id)).one()


def left(document: Document) -> int:
    db.session.refresh(document, ["open_cents"])
    return document.open_cents


def on_the_due_day() -> None:
    clock.start_at(dt.datetime(2026, 12, 31, 11, 0, tzinfo=clock.PARIS))


def test_what_is_due_is_gathered_less_credit_notes_and_nothing_is_booked_yet(
    ines: Browser, shop: SimpleNamespace
) -> None:
    prepare(ines)
    assert ines.url == url()
    assert "63,37 €" in ines.text
    assert f"{shop.a1.number} , 48,00 € sur {shop.f4.number}" in ines.text
    assert (left(shop.f4), left(shop.a1)) == (11137, 4800)
    assert {item.invoice_id for item in remittance().items} == {shop.f4.id, shop.f9.id}


def test_what_is_due_later_and_what_others_owe_is_not_in_it(ines: Browser, shop: SimpleNamespace) -> None:
    later = cast.invoice(shop.grand_large, (cast.title("9782000000017"), 2), issued_on=dt.date(2026, 11, 20))
    other = cast.invoice(
        cast.account("105000"), (cast.title("9782000000024"), 2), issued_on=dt.date(2026, 11, 20)
    )
    db.session.commit()
    assert later.due_on > DUE
    prepare(ines)
    assert not {later.id, other.id} & {item.invoice_id for item in remittance().items}


def test_an_invoice_in_dispute_is_not_presented_and_one_that_is_presented_is_not_claimed(
    shop: SimpleNamespace,
) -> None:
    reminders.set_aside(shop.f9, "Colis incomplet", dt.date(2026, 12, 24), shop.ines.name)
    row = made(shop.ines)
    assert [item.invoice_id for item in row.items] == [shop.f4.id]
    clock.start_at(dt.datetime(2026, 12, 14, 9, 0, tzinfo=clock.PARIS))
    late = late_accounts.facts()
    assert shop.f4.due_on < clock.today()
    assert shop.grand_large.id not in late
    collecting.reject(row.bills[0], "12", clock.today(), shop.ines)
    db.session.commit()
    assert shop.grand_large.id in late_accounts.facts()


def test_the_file_is_made_of_what_was_seen_and_the_same_bytes_each_time(
    ines: Browser, shop: SimpleNamespace
) -> None:
    prepare(ines)
    create(ines)
    assert remittance().state is RemittanceState.SENT
    answer = ines.client.get(f"{url()}.txt")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=lcr-2026-12-31-LCR-2026-")
    assert answer.headers["Content-Type"].count("charset") == 1
    lines = answer.data.decode("ascii").removesuffix("\r\n").split("\r\n")
    assert [len(line) for line in lines] == [160] * 4
    cents = [int(line[102:114]) for line in lines[1:]]
    assert cents == [6337, shop.f9.total_cents, 6337 + shop.f9.total_cents]
    assert "12345678901" in lines[1]
    assert ines.client.get(f"{url()}.txt").data == answer.data
    assert hashlib.sha256(answer.data).hexdigest() == remittance().sha256


def test_credit_notes_are_deducted_and_the_shop_reads_what_is_taken_when(
    ines: Browser, shop: SimpleNamespace, new_browser
) -> None:
    create(prepare(ines))
    assert (left(shop.f4), left(shop.a1)) == (6337, 0)
    told = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == "lcr_announced")).all()
    assert [mail.recipient for mail in told] == [shop.grand_large.email, shop.quais.email]
    assert "63,37" in told[0].subject.replace("\xa0", " ")
    lucie = new_browser().log_in(LUCIE)
    for page in ("/", "/paiement"):
        assert "Réglée par LCR le 31 déc. 2026" in lucie.open(page).text
    assert "63,37 € réglés par LCR le 31 décembre 2026" in lucie.open(f"/documents/{shop.f4.number}").text
    assert "Rien n'est à régler autrement : 63,37 € sont réglés par LCR." in lucie.open("/releves").text
    assert "63,37 €" in lucie.open("/paiement/lcr").text
    assert lucie.open("/paiement").page.find("input", value=shop.f4.number) is None


def test_the_file_is_sealed_in_the_database(shop: SimpleNamespace) -> None:
    made(shop.ines)
    kept = db.session.execute(sa.text("SELECT content FROM lcr_remittances")).scalar_one()
    assert "12345678901" not in kept


@pytest.mark.parametrize("day", ["", "31/02/2027", "24/11/2026", "31/12/2027", "n’importe"])
def test_a_day_that_cannot_be_is_explained(ines: Browser, shop: SimpleNamespace, day: str) -> None:
    prepare(ines, day)
    assert ines.status == 422
    assert ines.faults()
    assert db.session.scalars(sa.select(Remittance)).all() == []


def test_where_nothing_is_due_nothing_is_prepared(browser: Browser, people: SimpleNamespace) -> None:
    prepare(browser.log_in(INES))
    assert browser.status == 409
    assert "Aucune facture n'est à présenter" in browser.text
    assert db.session.scalars(sa.select(Remittance)).all() == []


def test_sent_twice_it_is_one_remittance_and_a_second_one_for_that_day_is_refused(
    ines: Browser, shop: SimpleNamespace
) -> None:
    sent = form_data(ines.open(DESK).form(LOTS)) | {"echeance": "31/12/2026"}
    ines.post(LOTS, sent)
    ines.post(LOTS, sent)
    assert ines.url == url()
    prepare(ines)
    assert ines.status == 409
    assert "déjà à relire" in ines.text
    assert len(db.session.scalars(sa.select(Remittance)).all()) == 1


def test_an_invoice_is_in_one_remittance_at_a_time(ines: Browser, shop: SimpleNamespace) -> None:
    create(prepare(ines))
    prepare(ines, "15/01/2027")
    assert ines.status == 409
    assert len(db.session.scalars(sa.select(Item)).all()) == 2


def test_of_many_who_prepare_at_once_none_takes_the_same_invoice_twice(any_app: Flask) -> None:
    people = cast.everybody()
    cast.documents(people, cast.titles())
    for by in (people.lucie, people.paul):
        row = service.ask(by.account, "SARL", "FR7630004000031234567890143", by)
        service.act(row, Action.ACCEPT, people.ines)
    db.session.commit()
    ines_id, days, refused = people.ines.id, iter([DUE, DUE, dt.date(2027, 1, 5), dt.date(2027, 1, 6)]), []

    def one() -> None:
        try:
            remitting.prepare(next(days), db.session.get_one(User, ines_id))
            db.session.commit()
        except Refusal as refusal:
            refused.append(refusal)

    in_threads(any_app, one)
    assert len(refused) >= 2
    held = db.session.scalars(sa.select(Item.invoice_id)).all()
    assert len(held) == len(set(held)) == 2


def test_of_two_who_make_the_file_at_once_one_does(any_app: Flask) -> None:
    people = cast.everybody()
    cast.documents(people, cast.titles())
    row = service.ask(people.grand_large, "SARL", "FR7630004000031234567890143", people.lucie)
    service.act(row, Action.ACCEPT, people.ines)
    lot = remitting.prepare(DUE, people.ines)
    seen, lot_id, ines_id = drawing.mark(drawing.drafts(lot)), lot.id, people.ines.id
    db.session.commit()
    refused = []

    def one() -> None:
        try:
            found = db.session.get_one(Remittance, lot_id)
            presenting.create(found, seen, db.session.get_one(User, ines_id))
            db.session.commit()
        except Refusal as refusal:
            refused.append(refusal)

    in_threads(any_app, one)
    assert len(refused) == 3
    assert len(db.session.scalars(sa.select(Bill)).all()) == 1


def test_an_invoice_or_a_whole_shop_is_left_out(ines: Browser, shop: SimpleNamespace) -> None:
    prepare(ines)
    ines.submit(f"{url()}/ecarter", button=f"Écarter {shop.f4.number}")
    assert f"Écarter {shop.f4.number}" not in ines.text
    ines.submit(f"{url()}/ecarter", button="Laisser cette librairie de côté Librairie des Quais")
    assert "abandonnez-le" in ines.text
    assert db.session.scalars(sa.select(Item)).all() == []
    ines.post(f"{url()}/ecarter", numero=shop.f4.number)
    assert ines.status == 409
    ines.open(url()).submit(f"{url()}/abandonner")
    assert remittance().state is RemittanceState.DROPPED
    prepare(ines)
    assert len(remittance().items) == 2


def test_what_the_shop_pays_meanwhile_makes_no_other_file_than_the_one_seen(
    ines: Browser, shop: SimpleNamespace
) -> None:
    prepare(ines)
    sent = form_data(ines.form(f"{url()}/creer"))
    cast.pay(shop.f4, dt.date(2026, 11, 23))
    db.session.commit()
    ines.post(f"{url()}/creer", sent)
    assert ines.status == 409
    assert "Le lot a changé entre-temps" in ines.text
    assert remittance().state is RemittanceState.PREPARED
    create(ines.open(url()))
    assert [bill.account_id for bill in remittance().bills] == [shop.quais.id]
    assert left(shop.a1) == 4800


def test_a_mandate_that_ends_meanwhile_is_not_drawn_upon(ines: Browser, shop: SimpleNamespace) -> None:
    prepare(ines)
    mandate = service.live(shop.grand_large.id)
    assert mandate is not None
    service.act(mandate, Action.WITHDRAW, shop.lucie)
    db.session.commit()
    create(ines)
    assert ines.status == 409
    ines.open(url())
    assert "n'est plus réglée par LCR" in ines.text
    create(ines)
    assert [bill.account_id for bill in remittance().bills] == [shop.quais.id]


def test_money_that_waits_and_a_payment_announced_otherwise_are_pointed_out(
    ines: Browser, shop: SimpleNamespace
) -> None:
    facts = {"received_on": dt.date(2026, 11, 20), "means": Means.TRANSFER, "actor": "Inès"}
    waiting = allocation.record_payment(shop.grand_large, 5000, **facts)
    prepare(ines)
    order = payments.announce(shop.grand_large, [shop.f4], AnnouncedMeans.CHEQUE, shop.lucie)
    db.session.commit()
    ines.open(url())
    assert f"Règlement {waiting.reference} : 50,00 €" in ines.text
    assert order.reference in ines.text


def test_what_is_left_out_of_it_is_listed_with_the_reason(ines: Browser, shop: SimpleNamespace) -> None:
    order = payments.announce(shop.grand_large, [shop.f4], AnnouncedMeans.CHEQUE, shop.lucie)
    more = cast.invoice(shop.quais, (cast.title("9782000000017"), 2), issued_on=dt.date(2026, 10, 2))
    reminders.set_aside(more, "Colis incomplet", dt.date(2026, 12, 24), shop.ines.name)
    db.session.commit()
    prepare(ines)
    assert [item.invoice.number for item in remittance().items] == [shop.f9.number]
    told = {each.th.a.get_text(): each.get_text(" ") for each in ines.page.find(id="left-h").parent("tr")[1:]}
    assert list(told) == [shop.f4.number, more.number]
    assert "Chèque annoncé" in told[shop.f4.number]
    assert order.reference in told[shop.f4.number]
    assert "Mise de côté" in told[more.number]
    ines.submit(f"{url()}/ecarter", button=f"Écarter {shop.f9.number}")
    assert "Écartée à la relecture" in ines.text
    assert ines.reloaded()


def test_what_another_remittance_takes_is_not_said_to_be_left_out(
    ines: Browser, shop: SimpleNamespace
) -> None:
    payments.announce(shop.quais, [shop.f9], AnnouncedMeans.TRANSFER, shop.paul)
    db.session.commit()
    create(prepare(ines))
    later = cast.invoice(shop.quais, (cast.title("9782000000017"), 2), issued_on=dt.date(2026, 10, 2))
    db.session.commit()
    row = remitting.prepare(dt.date(2027, 1, 15), shop.ines)
    assert [item.invoice_id for item in row.items] == [later.id]
    assert [each.invoice.number for each in gathering.left_out(row)] == [shop.f9.number]


def test_where_credit_notes_cover_everything_nothing_is_drawn(ines: Browser, shop: SimpleNamespace) -> None:
    cast.credit_note(shop.f3, 6, issued_on=shop.a1.issued_on)
    db.session.commit()
    prepare(ines)
    assert "ses avoirs couvrent ces factures" in ines.text
    create(ines)
    assert [bill.account_id for bill in remittance().bills] == [shop.quais.id]
    assert left(shop.f4) == 11137


def test_what_the_house_has_not_said_is_named(
    ines: Browser, shop: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(ines)
    known = House(iban="FR7630006000011234567890189", bank_name="Banque", siren="999123458")
    monkeypatch.setattr(presenting, "house", lambda: known)
    create(ines)
    assert ines.status == 409
    assert "numéro national d'émetteur (national_issuer_number)" in ines.text
    assert remittance().state is RemittanceState.PREPARED


def test_an_invoice_that_an_lcr_takes_is_not_announced_nor_covered_otherwise(
    browser: Browser, shop: SimpleNamespace
) -> None:
    row = made(shop.ines)
    browser.log_in(LUCIE).open("/paiement")
    browser.post("/paiement", {"document": [shop.f4.number], "means": "transfer", "once": "a"})
    assert browser.status == 409
    assert "déjà réglée par LCR" in browser.text
    more = cast.credit_note(shop.f3, 7, issued_on=shop.a1.issued_on)
    db.session.commit()
    browser.post("/paiement", {"document": [shop.f4.number, more.number], "deduire": "1", "once": "b"})
    assert browser.status == 409
    assert left(shop.f4) == 6337
    assert row.total_cents == 6337 + shop.f9.total_cents


def test_before_its_day_it_is_not_noted_as_paid(ines: Browser, shop: SimpleNamespace) -> None:
    create(prepare(ines))
    assert "Noter encaissé" not in ines.text
    ines.post(f"{url()}/encaisser")
    assert ines.status == 409
    assert db.session.scalars(sa.select(Payment).where(Payment.means == Means.LCR)).all() == []


def test_on_its_day_each_bill_becomes_a_payment_that_settles_its_invoices(
    ines: Browser, shop: SimpleNamespace
) -> None:
    made(shop.ines)
    on_the_due_day()
    ines.log_out().log_in(INES).open(DESK)
    assert remittance().reference in ines.text
    ines.open(url()).submit(f"{url()}/encaisser")
    booked = db.session.scalars(sa.select(Payment).where(Payment.means == Means.LCR)).all()
    assert [(each.amount_cents, each.open_cents, each.received_on) for each in booked] == [
        (6337, 0, DUE),
        (shop.f9.total_cents, 0, DUE),
    ]
    assert (left(shop.f4), left(shop.f9)) == (0, 0)
    assert remittance().state is RemittanceState.BOOKED
    ines.post(f"{url()}/encaisser")
    assert ines.status == 409
    assert len(db.session.scalars(sa.select(Payment).where(Payment.means == Means.LCR)).all()) == 2


def test_what_a_shop_paid_otherwise_meanwhile_stays_on_its_account(shop: SimpleNamespace) -> None:
    row = made(shop.ines)
    cast.pay(shop.f4, dt.date(2026, 12, 20))
    on_the_due_day()
    collecting.book(row, shop.ines)
    db.session.commit()
    bill = bill_of(shop.grand_large.id)
    assert bill.payment is not None
    assert (left(shop.f4), bill.payment.open_cents) == (0, 6337)


def reject(ines: Browser, bill: Bill, **fields: str) -> Browser:
    typed = {"effet": bill.reference, "motif": "20", "jour": "31/12/2026"}
    return ines.open(url()).submit(f"{url()}/impayees", **typed | fields)


def test_a_bill_that_comes_back_before_it_is_booked_never_is(ines: Browser, shop: SimpleNamespace) -> None:
    made(shop.ines)
    on_the_due_day()
    ines.log_out().log_in(INES)
    bill = bill_of(shop.grand_large.id)
    reject(ines, bill)
    db.session.refresh(bill)
    assert (bill.state, bill.bank_code, bill.reason) == (BillState.UNPAID, "20", "Provision insuffisante")
    ines.submit(f"{url()}/encaisser")
    assert [
        each.account_id for each in db.session.scalars(sa.select(Payment).where(Payment.means == Means.LCR))
    ] == [shop.quais.id]
    assert left(shop.f4) == 6337


def test_a_bill_that_comes_back_after_it_was_booked_opens_its_invoices_again(
    ines: Browser, shop: SimpleNamespace
) -> None:
    row = made(shop.ines)
    on_the_due_day()
    collecting.book(row, shop.ines)
    db.session.commit()
    clock.start_at(dt.datetime(2027, 1, 5, 9, 0, tzinfo=clock.PARIS))
    bill = bill_of(shop.grand_large.id)
    reject(ines.log_out().log_in(INES), bill, jour="04/01/2027")
    db.session.expire_all()
    assert bill.payment is not None
    assert (bill.payment.undone_on, bill.payment.open_cents) == (dt.date(2027, 1, 4), 0)
    assert left(shop.f4) == 6337
    told = statements.statement(shop.grand_large.id, dt.date(2026, 12, 1), dt.date(2027, 1, 5))
    assert [(each.label, each.amount_cents) for each in told.entries] == [
        ("LCR", -6337),
        ("LCR, impayé", 6337),
    ]
    assert (told.opening_cents, told.closing_cents) == (6337, 6337)
    later = statements.statement(shop.grand_large.id, dt.date(2027, 1, 5), dt.date(2027, 1, 5))
    assert later.opening_cents == 6337


def count_waiting(app: Flask) -> int:
    with app.test_request_context():
        return lookups.work().count


def test_what_came_back_is_told_and_waits_for_accounting_until_it_is_settled_or_presented_again(
    ines: Browser, shop: SimpleNamespace, app: Flask
) -> None:
    made(shop.ines)
    on_the_due_day()
    ines.log_out().log_in(INES)
    bill = bill_of(shop.grand_large.id)
    before = count_waiting(app)
    reject(ines, bill)
    mail = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == "lcr_unpaid")).one()
    assert mail.recipient == shop.grand_large.email
    assert "provision insuffisante" in mail.body
    assert count_waiting(app) == before + 1
    assert "Provision insuffisante (code 20)" in ines.open(DESK).text
    prepare(ines, "31/01/2027")
    assert {item.invoice_id for item in remittance().items} == {shop.f4.id}
    assert "Aucune LCR impayée n'attend" in ines.open(DESK).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"effet": "2600000099"}, "Choisissez une LCR"),
        ({"motif": "humeur"}, "Choisissez le motif de l'avis"),
        ({"motif": ""}, "Choisissez le motif de l'avis"),
        ({"jour": ""}, "Saisissez la date de l'avis"),
        ({"jour": "01/01/2020"}, "Saisissez le jour de l'avis"),
        ({"jour": "01/02/2027"}, "Saisissez le jour de l'avis"),
    ],
)
def test_a_notice_that_cannot_be_is_explained_and_kept(
    ines: Browser, shop: SimpleNamespace, fields: dict[str, str], said: str
) -> None:
    made(shop.ines)
    on_the_due_day()
    bill = bill_of(shop.grand_large.id)
    reject(ines.log_out().log_in(INES), bill, **fields)
    assert ines.status == 422
    assert any(said in fault for fault in ines.faults())
    assert bool(ines.page.find(attrs={"name": "jour"})["value"]) is bool(fields.get("jour", "31/12/2026"))
    db.session.refresh(bill)
    assert bill.state is BillState.PRESENTED


def test_a_bill_comes_back_once(ines: Browser, shop: SimpleNamespace) -> None:
    made(shop.ines)
    on_the_due_day()
    bill = bill_of(shop.grand_large.id)
    reject(ines.log_out().log_in(INES), bill)
    ines.post(f"{url()}/impayees", {"effet": bill.reference, "motif": "59", "jour": "31/12/2026"})
    assert ines.status == 422
    with pytest.raises(collecting.NotInThisState):
        collecting.reject(bill, "59", DUE, shop.ines)


def test_a_remittance_under_review_has_nothing_to_come_back(ines: Browser, shop: SimpleNamespace) -> None:
    prepare(ines)
    ines.post(f"{url()}/impayees", {"effet": "1"})
    assert ines.status == 409
    assert ines.client.get(f"{url()}.txt").status_code == 404


def test_no_other_service_reads_a_remittance(browser: Browser, shop: SimpleNamespace) -> None:
    row = made(shop.ines)
    browser.log_in(HUGO)
    for page in (f"{LOTS}/{row.reference}", f"{LOTS}/{row.reference}.txt"):
        assert browser.client.get(page).status_code == 403

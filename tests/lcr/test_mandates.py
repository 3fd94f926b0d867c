"""A shop asks to pay by LCR, accounting alone read its bank details and decide, either ends it (R80)."""

import datetime as dt
import io
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.access.models import Account, User
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.settings import house
from harmattan.lcr import service
from harmattan.lcr.models import BankDetailsFile, Mandate
from harmattan.lcr.rules import KEPT_FOR, TRANSITIONS, Action, MandateState
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser
from tests.core.test_database import in_threads
from tests.lcr.conftest import IBAN, MASKED

LUCIE, KARIM, PAUL = "lucie@grandlarge.example", "karim@grandlarge.example", "paul@quais.example"
INES, MARIE, HUGO = "ines@equipe.example", "marie@equipe.example", "hugo@equipe.example"
PAGE, DESK = "/paiement/lcr", "/equipe/comptabilite/lcr"
TYPED = {"titulaire": "SARL Le Grand Large", "iban": "FR76 3000 4000 0312 3456 7890 143", "accord": "y"}


def rib() -> tuple[io.BytesIO, str, str]:
    return io.BytesIO(b"%PDF-1.7 RIB"), "rib.pdf", "application/pdf"


def ask(browser: Browser, **fields: str | None) -> Browser:
    return browser.open(PAGE).submit(PAGE, files={"piece": rib()}, **TYPED | fields)


def mandate() -> Mandate:
    db.session.expire_all()
    return db.session.scalars(sa.select(Mandate).order_by(Mandate.id.desc()).limit(1)).one()


def mails(kind: str) -> list[str]:
    sent = sa.select(OutboxMessage.recipient).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id)
    return list(db.session.scalars(sent))


def test_the_way_to_pay_leads_to_the_request_and_still_to_the_contact_form(
    browser: Browser, people: SimpleNamespace
) -> None:
    browser.log_in(LUCIE).open("/paiement")
    assert browser.page.find("a", href=PAGE) is not None
    assert browser.page.find("a", href="/contact?objet=lcr") is not None
    assert browser.open(PAGE).page.find("a", href="/contact?objet=lcr") is not None


def test_a_shop_asks_and_its_address_on_file_is_told(browser: Browser, people: SimpleNamespace) -> None:
    ask(browser.log_in(LUCIE))
    made = mandate()
    assert (made.state, made.iban, made.masked_iban) == (MandateState.ASKED, IBAN, MASKED)
    assert browser.url == PAGE
    assert "À l'étude" in browser.text
    assert mails("lcr_asked") == [people.grand_large.email]


def test_accounting_are_told_of_a_request_and_find_it_among_what_is_to_do(
    browser: Browser, people: SimpleNamespace, new_browser
) -> None:
    ask(new_browser().log_in(LUCIE))
    assert mails("lcr_to_study") == [house().service_mailboxes["accounting"]]
    told = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == "lcr_to_study")).one()
    assert told.account_id is None
    assert f"{DESK}/mandats/{mandate().reference}" in told.body
    assert browser.log_in(INES).open("/equipe").page.find("a", href=DESK) is not None
    assert browser.log_out().log_in(MARIE).open("/equipe").page.find("a", href=DESK) is None


def test_bank_details_are_sealed_in_the_database_and_masked_on_every_screen(
    browser: Browser, people: SimpleNamespace, new_browser
) -> None:
    ask(browser.log_in(LUCIE))
    rows = db.session.execute(sa.text("SELECT iban FROM lcr_mandates")).scalars().all()
    assert not any("1234567890" in row for row in rows)
    ines = new_browser(browser.htmx).log_in(INES).open(f"{DESK}/mandats/{mandate().reference}")
    for page in (browser, ines):
        assert MASKED in page.text
        assert "12345678901" not in page.response.text.replace(" ", "")
    told = db.session.scalars(sa.select(OutboxMessage.body).where(OutboxMessage.kind == "lcr_asked")).first()
    assert MASKED in told
    assert "1234567890" not in told.replace(" ", "")


def test_accounting_read_the_whole_iban_by_an_act_that_is_kept_while_they_study(
    browser: Browser, people: SimpleNamespace
) -> None:
    made = service.ask(people.grand_large, "SARL", IBAN, people.lucie)
    db.session.commit()
    page = f"{DESK}/mandats/{made.reference}"
    browser.log_in(INES).open(page).submit(f"{page}/iban")
    assert "FR76 3000 4000 0312 3456 7890 143" in browser.text
    acts = sa.text("SELECT count(*) FROM audit_entries WHERE action = 'lcr.read_iban'")
    assert "3000 4000" not in browser.open(page).text
    browser.submit(f"{page}/accepter")
    browser.post(f"{page}/iban")
    assert browser.status == 409
    assert db.session.scalar(acts) == 1


def test_accounting_alone_opens_the_file(browser: Browser, people: SimpleNamespace, new_browser) -> None:
    ask(browser.log_in(LUCIE))
    url = f"{DESK}/rib/{db.session.scalars(sa.select(BankDetailsFile.key)).one()}"
    answer = new_browser().log_in(INES).client.get(url)
    assert (answer.data, answer.headers["Content-Disposition"]) == (
        b"%PDF-1.7 RIB",
        "attachment; filename=rib.pdf",
    )
    for email in (MARIE, HUGO, LUCIE, "root@equipe.example"):
        assert new_browser().log_in(email).client.get(url).status_code == 403


def test_sales_looking_as_the_shop_see_no_bank_details(
    browser: Browser, people: SimpleNamespace, new_browser
) -> None:
    ask(browser.log_in(LUCIE))
    page = f"/equipe/acces/comptes/104512/{people.lucie.key}"
    for email, sees in ((MARIE, False), (INES, True)):
        looking = new_browser().log_in(email).open(page).submit(f"{page}/vue").open(PAGE)
        assert (MASKED in looking.text) is sees


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"titulaire": ""}, "Saisissez le titulaire"),
        ({"titulaire": "x" * 71}, "70 caractères au plus"),
        ({"iban": ""}, "Saisissez l'IBAN"),
        ({"iban": "FR76 3000 4000 0312 3456 7890 142"}, "la clé ne correspond pas"),
        ({"iban": "FR76 3000 6000 0112 3456 7890 189"}, "Cet IBAN est le nôtre"),
        ({"iban": "FR76 3000"}, "Vérifiez la longueur"),
        ({"iban": "DE89 3704 0044 0532 0130 00"}, "commence par FR"),
        ({"accord": None}, "Cochez votre accord"),
    ],
)
def test_what_is_to_be_corrected_is_said_and_what_was_typed_is_kept(
    browser: Browser, people: SimpleNamespace, fields: dict[str, str | None], said: str
) -> None:
    ask(browser.log_in(LUCIE), **fields)
    assert browser.status == 422
    assert any(said in fault for fault in browser.faults())
    kept = {name: browser.page.find(attrs={"name": name})["value"] for name in ("titulaire", "iban")}
    typed = TYPED | fields
    assert kept["titulaire"] == typed["titulaire"]
    assert db.session.scalars(sa.select(Mandate)).all() == []


def test_a_file_that_is_none_of_those_taken_is_refused(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in(LUCIE).open(PAGE)
    browser.submit(PAGE, files={"piece": (io.BytesIO(b"MZ"), "rib.exe", "application/pdf")}, **TYPED)
    assert browser.status == 422
    assert "n'est pas accepté" in browser.text


def test_a_second_live_mandate_is_refused_and_a_new_one_comes_after_the_end_of_the_first(
    browser: Browser, people: SimpleNamespace
) -> None:
    ask(browser.log_in(LUCIE))
    first = mandate()
    browser.post(PAGE, TYPED | {"once": "another"})
    assert browser.status == 409
    assert "déjà demandée" in browser.text
    browser.open(PAGE).submit(f"{PAGE}/retirer")
    assert first.state is MandateState.ENDED
    ask(browser)
    assert mandate().id != first.id


def test_of_two_requests_at_once_one_is_kept(any_app: Flask) -> None:
    people = cast.everybody()
    shop_id, user_id = people.grand_large.id, people.lucie.id

    refused = []

    def one() -> None:
        shop, by = db.session.get_one(Account, shop_id), db.session.get_one(User, user_id)
        try:
            service.ask(shop, "SARL", IBAN, by)
            db.session.commit()
        except service.AlreadyAsked as refusal:
            refused.append(refusal)

    in_threads(any_app, one)
    assert len(refused) == 3
    assert len(db.session.scalars(sa.select(Mandate)).all()) == 1


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (["accepter"], MandateState.ACTIVE),
        (["refuser"], MandateState.REFUSED),
        (["accepter", "suspendre"], MandateState.SUSPENDED),
        (["accepter", "suspendre", "reprendre"], MandateState.ACTIVE),
        (["accepter", "terminer"], MandateState.ENDED),
        (["accepter", "suspendre", "terminer"], MandateState.ENDED),
    ],
)
def test_accounting_decide_and_the_shop_is_told_each_time(
    browser: Browser, people: SimpleNamespace, new_browser, steps: list[str], state: MandateState
) -> None:
    ask(new_browser().log_in(LUCIE))
    page = f"{DESK}/mandats/{mandate().reference}"
    browser.log_in(INES).open(DESK).open(page)
    for step in steps:
        fields = {"motif": "Le RIB est illisible."} if step in ("refuser", "suspendre") else {}
        browser.submit(f"{page}/{step}", **fields)
    assert mandate().state is state
    assert len(mails("lcr_decided")) == len(steps)
    said = new_browser().log_in(LUCIE).open(PAGE).text
    assert ("Le RIB est illisible." in said) is (steps[-1] in ("refuser", "suspendre"))


def test_a_refusal_says_why(browser: Browser, people: SimpleNamespace, new_browser) -> None:
    ask(new_browser().log_in(LUCIE))
    page = f"{DESK}/mandats/{mandate().reference}"
    browser.log_in(INES).open(page).submit(f"{page}/refuser", motif=" ")
    assert browser.status == 422
    assert "Écrivez à la librairie pourquoi" in browser.text
    assert mandate().state is MandateState.ASKED


def test_what_the_table_does_not_foresee_is_refused_with_the_state_it_is_in(
    browser: Browser, people: SimpleNamespace
) -> None:
    made = service.ask(people.grand_large, "SARL", IBAN, people.lucie)
    db.session.commit()
    browser.log_in(INES).open(f"{DESK}/mandats/{made.reference}")
    browser.post(f"{DESK}/mandats/{made.reference}/reprendre")
    assert browser.status == 409
    assert "« À l'étude »" in browser.text


def test_accounting_find_again_what_was_refused_taken_back_or_ended(
    browser: Browser, people: SimpleNamespace
) -> None:
    """The latest first: a bill may be disputed for thirteen months after a mandate is over."""
    ways = {
        "Terminée": (Action.ACCEPT, Action.END),
        "Demande retirée": (Action.WITHDRAW,),
        "Refusée": (Action.REFUSE,),
    }
    for actions in ways.values():
        clock.start_at(clock.now() + dt.timedelta(hours=1))
        made = service.ask(people.grand_large, "SARL", IBAN, people.lucie)
        for action in actions:
            service.act(made, action, people.ines)
    asked = service.ask(people.grand_large, "SARL", IBAN, people.lucie)
    db.session.commit()
    browser.log_in(INES).open(DESK)
    browser.open(browser.page.find("a", string="Refusées et terminées")["href"])
    assert [cell.text.strip() for cell in browser.page.select("td[data-l='État']")] == [*reversed(ways)]
    assert asked.reference not in browser.text
    browser.open(browser.page.select("main tbody th a")[-1]["href"])
    assert "Terminée" in browser.text


def test_a_mandate_on_our_own_account_is_not_accepted(browser: Browser, people: SimpleNamespace) -> None:
    made = service.ask(people.grand_large, "SARL", house().iban, people.lucie)
    db.session.commit()
    page = f"{DESK}/mandats/{made.reference}"
    browser.log_in(INES).open(page).submit(f"{page}/accepter")
    assert browser.status == 409
    assert "Cet IBAN est le nôtre" in browser.text
    assert mandate().state is MandateState.ASKED


@pytest.mark.parametrize("state", MandateState)
def test_each_act_does_what_the_table_says_and_no_other(
    app: Flask, people: SimpleNamespace, state: MandateState
) -> None:
    for action in Action:
        made = service.ask(people.grand_large, "SARL", IBAN, people.lucie)
        made.state = state
        db.session.flush()
        target = TRANSITIONS[state].get(action)
        if target:
            service.act(made, action, people.ines)
            assert made.state is target
        else:
            with pytest.raises(service.NotInThisState):
                service.act(made, action, people.ines)
        db.session.rollback()


def test_the_shop_withdraws_and_a_second_time_there_is_none(
    browser: Browser, people: SimpleNamespace
) -> None:
    ask(browser.log_in(LUCIE)).submit(f"{PAGE}/retirer")
    assert mandate().state is MandateState.ENDED
    assert "Demande retirée" in browser.open(PAGE).text
    assert "ne sont plus réglées" not in browser.text
    told = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == "lcr_decided")).one()
    assert "demande retirée" in told.subject
    assert "ne sont plus réglées" not in told.body
    assert browser.post(f"{PAGE}/retirer").status == 404


def test_who_may_not_read_documents_asks_nothing_and_another_shop_sees_nothing(
    browser: Browser, people: SimpleNamespace, new_browser
) -> None:
    ask(new_browser().log_in(LUCIE))
    assert browser.log_in(KARIM).open(PAGE).status == 403
    assert MASKED not in browser.log_out().log_in(PAUL).open(PAGE).text


@pytest.mark.parametrize("email", [MARIE, HUGO, "root@equipe.example"])
def test_no_other_service_opens_the_desk(browser: Browser, people: SimpleNamespace, email: str) -> None:
    made = service.ask(people.grand_large, "SARL", IBAN, people.lucie)
    db.session.commit()
    browser.log_in(email)
    assert browser.open(DESK).status == 403
    assert browser.open(f"{DESK}/mandats/{made.reference}").status == 403


def test_bank_details_are_forgotten_thirteen_months_after_the_end(
    app: Flask, people: SimpleNamespace
) -> None:
    live = service.ask(people.quais, "SARL", IBAN, people.paul)
    over = service.ask(people.grand_large, "SARL", IBAN, people.lucie)
    over.files = [BankDetailsFile(name="rib.pdf", media_type="application/pdf", size=1, content=b"x")]
    service.act(over, Action.REFUSE, people.ines, "Illisible.")
    db.session.commit()
    clock.start_at(cast.MONDAY + KEPT_FOR - dt.timedelta(days=1))
    service.forget_old()
    db.session.expire_all()
    assert over.iban == IBAN
    clock.start_at(cast.MONDAY + KEPT_FOR + dt.timedelta(days=1))
    service.forget_old()
    db.session.expire_all()
    assert (over.iban, over.files, live.iban) == (None, [], IBAN)

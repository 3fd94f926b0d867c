"""What accounting say of an announced payment: it has come, and which cheque it is; or it never did."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harmattan.billing.models import Payment
from harmattan.core import audit
from harmattan.core.extensions import db
from harmattan.outbox.models import OutboxMessage
from harmattan.payments import online, service, signing
from harmattan.payments.models import PaymentOrder
from harmattan.payments.rules import Action, Means, Status
from harmattan.reminders import lookups as reminders
from tests import cast
from tests.browser import Browser

DESK = "/equipe/comptabilite/reglements"
INES, LUCIE = "ines@equipe.example", "lucie@grandlarge.example"

NO_NUMBER = "Saisissez le numéro du chèque, en chiffres, par exemple 4512007"
NO_BANK = "Saisissez la banque du chèque"

Announce = Callable[[Means], PaymentOrder]


@pytest.fixture
def papers(people: SimpleNamespace) -> SimpleNamespace:
    return cast.documents(people, cast.titles())


@pytest.fixture
def announced(people: SimpleNamespace, papers: SimpleNamespace) -> Announce:
    def announce(means: Means) -> PaymentOrder:
        order = service.announce(people.grand_large, [papers.f4], means, people.lucie)
        db.session.commit()
        return order

    return announce


def desk(browser: Browser) -> Browser:
    return browser.log_in(INES).open(DESK)


def typed(order: PaymentOrder, **fields: str) -> dict[str, str]:
    return {f"{order.reference}-{name}": value for name, value in fields.items()}


def value(browser: Browser, order: PaymentOrder, name: str) -> str:
    field = browser.page.find(id=f"{order.reference}-{name}")
    assert field is not None
    return str(field.get("value") or field.get_text()).strip()


def paid(order: PaymentOrder) -> Payment | None:
    db.session.expire_all()
    its = sa.select(Payment).where(Payment.label == order.label)
    return db.session.scalars(its.order_by(Payment.id.desc())).first()


def test_a_cheque_is_noted_with_its_number_and_its_bank(browser: Browser, announced: Announce) -> None:
    order = announced(Means.CHEQUE)
    desk(browser).submit(
        f"{DESK}/{order.reference}/recu", **typed(order, cheque=" 4512007 ", banque="Banque de Bretagne")
    )
    assert "est enregistré sous le numéro" in browser.text
    payment = paid(order)
    assert payment is not None
    assert (payment.cheque_number, payment.cheque_bank) == ("4512007", "Banque de Bretagne")
    assert order.status is Status.BOOKED


@pytest.mark.parametrize(
    ("number", "bank", "faults"),
    [
        ("", "", [NO_NUMBER, NO_BANK]),
        ("n° 12", "Banque", [NO_NUMBER]),
        ("4512007", "  ", [NO_BANK]),
        ("4512007", "B" * 61, ["Raccourcissez ce texte : 60 caractères au plus"]),
    ],
)  # fmt: skip
def test_what_does_not_tell_the_cheque_is_asked_again_and_kept(
    browser: Browser, announced: Announce, number: str, bank: str, faults: list[str]
) -> None:
    other, order = announced(Means.CHEQUE), announced(Means.CHEQUE)
    desk(browser).submit(f"{DESK}/{order.reference}/recu", **typed(order, cheque=number, banque=bank))
    assert browser.status == 422
    assert browser.faults() == faults
    assert value(browser, order, "cheque") == number
    assert value(browser, order, "banque") == bank.strip()
    assert value(browser, other, "cheque") == ""
    assert paid(order) is None


def test_a_transfer_is_noted_without_being_asked_for_anything(browser: Browser, announced: Announce) -> None:
    order = announced(Means.TRANSFER)
    desk(browser).submit(f"{DESK}/{order.reference}/recu")
    payment = paid(order)
    assert payment is not None
    assert payment.cheque_number == ""


def test_what_was_typed_on_a_later_page_stays_in_sight(
    browser: Browser, announced: Announce, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harmattan.payments.lookups.A_PAGE", 1)
    announced(Means.CHEQUE)
    order = announced(Means.CHEQUE)
    desk(browser).open(f"{DESK}?page=2")
    browser.submit(f"{DESK}/{order.reference}/recu", **typed(order, cheque="12", banque=""))
    assert value(browser, order, "cheque") == "12"


def test_what_was_typed_before_the_session_was_lost_is_given_back(
    browser: Browser, announced: Announce, new_browser: Callable[[bool], Browser]
) -> None:
    first, order = announced(Means.CHEQUE), announced(Means.CHEQUE)
    desk(browser)
    browser.client.delete_cookie("session")
    browser.submit(f"{DESK}/{order.reference}/recu", **typed(order, cheque="4512007", banque="Banque"))
    browser.log_in(INES).open(DESK)
    assert value(browser, order, "cheque") == "4512007"
    assert value(browser, first, "cheque") == ""
    assert paid(order) is None


# it never came


@pytest.mark.parametrize("means", list(Means))
def test_what_never_came_is_no_longer_awaited_and_the_shop_reads_why(
    browser: Browser, announced: Announce, means: Means
) -> None:
    order = announced(means)
    desk(browser).submit(
        f"{DESK}/{order.reference}/annuler", **typed(order, motif="Rien n’est arrivé en un mois.")
    )
    assert "n'est plus attendu, et la librairie est prévenue." in browser.text
    db.session.expire_all()
    assert order.status is Status.WITHDRAWN
    event = order.events[-1]
    assert (event.actor, event.action, event.text) == (
        "Inès Caron", Action.WITHDRAW, "Rien n’est arrivé en un mois.",
    )  # fmt: skip
    entry = audit.latest(order.account_id, 1)[0]
    assert (entry.action, entry.actor) == ("payments.withdraw", "Inès Caron")
    mail = db.session.scalars(sa.select(OutboxMessage).filter_by(kind="payment_given_up")).one()
    assert mail.recipient == order.account.email
    assert "Rien n’est arrivé en un mois." in mail.body
    assert order.documents[0] in mail.body
    browser.log_out().log_in(LUCIE).open(f"/paiement/{order.reference}")
    assert "Rien n'est arrivé en un mois." in browser.text


def test_it_is_found_again_among_those_withdrawn(browser: Browser, announced: Announce) -> None:
    order = announced(Means.TRANSFER)
    desk(browser).submit(f"{DESK}/{order.reference}/annuler", **typed(order, motif="Rien."))
    assert order.reference in browser.open(f"{DESK}?etat=annules").text


@pytest.mark.parametrize(
    ("reason", "fault"),
    [
        ("", "Écrivez à la librairie pourquoi, par exemple « rien n'est arrivé »"),
        ("x" * 301, "Raccourcissez ce texte : 300 caractères au plus"),
    ],
)
def test_the_shop_is_owed_a_reason(browser: Browser, announced: Announce, reason: str, fault: str) -> None:
    order = announced(Means.CHEQUE)
    desk(browser).submit(f"{DESK}/{order.reference}/annuler", **typed(order, motif=reason))
    assert (browser.status, browser.faults()) == (422, [fault])
    assert value(browser, order, "motif") == reason
    db.session.expire_all()
    assert order.status is Status.AWAITED


def test_what_was_received_meanwhile_is_not_withdrawn(
    browser: Browser, announced: Announce, people: SimpleNamespace
) -> None:
    order = announced(Means.TRANSFER)
    desk(browser)
    service.receive(order, order.amount_cents, people.ines.name)
    db.session.commit()
    browser.submit(f"{DESK}/{order.reference}/annuler", **typed(order, motif="Rien n’est arrivé."))
    assert browser.status == 409
    db.session.expire_all()
    assert order.status is Status.BOOKED
    assert db.session.scalars(sa.select(OutboxMessage).filter_by(kind="payment_given_up")).all() == []


def test_reminders_are_held_back_no_longer(people: SimpleNamespace, announced: Announce) -> None:
    order = announced(Means.ONLINE)
    assert reminders.declared(people.grand_large.id) != {}
    service.give_up(order, "La page de paiement a été quittée.", people.ines.name)
    assert reminders.declared(people.grand_large.id) == {}


def test_a_payment_online_that_is_told_late_is_booked_all_the_same(
    app, people: SimpleNamespace, announced: Announce
) -> None:
    app.config["PAYMENT_SECRET"] = "shared-with-the-payment-page"
    order = announced(Means.ONLINE)
    service.give_up(order, "La page de paiement a été quittée.", people.ines.name)
    fields = {
        "reference": order.reference,
        "transaction": "T1",
        "resultat": online.PAID,
        "montant": str(order.amount_cents),
        "devise": "EUR",
        "documents": ",".join(order.documents),
    }
    assert online.take(signing.signed(fields, online.secret()))
    assert order.status is Status.BOOKED
    assert paid(order) is not None


def test_what_the_shop_takes_back_itself_needs_no_reason(
    people: SimpleNamespace, announced: Announce
) -> None:
    order = announced(Means.CHEQUE)
    service.act(order, Action.WITHDRAW, people.lucie.name)
    assert order.why_given_up == ""

"""Files on the pages, files with the mails, and an order that comes in as a message (issue 6 point 9)."""

import io
from types import SimpleNamespace

import sqlalchemy as sa

from harmattan.cart.models import CartLine
from harmattan.core.extensions import db
from harmattan.exchanges import files
from harmattan.exchanges.models import ExchangeChoice
from harmattan.exchanges.rules import Format, Kind
from harmattan.lists.models import OrderList
from harmattan.orders import placing
from harmattan.outbox import attachments
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser

KARIM, ANNE = "karim@grandlarge.example", "anne@grandlarge.example"
LIST, CHOICES = "/panier/liste", "/compte/echanges"


def send(browser: Browser, content: bytes, name: str = "commande.edi") -> Browser:
    return browser.open(LIST).submit(LIST, files={"fichier": (io.BytesIO(content), name)})


def lists() -> list[OrderList]:
    return list(db.session.scalars(sa.select(OrderList)))


def test_the_pages_lead_to_their_files(browser: Browser, trade: SimpleNamespace) -> None:
    browser.log_in(ANNE)
    order, note = trade.order.reference, trade.shipment.reference
    page = browser.open(f"/commandes/{order}")
    assert page.page.find("a", href=f"/echanges/commandes/{order}.edi")
    assert page.page.find("a", href=f"/echanges/commandes/{order}/reponse.edi")
    assert page.page.find("a", href=f"/echanges/bons/{note}.edi")
    assert page.page.find("a", href=f"/echanges/commandes/{order}.txt")
    number = trade.documents.f4.number
    assert browser.open(f"/documents/{number}").page.find("a", href=f"/echanges/documents/{number}.edi")


def test_a_file_is_saved_under_a_name_that_says_what_it_is(browser: Browser, trade: SimpleNamespace) -> None:
    browser.log_in(KARIM)
    answer = browser.client.get(f"/echanges/commandes/{trade.order.reference}.edi")
    assert answer.mimetype == "application/EDIFACT"
    assert f"{trade.order.reference}-ORDERS.edi" in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"UNA:+.? 'UNB+UNOC:3+")


def test_without_a_gln_the_flat_file_is_not_offered(browser: Browser, trade: SimpleNamespace) -> None:
    trade.grand_large.gln = ""
    db.session.commit()
    address = f"/echanges/commandes/{trade.order.reference}.txt"
    browser.log_in(ANNE)
    assert not browser.open(f"/commandes/{trade.order.reference}").page.find("a", href=address)
    assert browser.open(address).status == 404
    assert not browser.open(CHOICES).page.find("input", value="txt")


def test_an_order_that_sales_have_not_answered_has_no_answer(
    browser: Browser, trade: SimpleNamespace
) -> None:
    recorded = cast.order(trade.karim, (trade.t1, 1), number=7).reference
    db.session.commit()
    browser.log_in(KARIM)
    assert browser.open(f"/echanges/commandes/{recorded}/reponse.edi").status == 404
    assert "ORDRSP" not in browser.open(f"/commandes/{recorded}").text


def test_an_order_message_becomes_a_list_under_review_and_then_the_cart(
    browser: Browser, trade: SimpleNamespace
) -> None:
    send(browser.log_in(KARIM), files.content(Kind.ORDER, trade.order, Format.EDIFACT))
    assert "Commande EDI n° Salon d'été ?, 3 lignes, complète." in browser.text
    assert "Pas de livraison avant le : 27 novembre 2026, à indiquer dans le panier." in browser.text
    assert "sonner + attendre" in browser.text
    assert db.session.scalars(sa.select(CartLine)).all() == []
    browser.submit(browser.url.partition("?")[0], "ajouter")
    copies = {line.title.isbn: line.quantity for line in db.session.scalars(sa.select(CartLine))}
    assert copies == {trade.t1.isbn: 12, trade.t2.isbn: 5, trade.t4.isbn: 2}


def test_the_same_interchange_is_taken_once(browser: Browser, trade: SimpleNamespace) -> None:
    content = files.content(Kind.ORDER, trade.order, Format.EDIFACT)
    send(browser.log_in(KARIM), content)
    send(browser, content)
    assert browser.status == 409
    assert "a déjà été reçue" in browser.text
    renumbered = content.replace(b"BGM+220+Salon", b"BGM+220+Autre")
    assert renumbered != content
    assert send(browser, renumbered).status == 409
    assert len(lists()) == 1


def test_wrong_counts_and_another_shops_order_are_refused_with_their_reason(
    browser: Browser, trade: SimpleNamespace
) -> None:
    content = files.content(Kind.ORDER, trade.order, Format.EDIFACT)
    browser.log_in(KARIM)
    for changed, reason in (
        (content.replace(b"UNZ+1+", b"UNZ+3+"), "UNZ annonce 3, lu 1 message(s)"),
        (content.replace(b"CNT+2:3", b"CNT+2:4"), "CNT annonce 4 ligne(s), lu 3 segment(s) LIN"),
        (
            content.replace(b"NAD+BY+3025000002004", b"NAD+BY+3025000001014"),
            "n'est pas celui de votre compte",
        ),
        (content.replace(b"+9'DTM", b"+1'DTM"), "annule une commande"),
        (files.content(Kind.RESPONSE, trade.order, Format.EDIFACT), "un seul message ORDERS"),
        (content[:-30], "EDIFACT complet"),
    ):
        assert send(browser, changed).status == 422
        assert reason in browser.faults()[0]
    assert lists() == []


def test_an_account_chooses_the_files_that_come_with_its_mails(
    browser: Browser, trade: SimpleNamespace
) -> None:
    browser.log_in(ANNE).open(CHOICES)
    assert browser.page.find("input", value="txt")
    browser.submit(CHOICES, "enregistrer", order="edi", shipment="csv", response="", document="edi")
    assert "Vos choix sont enregistrés" in browser.text
    kept = {row.kind: row.form for row in db.session.scalars(sa.select(ExchangeChoice))}
    assert kept == {Kind.ORDER: Format.EDIFACT, Kind.SHIPMENT: Format.CSV, Kind.DOCUMENT: Format.EDIFACT}
    browser.open(CHOICES).submit(CHOICES, "enregistrer", order="", shipment="", document="")
    assert db.session.scalars(sa.select(ExchangeChoice)).all() == []


def test_the_mail_carries_the_file_that_was_chosen(trade: SimpleNamespace) -> None:
    db.session.add(ExchangeChoice(account_id=trade.grand_large.id, kind=Kind.ORDER, form=Format.EDIFACT))
    db.session.flush()
    placing.confirm(trade.order, trade.karim)
    db.session.commit()
    mail = db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert mail is not None
    (found,) = attachments.read(mail.attachments)
    assert found.name == f"{trade.order.reference}-ORDERS.edi"
    assert found.content[:200] == files.content(Kind.ORDER, trade.order, Format.EDIFACT)[:200]


def test_another_shop_gets_nothing_with_its_mails(trade: SimpleNamespace) -> None:
    db.session.add(ExchangeChoice(account_id=trade.quais.id, kind=Kind.ORDER, form=Format.CSV))
    db.session.flush()
    assert files.along("order_recorded", trade.grand_large.id, [], {"order": trade.order}) == []
    assert len(files.along("order_recorded", trade.quais.id, [], {"order": trade.order})) == 1

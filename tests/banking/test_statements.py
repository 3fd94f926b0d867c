"""Statements sent, reviewed and booked, plain and with HTMX, each movement once on both databases (R82)."""

import datetime as dt
import io
import threading
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.access.models import User
from harmattan.banking import service, suggesting
from harmattan.banking.models import BankFile, BankLine
from harmattan.banking.rules import LineState, Verdict
from harmattan.billing.models import Allocation, Document, Means, Payment
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.payments import service as payments
from harmattan.payments.rules import Means as Announced
from harmattan.payments.rules import Status
from tests import cast
from tests.browser import Browser
from tests.configuration import answer_otherwise
from tests.core.test_database import in_threads

INES, HUGO, MARIE, LUCIE = (
    *("ines@equipe.example", "hugo@equipe.example", "marie@equipe.example"),
    "lucie@grandlarge.example",
)
PAGE = "/equipe/comptabilite/banque"
HEADER = "Date;Libellé;Montant;Référence\n"


@pytest.fixture
def papers(people: SimpleNamespace) -> SimpleNamespace:
    """The journeys' documents: F4 (111,37) and A1 (48,00) of the Grand Large, F9 (32,01) of the Quais."""
    return cast.documents(people, cast.titles())


@pytest.fixture
def ines(browser: Browser, papers: SimpleNamespace) -> Browser:
    return browser.log_in(INES).open(PAGE)


def movement(label: str, amount: str, reference: str = "", day: str = "20/11/2026") -> str:
    return f"{day};{label};{amount};{reference}\n"


def send(ines: Browser, *movements: str, name: str = "releve.csv", header: str = HEADER) -> Browser:
    data = (header + "".join(movements)).encode("cp1252")
    return ines.open(PAGE).submit(PAGE, files={"fichier": (io.BytesIO(data), name)})


def kept(*movements: str, by: User) -> BankFile:
    """A statement as `send` brings it, without a browser."""
    data = (HEADER + "".join(movements)).encode()
    file = service.keep("releve.csv", data, service.read("releve.csv", data), by)
    db.session.commit()
    return file


def lines() -> list[BankLine]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(BankLine).order_by(BankLine.id)))


def booked() -> list[Payment]:
    """Payments that came by the bank's statement."""
    db.session.expire_all()
    ids = sa.select(BankLine.payment_id)
    return list(db.session.scalars(sa.select(Payment).where(Payment.id.in_(ids)).order_by(Payment.id)))


def act(line: BankLine, name: str) -> str:
    return f"{PAGE}/{line.file.reference}/lignes/{line.id}/{name}"


def verdicts(*movements: str, by: User) -> list[tuple[Verdict, str]]:
    found = kept(*movements, by=by).lines
    proposed = suggesting.suggested(found)
    return [
        (its.verdict, its.account.number if its.account else "")
        for its in (proposed[line.id] for line in found)
    ]


# what is proposed


def test_numbers_and_the_exact_amount_are_sure_whatever_the_bank_did_to_the_hyphens(
    people: SimpleNamespace, papers: SimpleNamespace
) -> None:
    f4, a1 = papers.f4.number, papers.a1.number
    plain = f4.replace("-", "")
    assert verdicts(
        movement(f"VIR LE GRAND LARGE {plain}", "111,37"),
        movement("VIR SEPA", "63,37", f"{f4} / {a1.replace('-', ' ')}"),
        movement(f"VIR {f4}", "111,36"),
        movement(f"VIR {f4} {papers.f9.number}", "200,00"),
        by=people.ines,
    ) == [
        (Verdict.SURE, "104512"),
        (Verdict.SURE, "104512"),
        (Verdict.DOUBTFUL, "104512"),
        (Verdict.UNKNOWN, ""),
    ]


def test_an_account_number_or_an_amount_that_only_one_account_owes_is_to_be_checked(
    people: SimpleNamespace, papers: SimpleNamespace
) -> None:
    f9 = f"{papers.f9.open_cents / 100:.2f}".replace(".", ",")
    assert verdicts(
        movement("VIR COMPTE 104512", "500,00"),
        movement("VIR LIBRAIRIE DES QUAIS", f9),
        movement("VIR ANONYME", "7,77"),
        movement("VIR 1045123", "7,78"),
        by=people.ines,
    ) == [
        (Verdict.DOUBTFUL, "104512"),
        (Verdict.DOUBTFUL, papers.f9.account.number),
        (Verdict.UNKNOWN, ""),
        (Verdict.UNKNOWN, ""),
    ]


def test_an_amount_that_two_accounts_owe_names_neither(
    people: SimpleNamespace, papers: SimpleNamespace
) -> None:
    titles = SimpleNamespace(t1=db.session.get_one(cast.Title, 1))
    ours, theirs = (cast.invoice(shop, (titles.t1, 3)) for shop in (people.grand_large, people.quais))
    theirs.open_cents = ours.open_cents
    amount = f"{ours.open_cents / 100:.2f}".replace(".", ",")
    assert verdicts(movement("VIR", amount), by=people.ines) == [(Verdict.UNKNOWN, "")]


@pytest.mark.parametrize("named", ["its reference", "its documents", "its amount"])
def test_an_announced_payment_is_found_and_closed(
    people: SimpleNamespace, papers: SimpleNamespace, named: str
) -> None:
    order = payments.announce(people.grand_large, [papers.f4, papers.a1], Announced.TRANSFER, people.lucie)
    label = {"its reference": order.reference.replace("-", ""), "its documents": order.label}.get(
        named, "VIR"
    )
    (line,) = kept(movement(label, "63,37"), by=people.ines).lines
    its = suggesting.suggested([line])[line.id]
    assert its.order == order
    assert its.verdict is (Verdict.DOUBTFUL if named == "its amount" else Verdict.SURE)
    payment = service.confirm(line, people.ines, its.mark)
    db.session.commit()
    assert (order.status, payment.received_on, payment.means) == (
        *(Status.BOOKED, dt.date(2026, 11, 20)),
        Means.TRANSFER,
    )
    for row in (papers.f4, papers.a1, payment):
        db.session.refresh(row)
        assert row.open_cents == 0


def test_an_announced_payment_of_other_documents_is_not_closed_by_its_amount(
    people: SimpleNamespace, papers: SimpleNamespace
) -> None:
    payments.announce(people.grand_large, [papers.f4], Announced.CHEQUE, people.lucie)
    (line,) = kept(movement(f"VIR {papers.f3.number}", "111,37"), by=people.ines).lines
    assert suggesting.suggested([line])[line.id].order is None


def test_an_announced_payment_of_which_the_invoice_was_settled_meanwhile_is_to_be_checked(
    people: SimpleNamespace, papers: SimpleNamespace
) -> None:
    order = payments.announce(people.grand_large, [papers.f4], Announced.TRANSFER, people.lucie)
    cast.pay(papers.f4, dt.date(2026, 11, 20))
    (line,) = kept(movement(f"{order.reference} {papers.f4.number}", "111,37"), by=people.ines).lines
    its = suggesting.suggested([line])[line.id]
    assert (its.verdict, its.order) == (Verdict.DOUBTFUL, order)
    service.confirm(line, people.ines, its.mark)
    assert order.status is Status.TO_CHECK


def test_what_is_presented_as_a_bill_of_exchange_is_never_sure(
    people: SimpleNamespace, papers: SimpleNamespace, app: Flask
) -> None:
    number = papers.f4.number
    (line,) = kept(movement(f"VIR {number}", "111,37"), by=people.ines).lines
    taken = sa.select(Document.id).where(Document.number == number)
    answer_otherwise(app, "lcr.taken_everywhere", lambda: taken)
    its = suggesting.suggested([line])[line.id]
    assert (its.verdict, its.by_lcr) == (Verdict.DOUBTFUL, (number,))


# sent, left, found again


def test_a_statement_is_kept_reviewed_and_booked_line_by_line(ines: Browser, papers: SimpleNamespace) -> None:
    send(ines, movement(f"VIR {papers.f4.number}", "111,37"), movement("PRLV EDF", "-80,00"))
    assert ines.url.startswith(f"{PAGE}/BQ-2026-")
    assert "1 débit n'est pas un règlement" in ines.text
    file = db.session.scalars(sa.select(BankFile)).one()
    assert (file.received_by, file.line_count, len(file.sha256)) == ("Inès Caron", 2, 64)
    assert booked() == []
    assert "1 ligne" in ines.open(PAGE).text
    credit, debit = lines()
    assert debit.state is LineState.DEBIT
    ines.open(f"{PAGE}/{file.reference}").submit(act(credit, "confirmer"))
    (payment,) = booked()
    assert (payment.label, payment.amount_cents, payment.open_cents) == (f"VIR {papers.f4.number}", 11137, 0)
    assert payment.received_on == dt.date(2026, 11, 20)
    assert payment.reference in ines.text
    assert "Toutes les lignes sont traitées" in ines.text
    assert payment.reference in ines.open(f"{PAGE}/{file.reference}?etat=enregistrees").text
    assert "PRLV EDF" in ines.open(f"{PAGE}/{file.reference}?etat=debits").text


def test_all_the_sure_lines_are_booked_at_once_and_no_other(ines: Browser, papers: SimpleNamespace) -> None:
    amount = f"{papers.f9.open_cents / 100:.2f}".replace(".", ",")
    send(
        ines,
        movement(f"VIR {papers.f4.number}", "111,37"),
        movement(f"VIR {papers.f9.number}", amount),
        movement("VIR COMPTE 104512", "5,00"),
    )
    ines.submit(f"{ines.url}/sures")
    assert "2 lignes enregistrées" in ines.text
    assert [each.state for each in lines()] == [LineState.BOOKED, LineState.BOOKED, LineState.WAITING]


def test_an_invoice_paid_twice_is_booked_once_as_sure_and_the_other_is_left_to_read(
    ines: Browser, papers: SimpleNamespace
) -> None:
    send(ines, *[movement(f"VIR {papers.f4.number}", "111,37")] * 2)
    ines.submit(f"{ines.url}/sures")
    assert "1 ligne enregistrée. 1 à relire" in ines.text
    assert len(booked()) == 1


def test_another_account_is_chosen_and_proposed_anew(ines: Browser, papers: SimpleNamespace) -> None:
    send(ines, movement("VIR ANONYME", "20,00"))
    (line,) = lines()
    assert f'action="{act(line, "confirmer")}"' not in str(ines.page)
    ines.submit(act(line, "compte"), compte="quais")
    assert "choisi par Inès Caron" in ines.text
    ines.submit(act(line, "confirmer"))
    (payment,) = booked()
    assert payment.account_id == papers.f9.account_id
    assert payment.open_cents == 0


def test_a_line_is_set_aside_with_a_reason_and_taken_up_again(ines: Browser) -> None:
    send(ines, movement("REMB ASSURANCE", "80,00"))
    (line,) = lines()
    ines.submit(act(line, "ecarter"), motif="Remboursement d’assurance")
    here = f"{PAGE}/{line.file.reference}?etat=de-cote"
    assert "Remboursement d'assurance" in ines.open(here).text
    ines.submit(act(line, "reprendre"))
    assert lines()[0].state is LineState.WAITING


@pytest.mark.parametrize(
    ("name", "field", "typed", "said"),
    [
        ("compte", "compte", "", "Saisissez le numéro du compte"),
        ("compte", "compte", "999999", "Aucun compte, ou plusieurs, pour « 999999 »"),
        ("compte", "compte", "librairie", "Aucun compte, ou plusieurs"),
        ("ecarter", "motif", " ", "Dites pourquoi"),
        ("ecarter", "motif", "x" * 121, "120 caractères au plus"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    ines: Browser, name: str, field: str, typed: str, said: str
) -> None:
    send(ines, movement("VIR ANONYME", "20,00"))
    (line,) = lines()
    ines.submit(act(line, name), **{field: typed})
    assert ines.status == 422
    assert said in ines.text
    assert ines.page.find(id=f"{field}-{line.id}-e") is not None
    assert lines()[0].state is LineState.WAITING


# refused


@pytest.mark.parametrize(
    ("movements", "name", "said"),
    [
        ((movement("VIR", "cent"),), "releve.csv", "Ligne 2, colonne 3 (Montant) : « cent »"),
        (
            (movement("VIR", "1,00"), movement("VIR", "1,00", day="31/02/2026")),
            "releve.csv",
            "Ligne 3, colonne 1",
        ),
        ((), "releve.csv", "aucune ligne"),
        ((movement("VIR", "1,00"),), "releve.xlsx", "au format CSV"),
        ((movement("VIR\x00\x01", "1,00"),), "releve.csv", "n'est pas du texte"),
        (("x" * (5 * 1024 * 1024),), "releve.csv", "5 Mo au plus"),
    ],
)
def test_a_file_of_the_wrong_shape_is_refused_whole_with_the_line_and_the_column(
    ines: Browser, movements: tuple[str, ...], name: str, said: str
) -> None:
    send(ines, *movements, name=name)
    assert ines.status == 422
    assert said in ines.text
    assert lines() == []
    assert db.session.scalars(sa.select(BankFile)).all() == []


def test_no_file_is_asked_for(ines: Browser) -> None:
    ines.submit(PAGE)
    assert (ines.status, "Choisissez le fichier" in ines.text) == (422, True)


def test_the_same_file_is_refused_with_a_way_to_the_first(ines: Browser) -> None:
    for _ in range(2):
        send(ines, movement("VIR", "1,00"))
    assert ines.status == 409
    assert "a été envoyé le" in ines.text
    assert ines.page.find("a", href=f"{PAGE}/{lines()[0].file.reference}") is not None
    assert len(lines()) == 1


def test_a_movement_that_an_earlier_file_brought_comes_once(ines: Browser) -> None:
    send(ines, movement("VIR A", "1,00"), movement("VIR A", "1,00"))
    send(ines, movement("VIR A", "1,00"), movement("VIR A", "1,00"), movement("VIR B", "2,00"))
    assert "dont 2 déjà reçues dans un autre relevé" in ines.text
    assert [each.label for each in lines()] == ["VIR A", "VIR A", "VIR B"]


def test_what_was_settled_meanwhile_is_proposed_anew_and_not_booked(
    ines: Browser, papers: SimpleNamespace
) -> None:
    send(ines, movement(f"VIR {papers.f4.number}", "111,37"))
    cast.pay(papers.f4, dt.date(2026, 11, 21))
    db.session.commit()
    ines.submit(act(lines()[0], "confirmer"))
    assert ines.status == 409
    assert "a changé entre-temps" in ines.text
    assert booked() == []


def test_a_line_pressed_twice_is_booked_once(ines: Browser, papers: SimpleNamespace) -> None:
    send(ines, movement(f"VIR {papers.f4.number}", "111,37"))
    (line,) = lines()
    sent = {"vu": str(ines.form(act(line, "confirmer")).find(attrs={"name": "vu"})["value"])}
    ines.post(act(line, "confirmer"), sent)
    ines.post(act(line, "confirmer"), sent)
    assert ines.status == 409
    assert "enregistrées, par Inès Caron" in ines.text
    assert len(booked()) == 1
    for name, typed in (
        ("compte", {"compte": "104733"}),
        ("ecarter", {"motif": "Erreur"}),
        ("reprendre", {}),
    ):
        assert ines.open(PAGE).post(act(line, name), typed).status == 409


def test_a_line_of_another_statement_and_an_unknown_statement_are_404(ines: Browser) -> None:
    send(ines, movement("VIR A", "1,00"))
    send(ines, movement("VIR B", "2,00"))
    first, second = lines()
    swapped = f"{PAGE}/{first.file.reference}/lignes/{second.id}/confirmer"
    assert ines.post(swapped, vu="").status == 404
    assert ines.open(f"{PAGE}/BQ-2026-999999").status == 404


@pytest.mark.parametrize("who", [HUGO, MARIE, LUCIE])
def test_no_other_service_opens_the_statements(browser: Browser, people: SimpleNamespace, who: str) -> None:
    file = kept(movement("VIR", "1,00"), by=people.ines)
    browser.log_in(who)
    for address in (PAGE, f"{PAGE}/{file.reference}"):
        assert browser.open(address).status == 403
    assert browser.post(f"{PAGE}/{file.reference}/sures").status == 403
    assert browser.post(act(lines()[0], "confirmer")).status == 403


# at once, on both databases


@pytest.fixture
def shop(any_app: Flask) -> SimpleNamespace:
    people, titles = cast.everybody(), cast.titles()
    f4 = cast.invoice(people.grand_large, (titles.t5, 6))
    db.session.commit()
    return SimpleNamespace(app=any_app, ines_id=people.ines.id, f4=f4, ines=people.ines)


def test_a_file_sent_four_times_at_once_is_kept_once(shop: SimpleNamespace) -> None:
    data = (HEADER + movement("VIR", "1,00") * 3).encode()
    start, refused = threading.Barrier(4), []

    def work() -> None:
        entries = service.read("releve.csv", data)
        start.wait()
        try:
            service.keep("releve.csv", data, entries, db.session.get_one(User, shop.ines_id))
            db.session.commit()
        except service.AlreadyReceived:
            db.session.rollback()
            refused.append(1)

    in_threads(shop.app, work)
    assert (len(refused), len(lines())) == (3, 3)


def test_a_line_confirmed_four_times_at_once_is_booked_once(shop: SimpleNamespace) -> None:
    (line,) = kept(movement(f"VIR {shop.f4.number}", "111,37"), by=shop.ines).lines
    line_id, mark = line.id, suggesting.suggested([line])[line.id].mark
    db.session.commit()
    start, refused = threading.Barrier(4), []

    def work() -> None:
        mine, by = db.session.get_one(BankLine, line_id), db.session.get_one(User, shop.ines_id)
        db.session.commit()
        start.wait()
        try:
            service.confirm(mine, by, mark)
            db.session.commit()
        except Refusal:
            db.session.rollback()
            refused.append(1)

    in_threads(shop.app, work)
    assert len(refused) == 3
    assert len(booked()) == 1
    assert db.session.scalar(sa.select(sa.func.sum(Allocation.amount_cents))) == 11137

"""Lists through the browser: pasted, sent, reviewed, corrected, added; every refusal (J5)."""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.access.models import LoginSession
from harmattan.cart.models import Cart, CartLine
from harmattan.cart.rules import BackorderPolicy
from harmattan.catalogue.models import Title
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.lists.models import OrderList
from tests import cast
from tests.browser import Browser, fold
from tests.configuration import answer_otherwise
from tests.lists.test_files import xlsx

J5 = """978-2-343-00001-5 12
2343000018;3
9782296000018 x 5
9782738400017 2
9782343123455 4
9782343000016 1
bonjour"""


@pytest.fixture
def titles(people: SimpleNamespace) -> SimpleNamespace:
    rows = cast.titles()
    db.session.commit()
    return rows


@pytest.fixture
def karim(browser: Browser, titles: SimpleNamespace) -> Browser:
    return browser.log_in("karim@grandlarge.example")


def paste(browser: Browser, text: str) -> Browser:
    return browser.open("/panier/liste").submit("/panier/liste", liste=text)


def row(browser: Browser, number: int) -> str:
    found = browser.page.find(id=f"ligne-{number}")
    assert found is not None, browser.text
    return fold(found.get_text(" "))


def group(browser: Browser, name: str) -> str:
    found = browser.page.find(id=name)
    return fold(found.get_text(" ")) if found else ""


def in_cart() -> dict[str, tuple[int, BackorderPolicy]]:
    lines = db.session.execute(
        sa.select(Title.isbn, CartLine.quantity, CartLine.backorder_policy).join(CartLine.title)
    )
    return {isbn: (quantity, policy) for isbn, quantity, policy in lines}


def press(browser: Browser, button: str, **fields: object) -> Browser:
    return browser.submit(browser.url.partition("?")[0], button, **fields)


def test_a_pasted_list_is_reviewed_line_by_line_before_anything_enters_the_cart(karim: Browser) -> None:
    paste(karim, J5)
    assert karim.status == 200
    assert re.fullmatch(r"/panier/liste/[\w-]{22}", karim.url)
    assert "Les passeurs du fleuve" in row(karim, 1)
    assert "Ligne 1 « 978-2-343-00001-5 12 » : 12 Ligne 2 « 2343000018;3 » : 3" in row(karim, 1)
    assert "15 exemplaires à ajouter, en stock" in row(karim, 1)
    assert "5 demandés, 3 disponibles" in row(karim, 3)
    assert "3 + 2 notés 3 seulement tout ensemble" in row(karim, 3)
    assert "Épuisé : ne sera pas ajouté" in row(karim, 4)
    assert "À paraître le 15 décembre 2026 : 4 exemplaires à noter" in row(karim, 5)
    assert "Vérifiez le dernier chiffre" in row(karim, 6)
    assert "Vouliez-vous 9782343000015 , Les passeurs du fleuve ?" in row(karim, 6)
    assert "« bonjour »" in row(karim, 7)
    assert "Aucun ISBN n'a été reconnu" in row(karim, 7)
    assert [g["id"] for g in karim.page.select("form div[id]") if g.find("table")] == [
        "a-corriger", "non-reconnus", "a-choisir", "non-commandables", "prets",
    ]  # fmt: skip
    assert in_cart() == {}


def test_ready_lines_enter_the_cart_with_their_choices_and_the_others_stay(karim: Browser) -> None:
    paste(karim, J5)
    press(karim, "Ajouter les 3 lignes prêtes", **{"choix-3": "together"})
    assert karim.status == 200
    assert "3 lignes ajoutées au panier" in karim.text
    assert in_cart() == {
        "9782343000015": (15, BackorderPolicy.NOTE),
        "9782296000018": (5, BackorderPolicy.TOGETHER),
        "9782343123455": (4, BackorderPolicy.NOTE),
    }
    assert "Dans le panier" in row(karim, 1)
    assert "« bonjour »" in group(karim, "non-reconnus")
    assert karim.reloaded()


def test_only_what_is_there_can_be_ordered(karim: Browser) -> None:
    paste(karim, "9782296000018 5\n9782343123455 4")
    press(karim, "Ajouter les 2 lignes prêtes", **{"choix-1": "skip", "choix-2": "skip"})
    assert in_cart() == {"9782296000018": (3, BackorderPolicy.SKIP)}


def test_a_list_that_is_added_whole_leads_to_the_cart(karim: Browser) -> None:
    paste(karim, "9782343000015 2")
    press(karim, "Ajouter la ligne prête")
    assert karim.url == "/panier"
    assert in_cart() == {"9782343000015": (2, BackorderPolicy.NOTE)}


def test_added_twice_it_is_added_once(karim: Browser, new_browser: Callable[..., Browser]) -> None:
    paste(karim, "9782343000015 2\nbonjour")
    other = new_browser(htmx=karim.htmx).log_in("anne@grandlarge.example").open(karim.url)
    press(karim, "Ajouter la ligne prête")
    press(other, "Ajouter la ligne prête")
    assert other.status == 200
    assert "déjà été ajoutées au panier" in other.text
    assert other.page.find("a", href="/panier", string="Voir le panier") is not None
    assert in_cart() == {"9782343000015": (2, BackorderPolicy.NOTE)}


def test_corrected_elsewhere_the_list_is_read_again_before_it_is_added(
    karim: Browser, new_browser: Callable[..., Browser]
) -> None:
    paste(karim, "9782343000015 2\n9782296000018 trois")
    other = new_browser(htmx=karim.htmx).log_in("anne@grandlarge.example").open(karim.url)
    press(karim, "Vérifier les corrections", **{"quantite-2": "3"})
    press(other, "Ajouter la ligne prête")
    assert "corrigée entre-temps" in other.text
    assert in_cart() == {}


def test_quantities_add_up_with_those_of_the_cart_and_the_page_says_so(karim: Browser) -> None:
    paste(karim, "9782296000018 2\nbonjour")
    press(karim, "Ajouter la ligne prête")
    paste(karim, "9782296000018 2\nbonjour")
    assert "et 2 au panier" in row(karim, 1)
    assert "2 demandés, 1 disponible" in row(karim, 1)
    press(karim, "Ajouter la ligne prête")
    assert in_cart() == {"9782296000018": (4, BackorderPolicy.NOTE)}


@pytest.mark.parametrize("typed", ["0", "-1", "1000000000", "trois", "2,5", ""])
def test_a_wrong_quantity_stays_at_its_line_and_the_others_are_kept(karim: Browser, typed: str) -> None:
    paste(karim, f"9782343000015 {typed}\n9782296000018 1")
    assert "Erreur :" in row(karim, 1)
    assert "1 exemplaire à ajouter, en stock" in row(karim, 2)
    press(karim, "Ajouter la ligne prête")
    assert in_cart() == {"9782296000018": (1, BackorderPolicy.NOTE)}


def test_corrected_lines_are_checked_again_and_merged_without_losing_the_others(karim: Browser) -> None:
    paste(karim, J5)
    press(
        karim,
        "Vérifier les corrections",
        **{"isbn-6": "978-2-343-00001-5", "isbn-7": "9782140423451", "quantite-7": "zéro", "choix-3": "skip"},
    )
    assert "Ligne 6 « 9782343000016 1 » : 1" in row(karim, 1)
    assert "16 exemplaires à ajouter" in row(karim, 1)
    assert "Mémoires d'un port" in row(karim, 7)
    assert "Saisissez la quantité en chiffres" in row(karim, 7)
    assert karim.page.find(id="quantite-7")["value"] == "zéro"
    assert karim.page.find(id="choix-3-skip").has_attr("checked")
    assert karim.reloaded()
    press(karim, "Vérifier les corrections", **{"quantite-7": "2"})
    assert "2 exemplaires à ajouter, en stock" in row(karim, 7)
    assert in_cart() == {}


def test_the_isbn_that_was_meant_is_one_press_away(karim: Browser) -> None:
    paste(karim, J5)
    press(karim, "Oui, corriger la ligne 6 en 9782343000015")
    assert "16 exemplaires à ajouter" in row(karim, 1)
    assert karim.reloaded()


def test_unknown_and_unpriced_titles_are_told_apart(karim: Browser, titles: SimpleNamespace) -> None:
    titles.t5.price_cents = None
    paste(karim, "9782336418735 1\n9782140423451 1")
    assert "n'est pas à notre catalogue" in group(karim, "non-reconnus")
    assert "Prix pas encore fixé" in group(karim, "non-commandables")
    assert "Aucune ligne n'est prête" in karim.text


def test_rejects_are_downloaded_without_live_formulas(karim: Browser) -> None:
    paste(karim, f"{J5}\n=HYPERLINK(1)")
    answer = karim.client.get(f"{karim.url}/rejets.csv")
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert [line[0] for line in rows[1:]] == ["6", "7", "8", "4"]
    assert rows[3][1] == "'=HYPERLINK(1)"
    assert rows[4][5] == "Épuisé : ne sera pas ajouté"


def test_the_model_is_read_as_a_header(karim: Browser) -> None:
    model = karim.client.get("/panier/liste/modele.csv").get_data()
    send(karim, "modele.csv", model + b"9782343000015;3;\r\n")
    assert "lue comme en-tête" in karim.text
    assert "3 exemplaires à ajouter" in row(karim, 2)


def send(browser: Browser, name: str, data: bytes) -> Browser:
    return browser.open("/panier/liste").submit("/panier/liste", files={"fichier": (io.BytesIO(data), name)})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_file_is_read_whatever_its_encoding(karim: Browser, encoding: str) -> None:
    send(karim, "L’été.csv", "ISBN;Titre;Qté\r\n9782343000015;Écrire à l'été;3\r\n".encode(encoding))
    assert "« 9782343000015;Écrire à l'été;3 »" in row(karim, 2)
    assert "3 exemplaires à ajouter" in row(karim, 2)
    assert "L'été.csv" in karim.text


@pytest.mark.parametrize(
    ("text", "advice"), [("", "Collez au moins une ligne"), ("\n \n", "Collez au moins une ligne")]
)
def test_nothing_pasted_is_a_fault_of_the_field(karim: Browser, text: str, advice: str) -> None:
    paste(karim, text)
    assert karim.status == 422
    assert advice in karim.faults()[0]


@pytest.mark.parametrize(("name", "content"), [("a.csv", b""), ("a.csv", b"\r\n \r\n"), ("a.xlsx", xlsx([]))])
def test_a_file_without_a_line_is_said_to_be_empty(karim: Browser, name: str, content: bytes) -> None:
    send(karim, name, content)
    assert (karim.status, karim.faults()) == (
        422, ["Ce fichier est vide : choisissez celui qui contient votre liste"],
    )  # fmt: skip


def test_a_refused_list_comes_back_as_it_was_typed(karim: Browser) -> None:
    text = "9782343000015 1\n" * 5_001
    paste(karim, text)
    assert karim.status == 422
    assert "elle compte 5 001 lignes, la limite est de 5 000" in karim.faults()[0]
    assert karim.page.find(id="liste").get_text().strip() == text.strip()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OrderList)) == 0


def test_a_file_and_a_pasted_list_together_are_a_question(karim: Browser) -> None:
    karim.open("/panier/liste").submit(
        "/panier/liste", liste="9782343000015 1", files={"fichier": (io.BytesIO(b"x"), "a.csv")}
    )
    assert karim.faults() == ["Envoyez le fichier ou la liste collée, un seul des deux"]


def test_documents_alone_open_no_list(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in("lucie@grandlarge.example")
    for url in ("/panier/liste", "/panier/liste/modele.csv", "/panier/liste/x"):
        assert browser.open(url).status == 403
    browser.open("/").post("/panier/liste", liste="9782343000015 1")
    assert browser.status == 403


def test_another_accounts_list_does_not_exist(karim: Browser, new_browser: Callable[..., Browser]) -> None:
    paste(karim, J5)
    paul = new_browser(htmx=karim.htmx).log_in("paul@quais.example").open("/panier/liste")
    for url in (karim.url, f"{karim.url}/rejets.csv", "/panier/liste/nowhere"):
        assert paul.client.get(url).status_code == 404
    assert paul.open("/panier/liste").post(karim.url, ajouter="1", version="1").status == 404
    assert in_cart() == {}


def lose_every_session() -> None:
    db.session.execute(sa.delete(LoginSession))
    db.session.commit()


def test_what_was_pasted_before_the_session_was_lost_comes_back(
    browser: Browser, titles: SimpleNamespace
) -> None:
    browser.log_in("karim@grandlarge.example").open("/panier/liste")
    lose_every_session()
    browser.submit("/panier/liste", liste=J5)
    browser.submit("/connexion", email="karim@grandlarge.example", password=cast.PASSWORD)
    assert browser.url == "/panier/liste"
    assert "Vos saisies sont reprises" in browser.text
    assert browser.page.find(id="liste").get_text().strip() == J5


def test_corrections_typed_before_the_session_was_lost_come_back(karim: Browser) -> None:
    review = paste(karim, J5).url
    lose_every_session()
    press(karim, "Ajouter les 3 lignes prêtes", **{"isbn-7": "9782140423451", "quantite-7": "2"})
    karim.submit("/connexion", email="karim@grandlarge.example", password=cast.PASSWORD)
    assert karim.url == review
    assert "Vos saisies sont reprises" in karim.text
    assert "2 exemplaires à ajouter, en stock" in row(karim, 7)
    assert in_cart() == {}


def test_lists_that_wait_are_found_again(karim: Browser, new_browser: Callable[..., Browser]) -> None:
    review = paste(karim, J5).url
    anne = new_browser().log_in("anne@grandlarge.example").open("/panier/liste")
    assert anne.page.find("a", href=review) is not None
    assert "par Karim Benali" in anne.text


def test_statements_do_not_grow_with_the_lines(
    app: Flask,
    titles: SimpleNamespace,
    count_statements: Callable[..., object],
    new_browser: Callable[..., Browser],
) -> None:
    karim = new_browser().log_in("karim@grandlarge.example")
    known = [f"978{n:09}" for n in range(600)]
    db.session.execute(
        sa.insert(Title),
        [
            {"isbn": isbn13(stem), "record_reference": stem, "title": "T", "availability": "available",
             "price_cents": 1000, "stock": 9, "contributors": [], "weight_g": 100}
            for stem in known
        ],
    )  # fmt: skip
    db.session.commit()
    counts = []
    for size in (3, 600):
        paste(karim, "\n".join(f"{isbn13(stem)} 2" for stem in known[:size]))
        with count_statements() as reading:
            karim.open(karim.url)
        with count_statements() as adding:
            press(karim, f"Ajouter les {size} lignes prêtes")
        counts.append((len(reading), len(adding)))
    assert counts[0][0] == counts[1][0] <= 10
    assert counts[1][1] - counts[0][1] <= 2  # rows are written 500 at a time


def isbn13(stem: str) -> str:
    return stem + str((10 - sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(stem)) % 10) % 10)


def test_a_long_list_is_shown_a_hundred_rows_at_a_time_problems_first(karim: Browser) -> None:
    paste(karim, "\n".join(["9782343000015 1", *(f"inconnu {n}" for n in range(250))]))
    assert len(karim.page.select("tr[id^=ligne-]")) == 100
    assert "Page 1" in karim.text
    karim.open(f"{karim.url}?page=3")
    assert len(karim.page.select("tr[id^=ligne-]")) == 51
    assert "1 exemplaire à ajouter" in group(karim, "prets")
    karim.submit(karim.url.partition("?")[0], "Ajouter la ligne prête")
    assert in_cart() == {"9782343000015": (1, BackorderPolicy.NOTE)}


def test_what_was_corrected_goes_along_to_the_next_page_of_a_long_list(karim: Browser) -> None:
    paste(karim, "\n".join(["9782343000015 1", *(f"inconnu {n}" for n in range(250))]))
    action = karim.url.partition("?")[0]
    karim.submit(action, "Page suivante", **{"isbn-2": "9782296000018", "quantite-2": "2"})
    assert "Page 2 sur 3" in karim.text
    assert karim.url.endswith("?page=2")
    karim.submit(action, "Page suivante")
    assert "2 exemplaires à ajouter" in group(karim, "prets")


def test_what_the_cart_holds_already_of_the_stock_is_said(karim: Browser) -> None:
    paste(karim, "9782296000018 3\nbonjour")
    press(karim, "Ajouter la ligne prête")
    paste(karim, "9782296000018 2")
    assert "Tout le stock est déjà dans votre panier : 2 exemplaires à noter" in row(karim, 1)


DILICOM = """A00013025590000008
B00023025000002004
C0003000123
D000420261122
E0005090
L00069782343000015000003
Q0007"""


def test_a_dilicom_order_gives_its_number_to_the_cart_and_is_taken_once_a_year(
    karim: Browser, app: Flask
) -> None:
    send(karim, "commande.txt", DILICOM.encode())
    assert "Commande Dilicom n° 000123, 1 ligne, complète" in karim.text
    press(karim, "Ajouter la ligne prête")
    assert db.session.scalars(sa.select(Cart.own_reference)).one() == "000123"
    send(karim, "commande.txt", DILICOM.encode())
    assert karim.status == 409
    assert "La commande n° 000123 a été reçue le 23 novembre 2026" in karim.text
    assert karim.page.find("a", string="Voir la liste déjà reçue") is not None
    order = SimpleNamespace(reference="CMD-2026-000001")
    answer_otherwise(app, "orders.of_cart", lambda _cart_id: order)
    send(karim, "commande.txt", DILICOM.encode())
    assert karim.page.find("a", href="/commandes/CMD-2026-000001") is not None
    clock.start_at(cast.MONDAY + dt.timedelta(days=366))
    assert paste(karim.log_in("karim@grandlarge.example"), DILICOM).status == 200


def test_a_dilicom_order_of_another_shop_is_refused(browser: Browser, titles: SimpleNamespace) -> None:
    browser.log_in("paul@quais.example")
    send(browser, "commande.txt", DILICOM.encode())
    assert browser.status == 422
    assert "Ligne 2 : le GLN 3025000002004 n'est pas celui de votre compte" in browser.faults()[0]


def test_a_title_ordered_lately_is_pointed_out(karim: Browser, app: Flask) -> None:
    last = SimpleNamespace(reference="CMD-2026-000009", placed_at=cast.MONDAY, quantity=5, state="Expédiée")
    answer_otherwise(app, "orders.of_isbns", lambda *_: {"9782343000015": last})
    paste(karim, J5)
    assert "Déjà commandé le 23 novembre 2026 , 5 ex., expédiée : CMD-2026-000009" in row(karim, 1)
    assert "Déjà commandé" not in row(karim, 3)


def test_a_hostile_file_changes_nothing(karim: Browser) -> None:
    send(karim, "liste.csv", b"<svg onload=alert(1)>")
    assert karim.status == 422
    assert "CSV, TXT, XLSX, ODS ou XLS" in karim.faults()[0]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OrderList)) == 0

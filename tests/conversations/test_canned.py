"""Canned answers: written by a service, filled in by the case, never sent with a word in braces (issue 6)."""

from types import SimpleNamespace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from harmattan.conversations import canned, service
from harmattan.conversations.models import CannedAnswer
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser

MARIE, HUGO = "marie@equipe.example", "hugo@equipe.example"
LIST = "/equipe/messages/commercial/reponses-types"


def kept(text: str, title: str = "Salut", of: Service = Service.SALES) -> CannedAnswer:
    answer = CannedAnswer(service=of, title=title, body=text, written_by="Marie Duval")
    db.session.add(answer)
    db.session.commit()
    return answer


@given(st.text(max_size=300), st.dictionaries(st.text(max_size=8), st.text(max_size=20)))
def test_filling_in_never_fails_and_leaves_other_text_alone(text: str, values: dict[str, str]) -> None:
    assert canned.filled(text.replace("{", ""), values) == text.replace("{", "")
    assert isinstance(canned.filled(text, values), str)


def test_every_variable_has_a_value_in_a_case(people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    assert set(canned.values(thread, people.marie)) == set(canned.VARIABLES)


def test_it_is_inserted_behind_what_is_typed_with_the_words_of_the_case(
    browser: Browser, people: SimpleNamespace
) -> None:
    answer = kept("Bonjour {client}, {librairie}, message {numero}. {prenom}, {telephone}, {horaires}.")
    kept("Autre", "Zut")
    thread = cast.thread(people.karim)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in(MARIE).open(url)
    browser.submit(f"{url}/reponse", "Insérer", modele=answer.key, reponse="Déjà écrit.")
    assert browser.status == 200
    text = browser.page.find(id="reponse").get_text().strip().replace("\u00a0", " ")
    assert text == (
        f"Déjà écrit.\n\nBonjour Karim Benali, Librairie Le Grand Large, message {thread.reference}. "
        "Marie, 01 40 46 79 13, du lundi au vendredi, de 9 h à 17 h."
    )
    assert db.session.query(OutboxMessage).filter_by(kind="message_answered").count() == 0
    browser.submit(f"{url}/reponse", "Envoyer la réponse")
    (sent,) = db.session.query(OutboxMessage).filter_by(kind="message_answered")
    assert "Bonjour Karim Benali, Librairie Le Grand Large" in sent.body


def test_a_word_that_the_case_does_not_fill_is_not_sent(browser: Browser, people: SimpleNamespace) -> None:
    answer = kept("Votre commande {commande} est {etat}.")
    thread = cast.thread(people.karim)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in(MARIE).open(url).submit(f"{url}/reponse", "Insérer", modele=answer.key)
    browser.submit(f"{url}/reponse", "Envoyer la réponse")
    assert browser.status == 422
    assert browser.faults() == ["Remplacez {commande}, {etat} par ce qui convient"]


def test_inserting_on_a_page_overtaken_says_so(browser: Browser, people: SimpleNamespace) -> None:
    answer = kept("Voilà.")
    thread = cast.thread(people.karim)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in(MARIE).open(url)
    service.write(thread, service.Writer.of(people.karim), "Encore ceci.")
    db.session.commit()
    browser.submit(f"{url}/reponse", "Insérer", modele=answer.key, reponse="Mon texte.")
    assert browser.status == 409
    assert "rien n'a été envoyé" in browser.response.text.replace("’", "'")


@pytest.mark.parametrize("key", ["", "inconnu", "' OR 1=1"])
def test_an_unknown_or_foreign_canned_answer_inserts_nothing(
    key: str, browser: Browser, people: SimpleNamespace
) -> None:
    kept("Ceci")
    foreign = kept("SECRET-SAV", of=Service.AFTER_SALES)
    thread = cast.thread(people.karim)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in(MARIE).open(url)
    for wanted in (key, foreign.key):
        browser.submit(f"{url}/reponse", "Insérer", modele=wanted, reponse="Gardé.")
        assert browser.page.find(id="reponse").get_text().strip() == "Gardé."


def test_a_service_writes_changes_and_removes_its_own(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in(MARIE).open(LIST)
    browser.open(f"{LIST}/nouvelle").submit(f"{LIST}/nouvelle", titre="Merci", texte="Merci, {client}.")
    assert browser.url == LIST
    assert "Merci" in browser.text
    answer = db.session.query(CannedAnswer).one()
    browser.open(f"{LIST}/{answer.key}").submit(f"{LIST}/{answer.key}", titre="Merci bien", texte="Merci.")
    assert "Merci bien" in browser.text
    browser.open(f"{LIST}/{answer.key}").submit(f"{LIST}/{answer.key}/suppression")
    assert browser.url == LIST
    assert db.session.query(CannedAnswer).count() == 0


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"titre": "", "texte": ""}, ["Donnez un titre, celui de la liste", "Écrivez la réponse type"]),
        (
            {"titre": "Mot", "texte": "Cher {nom} {}"},
            ["Corrigez {nom}, {} : ces mots ne sont pas dans la liste"],
        ),
    ],
)
def test_what_cannot_be_kept_is_asked_again(
    fields: dict[str, str], faults: list[str], browser: Browser, people: SimpleNamespace
) -> None:
    browser.log_in(MARIE).open(f"{LIST}/nouvelle").submit(f"{LIST}/nouvelle", **fields)
    assert (browser.status, browser.faults()) == (422, faults)


def test_another_services_canned_answers_stay_closed(browser: Browser, people: SimpleNamespace) -> None:
    answer = kept("Ceci")
    browser.log_in(HUGO)
    for path in ("", "/nouvelle", f"/{answer.key}", f"/{answer.key}/suppression"):
        assert browser.open(LIST + path).status == 403
    browser.post(f"{LIST}/{answer.key}/suppression")
    assert browser.status == 403
    assert browser.open(f"/equipe/messages/sav/reponses-types/{answer.key}").status == 404


def test_braces_and_markup_in_a_canned_answer_stay_text(
    app: Flask, browser: Browser, people: SimpleNamespace
) -> None:
    answer = kept("<script>alert(1)</script>{{7*7}} %s {0}")
    thread = cast.thread(people.karim)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in(MARIE).open(url).submit(f"{url}/reponse", "Insérer", modele=answer.key)
    text = browser.page.find(id="reponse").get_text().strip()
    assert text == "<script>alert(1)</script>{{7*7}} %s {0}"


def test_a_look_fills_in_a_case_that_is_made_up_and_keeps_nothing(
    browser: Browser, people: SimpleNamespace
) -> None:
    browser.log_in(MARIE).open(f"{LIST}/nouvelle")
    browser.submit(f"{LIST}/nouvelle", "apercu", titre="Salut", texte="Bonjour {client}, au {telephone}.")
    assert "Bonjour Camille Martin, au 01 40 46 79 13." in browser.text
    assert db.session.query(CannedAnswer).count() == 0


def test_what_an_answer_said_before_is_kept_signed_and_taken_up_again(
    browser: Browser, people: SimpleNamespace
) -> None:
    answer = kept("Bonjour {client}.")
    url = f"{LIST}/{answer.key}"
    browser.log_in(MARIE).open(url).submit(url, "Enregistrer", texte="Bonsoir {client}.")
    browser.open(url)
    assert "Textes d'avant" in browser.text
    again = browser.main().find("a", href=lambda link: bool(link) and "version=" in link)
    browser.open(str(again["href"])).submit(url, "Enregistrer")
    db.session.refresh(answer)
    assert answer.body == "Bonjour {client}."
    assert [each.body for each in canned.versions(answer)] == ["Bonsoir {client}.", "Bonjour {client}."]


def test_an_answer_kept_unchanged_has_no_earlier_text(browser: Browser, people: SimpleNamespace) -> None:
    answer = kept("Bonjour {client}.")
    browser.log_in(MARIE).open(f"{LIST}/{answer.key}").submit(f"{LIST}/{answer.key}", "Enregistrer")
    assert canned.versions(answer) == []


def test_earlier_texts_go_with_the_answer(browser: Browser, people: SimpleNamespace) -> None:
    answer = kept("Bonjour {client}.")
    url = f"{LIST}/{answer.key}"
    browser.log_in(MARIE).open(url).submit(url, "Enregistrer", texte="Bonsoir {client}.")
    browser.open(url).submit(f"{url}/suppression")
    assert browser.status == 200
    assert db.session.query(CannedAnswer).count() == 0

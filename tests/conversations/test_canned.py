"""Canned answers: written by a service, filled in by the case, never sent with a word in braces (issue 6)."""

import datetime as dt
from types import SimpleNamespace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from harmattan.access.models import User
from harmattan.conversations import canned, canned_words, service
from harmattan.conversations.models import CannedAnswer, CannedVersion
from harmattan.core import audit, clock
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser

MARIE, HUGO = "marie@equipe.example", "hugo@equipe.example"
LIST = "/equipe/messages/commercial/reponses-types"


def kept(text: str, title: str = "Salut", of: Service = Service.SALES, days_ago: int = 0) -> CannedAnswer:
    by = db.session.query(User).filter_by(email=MARIE).one()
    given = canned.add(of, title, text, by, clock.today() - dt.timedelta(days=days_ago))
    db.session.commit()
    return given.answer


@given(st.text(max_size=300), st.dictionaries(st.text(max_size=8), st.text(max_size=20)))
def test_filling_in_never_fails_and_leaves_other_text_alone(text: str, values: dict[str, str]) -> None:
    assert canned_words.filled(text.replace("{", ""), values) == text.replace("{", "")
    assert isinstance(canned_words.filled(text, values), str)


def test_every_variable_has_a_value_in_a_case(people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    assert set(canned_words.values(thread, people.marie)) == set(canned_words.VARIABLES)


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


def headings(browser: Browser) -> list[str]:
    return [each.get_text().replace("\u00a0", " ") for each in browser.main().select("h3")]


def test_what_an_answer_said_before_is_kept_signed_and_taken_up_again(
    browser: Browser, people: SimpleNamespace
) -> None:
    answer = kept("Bonjour {client}.", days_ago=3)
    url = f"{LIST}/{answer.key}"
    browser.log_in(MARIE).open(url).submit(url, "Enregistrer", texte="Bonsoir {client}.")
    browser.open(url)
    assert headings(browser) == [
        "Texte 2, en vigueur depuis le 23 novembre 2026",
        "Texte 1, en vigueur du 20 novembre 2026 au 22 novembre 2026",
    ]
    browser.open(f"{url}?version=1").submit(url, "Enregistrer")
    db.session.expire_all()
    assert answer.body == "Bonjour {client}."
    assert [each.body for each in answer.versions] == [
        "Bonjour {client}.",
        "Bonsoir {client}.",
        "Bonjour {client}.",
    ]


def test_a_text_to_come_is_given_from_its_day_on(browser: Browser, people: SimpleNamespace) -> None:
    answer = kept("Avant.")
    url = f"{LIST}/{answer.key}"
    browser.log_in(MARIE).open(url).submit(url, "Enregistrer", texte="Après.", jour="2026-12-01")
    assert "Prévu le" in browser.text
    thread = cast.thread(people.karim)
    reply = f"/equipe/messages/{thread.reference}"
    browser.open(reply).submit(f"{reply}/reponse", "Insérer", modele=answer.key)
    assert browser.page.find(id="reponse").get_text().strip() == "Avant."
    clock.start_at(clock.at_paris(dt.date(2026, 12, 1), dt.time(9)))
    db.session.expire_all()
    assert [each.body for each in canned.in_force(Service.SALES)] == ["Après."]


def test_an_answer_to_come_is_not_proposed_before(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in(MARIE).open(f"{LIST}/nouvelle")
    browser.submit(f"{LIST}/nouvelle", titre="Vœux", texte="Bonne année.", jour="2027-01-04")
    assert "Pas encore" in browser.text
    answer = db.session.query(CannedAnswer).one()
    assert canned.in_force(Service.SALES) == []
    thread = cast.thread(people.karim)
    browser.open(f"/equipe/messages/{thread.reference}")
    assert browser.page.find(id="modele") is None
    browser.post(
        f"/equipe/messages/{thread.reference}/reponse",
        {"version": "1", "modele": answer.key, "inserer": "1", "reponse": "Gardé."},
    )
    assert "Bonne année." not in browser.text


def test_a_text_is_withdrawn_before_its_day_alone(browser: Browser, people: SimpleNamespace) -> None:
    answer = kept("Avant.")
    url = f"{LIST}/{answer.key}"
    browser.log_in(MARIE).open(url).submit(url, "Enregistrer", texte="Après.", jour="2026-12-01")
    browser.open(url).submit(f"{url}/2/retirer")
    assert headings(browser)[0] == "Texte 2, à partir du 1er décembre 2026"
    assert "Retiré par Marie" in browser.text
    browser.post(f"{url}/1/retirer")
    assert browser.status == 409
    assert "Il vaut depuis le 23 novembre 2026" in browser.text
    clock.start_at(clock.at_paris(dt.date(2026, 12, 1), dt.time(9)))
    db.session.expire_all()
    assert [each.body for each in canned.in_force(Service.SALES)] == ["Avant."]


def test_what_a_colleague_has_written_meanwhile_is_shown_and_nothing_is_lost(
    browser: Browser, people: SimpleNamespace
) -> None:
    answer = kept("Avant.")
    url = f"{LIST}/{answer.key}"
    browser.log_in(MARIE).open(url)
    canned.write(answer, "Salut", "D'une collègue.", people.marie, clock.today(), after=1)
    db.session.commit()
    browser.submit(url, "Enregistrer", texte="Le mien.")
    assert browser.status == 409
    assert "rien n'a été enregistré" in browser.text
    assert "D'une collègue." in browser.text
    assert browser.page.find(id="texte").get_text().strip() == "Le mien."
    browser.submit(url, "Enregistrer")
    db.session.expire_all()
    assert answer.body == "Le mien."


def test_of_two_who_write_at_once_one_is_told(people: SimpleNamespace) -> None:
    answer = kept("Avant.")
    canned.write(answer, "Salut", "Un.", people.marie, clock.today(), after=1)
    with pytest.raises(canned.Rewritten):
        canned.write(answer, "Salut", "Deux.", people.marie, clock.today(), after=1)


@pytest.mark.parametrize(
    ("day", "word"),
    [("2026-11-22", "ce qui est passé ne change plus"), ("", "Saisissez le jour"), ("bientôt", "jj/mm/aaaa")],
)
def test_a_text_begins_today_at_the_earliest(
    day: str, word: str, browser: Browser, people: SimpleNamespace
) -> None:
    answer = kept("Avant.")
    url = f"{LIST}/{answer.key}"
    browser.log_in(MARIE).open(url).submit(url, "Enregistrer", texte="Après.", jour=day)
    assert browser.status == 422
    assert word in browser.text
    assert len(answer.versions) == 1


def test_texts_go_with_the_answer_and_the_journal_keeps_the_last_one(
    browser: Browser, people: SimpleNamespace
) -> None:
    answer = kept("Bonjour {client}.")
    url = f"{LIST}/{answer.key}"
    browser.log_in(MARIE).open(url).submit(url, "Enregistrer", texte="Bonsoir {client}.")
    browser.open(url).submit(f"{url}/suppression")
    assert browser.status == 200
    assert db.session.query(CannedAnswer).count() == db.session.query(CannedVersion).count() == 0
    removal = db.session.query(audit.AuditEntry).filter_by(action="conversations.remove_canned").one()
    assert removal.details["text"] == "Bonsoir {client}."


def test_a_typed_address_of_the_withdrawal_leads_to_the_answer(
    browser: Browser, people: SimpleNamespace
) -> None:
    url = f"{LIST}/{kept('Avant.').key}"
    assert browser.log_in(MARIE).open(f"{url}/1/retirer").url == url
    for number in (0, 7):
        assert browser.open(f"{url}/{number}/retirer").status == 404

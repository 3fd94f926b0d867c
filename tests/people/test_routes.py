"""The account's pages, plain and with HTMX."""

import datetime as dt
from types import SimpleNamespace

import pytest

from harmattan.access.models import User
from harmattan.access.rules import Right
from harmattan.core import clock
from harmattan.core.extensions import db
from tests import cast
from tests.browser import Browser

NEW = "phare gabion marée tisane"


def _open_access(browser: Browser, user: User) -> Browser:
    return browser.open(f"/compte/utilisateurs/{user.key}")


def test_anne_gives_rights_until_a_day_and_the_person_is_told(
    browser: Browser, people: SimpleNamespace
) -> None:
    browser.log_in(people.anne.email)
    _open_access(browser, people.karim)
    browser.submit(browser.url, rights=["orders", "documents"], ends_on="31/01/2027")
    assert browser.url == "/compte/utilisateurs"
    assert "L'accès de Karim Benali est enregistré" in browser.text
    db.session.refresh(people.karim)
    assert people.karim.rights == {Right.ORDERS, Right.DOCUMENTS}
    assert people.karim.ends_on == dt.date(2027, 1, 31)
    assert "commandes, documents, jusqu'au 31/01/2027" in browser.open("/compte/journal").text


def test_the_last_day_is_included_and_the_next_one_is_not(browser: Browser, people: SimpleNamespace) -> None:
    people.karim.ends_on = dt.date(2026, 11, 23)
    assert browser.log_in(people.karim.email).url == "/"
    clock.start_at(dt.datetime(2026, 11, 24, 0, 1, tzinfo=clock.PARIS))
    assert browser.open("/").url.startswith("/connexion")
    browser.submit("/connexion", email=people.karim.email, password=cast.PASSWORD)
    assert browser.faults() == ["Cet accès est terminé : demandez-en un nouveau à l'utilisateur principal"]


def test_a_past_last_day_is_refused_and_kept_as_typed(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in(people.anne.email)
    _open_access(browser, people.karim)
    browser.submit(browser.url, rights=["orders"], ends_on="01/11/2026")
    assert browser.status == 422
    assert browser.faults() == ["Choisissez un dernier jour à venir, ou effacez-le pour un accès sans fin"]


def test_a_closed_access_opens_nothing_from_the_next_request_on(
    browser: Browser, people: SimpleNamespace, new_browser
) -> None:
    karim = new_browser().log_in(people.karim.email)
    browser.log_in(people.anne.email)
    _open_access(browser, people.karim)
    browser.submit(f"/compte/utilisateurs/{people.karim.key}/fermer")
    assert "L'accès de Karim Benali est fermé" in browser.text
    assert karim.open("/").url.startswith("/connexion")


def test_the_principal_cannot_be_removed_and_is_told_the_way_out(
    browser: Browser, people: SimpleNamespace
) -> None:
    browser.log_in(people.anne.email).open("/compte/utilisateurs")
    browser.post(f"/compte/utilisateurs/{people.anne.key}/fermer")
    assert browser.status == 409
    assert "Nommez d'abord un autre utilisateur principal" in browser.text


def test_the_principal_hands_the_role_over(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in(people.anne.email)
    _open_access(browser, people.karim)
    browser.submit(f"/compte/utilisateurs/{people.karim.key}/principal")
    db.session.refresh(people.karim)
    db.session.refresh(people.anne)
    assert people.karim.is_principal
    assert not people.anne.is_principal
    assert people.anne.rights == set(Right)


def test_a_delegate_cannot_make_delegates(browser: Browser, people: SimpleNamespace) -> None:
    people.lucie.rights = frozenset({Right.ADMINISTRATION})
    browser.log_in(people.lucie.email)
    _open_access(browser, people.karim)
    browser.post(f"/compte/utilisateurs/{people.karim.key}", rights=["administration"])
    assert browser.status == 403
    db.session.refresh(people.karim)
    assert Right.ADMINISTRATION not in people.karim.rights


@pytest.mark.parametrize("suffix", ["", "/fermer", "/principal"])
def test_without_the_right_it_is_refused_and_another_accounts_person_does_not_exist(
    browser: Browser, people: SimpleNamespace, suffix: str
) -> None:
    browser.log_in(people.karim.email).open("/")
    browser.post(f"/compte/utilisateurs/{people.lucie.key}{suffix}", rights=["orders"])
    assert browser.status == 403
    browser.log_out().log_in(people.paul.email).open("/")
    browser.post(f"/compte/utilisateurs/{people.lucie.key}{suffix}", rights=["orders"])
    assert browser.status == 404


def test_a_new_password_needs_the_present_one_and_ends_every_session(
    browser: Browser, people: SimpleNamespace
) -> None:
    browser.log_in(people.karim.email).open("/compte/securite")
    browser.submit("/compte/securite", present_password="faux", new_password=NEW, repeated_password=NEW)
    assert browser.faults() == ["Vérifiez votre mot de passe actuel"]
    browser.submit(
        "/compte/securite", present_password=cast.PASSWORD, new_password=NEW, repeated_password=NEW
    )
    assert browser.url == "/connexion"
    assert browser.log_in(people.karim.email, NEW).url == "/"


def test_one_sees_and_ends_ones_other_sessions(
    browser: Browser, people: SimpleNamespace, new_browser
) -> None:
    elsewhere = new_browser().log_in(people.karim.email)
    browser.log_in(people.karim.email).open("/compte/securite")
    browser.submit("/compte/sessions")
    assert browser.reloaded() if browser.htmx else browser.url == "/compte/securite"
    assert elsewhere.open("/").url.startswith("/connexion")
    assert browser.open("/compte").status == 200


def test_details_are_read_only_and_a_change_is_asked_for(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in(people.lucie.email).open("/compte")
    assert "104512" in browser.text
    assert "60 jours fin de mois" in browser.text
    link = browser.page.find("a", string="Demander une modification")
    assert link["href"] == "/compte/modification"

"""A member of staff looks after the own second factor: state, another one in its place (issue 3)."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pyotp
import pytest
import sqlalchemy as sa

from harmattan.access import second_factor
from harmattan.access.models import LoginSession
from harmattan.access.second_factor import RecoveryCode, SecondFactor
from harmattan.core import clock, tokens
from harmattan.core.audit import AuditEntry
from harmattan.core.extensions import db
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser

HUGO, KARIM = "hugo@equipe.example", "karim@grandlarge.example"
PAGE = "/compte/second-facteur"
OLD, OLD_CODE = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "ABCDE-FGHJK-MNPQR-STVWX-YZ234"


@pytest.fixture
def hugo(browser: Browser, people: SimpleNamespace) -> Browser:
    """In since a while, with a factor of before."""
    when = clock.now() - dt.timedelta(days=30)
    db.session.add(SecondFactor(user_id=people.hugo.id, secret=OLD, confirmed_at=when))
    db.session.add(RecoveryCode(user_id=people.hugo.id, code_hash=tokens.hash_of(OLD_CODE)))
    db.session.commit()
    return browser.log_in(HUGO).open(PAGE)


def code_of(secret: str) -> str:
    return pyotp.TOTP(secret).at(clock.now())


def offer(hugo: Browser, **fields: str) -> Browser:
    proof = {"present_password": cast.PASSWORD, "one_time_password": code_of(OLD)}
    return hugo.submit(PAGE, **(proof | fields))


def shown(hugo: Browser) -> tuple[str, list[str]]:
    """The new key and its recovery codes."""
    key = hugo.page.select_one("#second-factor form p code").get_text().replace(" ", "")
    return key, [code.get_text() for code in hugo.page.select("#second-factor form li code")]


def factor(people: SimpleNamespace) -> SecondFactor:
    found = second_factor.of(people.hugo)
    assert found is not None
    return found


def test_the_page_says_where_it_stands_and_who_helps(hugo: Browser) -> None:
    assert "En place depuis le 24 octobre 2026" in hugo.text
    assert "1 code de secours reste" in hugo.text
    assert "L'administration du portail efface votre second facteur" in hugo.text
    assert hugo.open("/compte/securite").page.find("a", href=PAGE)


def test_another_takes_over_once_it_has_shown_a_code(
    hugo: Browser, people: SimpleNamespace, new_browser: Callable[..., Browser]
) -> None:
    new_browser().log_in(HUGO)
    offer(hugo)
    key, codes = shown(hugo)
    assert len(codes) == 8
    assert (factor(people).secret, second_factor.codes_left(people.hugo)) == (OLD, 1)
    assert hugo.submit(f"{PAGE}/confirmer", one_time_password="000000").status == 422
    assert shown(hugo)[0] == key
    hugo.submit(f"{PAGE}/confirmer", one_time_password=code_of(key))
    assert "nouveau second facteur est en place" in hugo.text
    assert (factor(people).secret, factor(people).next_secret) == (key, None)
    hashes = set(db.session.scalars(sa.select(RecoveryCode.code_hash)))
    assert hashes == {tokens.hash_of(code) for code in codes}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(LoginSession)) == 1
    assert [mail.kind for mail in db.session.scalars(sa.select(OutboxMessage))][-1] == "second_factor_changed"
    acts = db.session.scalars(sa.select(AuditEntry.action)).all()
    assert "access.replace_second_factor" in acts


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"present_password": "faux-mot-de-passe"}, "Vérifiez votre mot de passe actuel"),
        (
            {"one_time_password": "000000"},
            "Vérifiez le code : il change toutes les 30 secondes et sert une fois",
        ),
        ({"one_time_password": ""}, "Vérifiez le code : il change toutes les 30 secondes et sert une fois"),
        ({"present_password": ""}, "Saisissez votre mot de passe actuel"),
    ],
)
def test_password_and_code_are_both_asked_for(
    hugo: Browser, people: SimpleNamespace, fields: dict[str, str], fault: str
) -> None:
    offer(hugo, **fields)
    assert (hugo.status, hugo.faults()) == (422, [fault])
    assert factor(people).next_secret is None


def test_a_recovery_code_of_paper_stands_in_for_the_lost_phone(
    hugo: Browser, people: SimpleNamespace
) -> None:
    _, code = second_factor, second_factor.secret_words.new_recovery_codes()[0]
    db.session.add(RecoveryCode(user_id=people.hugo.id, code_hash=tokens.hash_of(code)))
    db.session.commit()
    offer(hugo, one_time_password=code)
    assert len(shown(hugo)[1]) == 8


def test_abandoned_or_too_late_nothing_has_changed(hugo: Browser, people: SimpleNamespace) -> None:
    offer(hugo)
    key, _ = shown(hugo)
    hugo.submit(f"{PAGE}/abandonner")
    assert "Rien n'a changé" in hugo.text
    assert hugo.post(f"{PAGE}/confirmer", one_time_password=code_of(key)).status == 409
    clock.start_at(clock.now() + dt.timedelta(minutes=5))
    offer(hugo.open(PAGE))
    key, _ = shown(hugo)
    clock.start_at(clock.now() + dt.timedelta(minutes=16))
    assert hugo.post(f"{PAGE}/confirmer", one_time_password=code_of(key)).status == 409
    assert factor(people).secret == OLD


def test_without_one_yet_the_password_is_enough(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in(HUGO).open(PAGE)
    assert "Pas encore en place" in browser.text
    browser.submit(PAGE, present_password=cast.PASSWORD)
    key, _ = shown(browser)
    browser.submit(f"{PAGE}/confirmer", one_time_password=code_of(key))
    assert second_factor.has_one(people.hugo)


def test_the_new_secret_is_sealed_too() -> None:
    assert {
        SecondFactor.__table__.c[name].type.__class__.__name__ for name in ("next_secret", "next_codes")
    } == {"Sealed"}


def test_wrong_codes_are_counted_as_at_log_in(hugo: Browser) -> None:
    for _ in range(5):
        offer(hugo, one_time_password="000000")
    assert offer(hugo).status == 429


def test_booksellers_have_none(browser: Browser, people: SimpleNamespace) -> None:
    assert browser.log_in(KARIM).open(PAGE).status == 403
    assert browser.open("/compte/securite").page.find("a", href=PAGE) is None

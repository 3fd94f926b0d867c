"""Staff users and their services, kept by settings, plain and with HTMX."""

import datetime as dt
import re
from collections.abc import Callable
from types import SimpleNamespace

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.access import second_factor
from harmattan.access.models import User
from harmattan.core import clock
from harmattan.core.audit import AuditEntry
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser

ROOT, MARIE = "root@equipe.example", "marie@equipe.example"
TEAM = "/equipe/utilisateurs"
NEW = "phare gabion marée tisane"
LEA = {"first_name": "Léa", "last_name": "Brun", "email": "Lea@equipe.example ", "service": "after_sales"}
NewBrowser = Callable[..., Browser]


@pytest.fixture
def root(browser: Browser, people: SimpleNamespace) -> Browser:
    return browser.log_in(ROOT).open(TEAM)


def user_of(email: str) -> User:
    return db.session.scalars(sa.select(User).where(User.email == email)).one()


def page_of(user: User) -> str:
    return f"{TEAM}/{user.key}"


def welcome_link() -> str:
    mails = sa.select(OutboxMessage).where(OutboxMessage.kind == "staff_welcome")
    latest = db.session.scalars(mails.order_by(OutboxMessage.id.desc())).first()
    return re.search(r"/mot-de-passe-oublie/[\w-]+", latest.body)[0]


def acts() -> list[tuple[str, str, str]]:
    rows = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action.startswith("team.")))
    return [(each.action, each.actor, each.subject) for each in rows]


def test_a_new_member_chooses_the_password_by_a_mailed_link(
    root: Browser, people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    root.submit(TEAM, **LEA)
    assert "Un courriel part à lea@equipe.example : Léa Brun choisit son mot de passe." in root.text
    assert "Mot de passe à choisir" in root.text
    lea = new_browser()
    lea.open("/connexion").submit(
        "/connexion", email="lea@equipe.example", password="nobody has this password"
    )
    assert lea.status == 422
    link = welcome_link()
    lea.open(link)
    assert "Choisir votre mot de passe" in lea.text
    assert "mot de passe actuel" not in lea.text
    lea.submit(link)
    lea.submit("/mot-de-passe", new_password=NEW, repeated_password=NEW)
    assert lea.log_in("lea@equipe.example", NEW).open("/equipe").status == 200
    assert "service après-vente" in lea.text
    assert list(db.session.scalars(sa.select(OutboxMessage.kind))) == ["staff_welcome"]
    assert acts() == [("team.add", "Root Admin", "lea@equipe.example")]


def test_the_link_lives_48_hours_and_a_new_one_kills_it(
    root: Browser, people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    root.submit(TEAM, **LEA)
    first = welcome_link()
    clock.start_at(cast.MONDAY + dt.timedelta(hours=49))
    assert new_browser().open(first).status == 410
    page = page_of(user_of("lea@equipe.example"))
    root = new_browser().log_in(ROOT).open(page).submit(f"{page}/lien")
    assert "Un courriel part à lea@equipe.example." in root.text
    assert new_browser().open(welcome_link()).status == 200
    root.open(page).submit(f"{page}/lien")
    assert new_browser().open(first).status == 410


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("first_name", "", "Saisissez le prénom"),
        ("last_name", "", "Saisissez le nom"),
        ("email", "", "Saisissez l'adresse e-mail : elle servira à se connecter"),
        ("email", "sans arobase", "Écrivez l'adresse sous la forme nom@librairie.fr"),
        ("email", MARIE, "Donnez une autre adresse : quelqu'un se connecte déjà avec celle-ci"),
        (
            "email",
            "ANNE@grandlarge.example",
            "Donnez une autre adresse : quelqu'un se connecte déjà avec celle-ci",
        ),
        ("service", None, "Choisissez le service"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_is_kept(
    root: Browser, people: SimpleNamespace, field: str, value: str | None, message: str
) -> None:
    root.submit(TEAM, **(LEA | {field: value}))
    assert root.status == 422
    assert root.faults() == [message]
    if field != "last_name":
        assert root.page.find(id="last_name")["value"] == "Brun"


def test_another_service_counts_from_the_next_request_on(
    root: Browser, people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    marie = new_browser().log_in(MARIE)
    assert marie.open("/equipe/messages/commercial").status == 200
    root.open(page_of(people.marie)).submit(page_of(people.marie), service="accounting")
    assert "Marie Duval : Comptabilité." in root.text
    assert marie.open("/equipe/messages/commercial").status == 403
    assert marie.open("/equipe/messages/comptabilite").status == 200
    assert [mail.recipient for mail in db.session.scalars(sa.select(OutboxMessage))] == [MARIE]


def test_a_suspended_member_is_out_at_once_and_may_come_back(
    root: Browser, people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    marie, page = new_browser().log_in(MARIE), page_of(people.marie)
    root.open(page).submit(f"{page}/suspendre")
    assert marie.open("/equipe").url.startswith("/connexion")
    assert marie.submit("/connexion", email=MARIE, password=cast.PASSWORD).status == 422
    root.open(page).submit(f"{page}/rouvrir")
    assert marie.log_in(MARIE).open("/equipe").status == 200
    assert [action for action, *_ in acts()] == ["team.suspend", "team.reopen"]


def test_nobody_changes_ones_own_place_so_that_settings_never_stand_empty(
    root: Browser, people: SimpleNamespace
) -> None:
    root.open(page_of(people.root))
    assert [form["action"] for form in root.page.select("main form")] == []
    for act in ("", "/suspendre"):
        root.post(f"{page_of(people.root)}{act}", service="sales")
        assert root.status == 409
        assert "Vous ne changez pas votre propre accès" in root.text
    assert people.root.service is Service.SETTINGS


def test_the_last_of_settings_stays_even_when_somebody_has_just_left(
    app: Flask, root: Browser, people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    second = cast.staff("second@equipe.example", "Second Root", Service.SETTINGS)
    db.session.commit()
    page = page_of(people.root)
    other = new_browser().log_in(second.email).open(page)
    second.service = Service.SALES
    db.session.commit()
    assert other.post(f"{page}/suspendre").status == 403
    second.service, second.disabled_at = Service.SETTINGS, None
    db.session.commit()
    other.open(page).submit(f"{page}/suspendre")
    assert people.root.disabled_at is not None
    root.post(f"{page_of(second)}/suspendre")
    assert second.disabled_at is None


def test_a_lost_second_factor_is_reset_and_recorded(
    app: Flask, browser: Browser, people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    app.config["STAFF_TOTP"] = True
    second_factor.begin(people.marie)
    db.session.flush()
    secret = second_factor.of(people.marie).secret
    db.session.commit()
    with app.test_request_context():
        second_factor.confirm(people.marie, pyotp.TOTP(secret).at(clock.now()))
    db.session.commit()
    app.config["STAFF_TOTP"] = False
    page = page_of(people.marie)
    browser.log_in(ROOT).open(page)
    assert "8 codes de secours restants" in browser.text
    browser.submit(f"{page}/second-facteur")
    assert "Le second facteur de Marie Duval est effacé." in browser.text
    assert second_factor.of(people.marie) is None
    journal = browser.open("/equipe/journal?q=second+facteur").text
    assert "Root Admin Second facteur effacé marie@equipe.example" in journal


@pytest.mark.parametrize(
    "email", [MARIE, "hugo@equipe.example", "ines@equipe.example", "anne@grandlarge.example"]
)
def test_settings_alone_keep_the_team(browser: Browser, people: SimpleNamespace, email: str) -> None:
    browser.log_in(email)
    assert browser.open(TEAM).status == 403
    browser.open("/faq")
    for url in (
        TEAM,
        *(f"{page_of(people.hugo)}{act}" for act in ("", "/suspendre", "/lien", "/second-facteur")),
    ):
        assert browser.post(url, **LEA).status == 403, url
    assert db.session.scalar(sa.select(sa.func.count(User.id))) == 8


def test_a_bookseller_is_no_member_of_the_team(root: Browser, people: SimpleNamespace) -> None:
    assert root.open(f"{TEAM}/{people.anne.key}").status == 404


def test_staff_are_let_in_from_the_command_line(app: Flask, people: SimpleNamespace) -> None:
    options = ["--first-name", "Léa", "--last-name", "Brun", "--service", "after_sales"]
    run = app.test_cli_runner().invoke(args=["user", "add-staff", "lea@equipe.example", *options])
    assert run.output == "Léa Brun, Service après-vente : courriel envoyé à lea@equipe.example\n"
    assert user_of("lea@equipe.example").service is Service.AFTER_SALES
    again = app.test_cli_runner().invoke(args=["user", "add-staff", "lea@equipe.example", *options])
    assert again.exit_code == 1
    assert "Quelqu’un se connecte déjà avec lea@equipe.example." in again.output

"""Where the configuration comes from, and what production refuses."""

import datetime as dt
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from harmattan.core import clock, links
from harmattan.core.config import UnsafeConfiguration
from harmattan.core.settings import house

SAFE = {
    "ENV_NAME": "production",
    "SECRET_KEY": "x" * 32,
    "PUBLIC_URL": "https://libraires.example",
    "TESTING": False,
}


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("HARMATTAN_", "MAIL_")) or name in (
            "SECRET_KEY",
            "DATABASE_URL",
            "PUBLIC_URL",
            "PAYMENT_SECRET",
        ):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY has fewer than 32 octets"),
        ({"SECRET_KEY": "x" * 31}, "SECRET_KEY has fewer than 32 octets"),
        ({"PUBLIC_URL": ""}, "PUBLIC_URL is not an https address"),
        ({"PUBLIC_URL": "http://libraires.example"}, "PUBLIC_URL is not an https address"),
        ({"HOUSE": {"payment_page": "https://payer.example"}}, "PAYMENT_SECRET has fewer than 32 octets"),
        ({"PAYMENT_SECRET": "short"}, "PAYMENT_SECRET has fewer than 32 octets"),
        ({"DEMO": True}, "HARMATTAN_DEMO is set"),
        ({"DEBUG": True}, "debug is on"),
    ],
)
def test_production_refuses_to_start_and_says_why(
    new_app: Callable[..., Flask], change: dict[str, object], fault: str
) -> None:
    with pytest.raises(UnsafeConfiguration, match=fault):
        new_app(**(SAFE | change))


def test_production_refuses_another_clock(
    new_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARMATTAN_CLOCK", "2026-11-23T10:00")
    with pytest.raises(UnsafeConfiguration, match="HARMATTAN_CLOCK is set"):
        new_app(**SAFE)


def test_production_protects_its_cookie_and_its_transport(new_app: Callable[..., Flask]) -> None:
    client = new_app(**SAFE).test_client()
    answer = client.get("/connexion", base_url="https://libraires.example")
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("host", ["mechant.example", "libraires.example.mechant.example"])
def test_production_answers_to_its_own_name_only(new_app: Callable[..., Flask], host: str) -> None:
    client = new_app(**SAFE).test_client()
    answer = client.get("/connexion", base_url=f"https://{host}")
    assert answer.status_code == 400
    assert host not in answer.text


def test_links_come_from_the_public_address_whatever_the_request_says(new_app: Callable[..., Flask]) -> None:
    app = new_app(PUBLIC_URL="https://libraires.example/")
    with app.test_request_context("/", base_url="https://mechant.example"):
        assert links.absolute("access.log_in", next="/faq") == "https://libraires.example/connexion?next=/faq"


def test_development_draws_a_secret_of_its_own_and_keeps_it(
    new_app: Callable[..., Flask], tmp_path: Path
) -> None:
    first = new_app(SECRET_KEY="").config["SECRET_KEY"]
    assert new_app(SECRET_KEY="").config["SECRET_KEY"] == first
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "instance" / "secret_key").stat().st_mode) == 0o600


def test_the_environment_wins_over_the_file_and_the_file_over_the_defaults(
    new_app: Callable[..., Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "config.py").write_text(
        "MAIL_SERVER = 'file.example'\nMAIL_PORT = 2525\nHOUSE = {'sales_phone': '01 02 03 04 05'}\n"
    )
    monkeypatch.setenv("MAIL_SERVER", "environment.example")
    monkeypatch.setenv("HARMATTAN_THROTTLE", "2.5")
    app = new_app()
    assert app.config["MAIL_SERVER"] == "environment.example"
    assert app.config["MAIL_PORT"] == 2525
    assert app.config["MAIL_TIMEOUT"] == 5
    assert app.config["THROTTLE"] == 2.5
    with app.app_context():
        assert house().sales_phone == "01 02 03 04 05"
        assert house().after_sales_phone == "01 40 46 79 20"


def test_the_clock_of_a_demonstration_starts_where_it_is_told_and_ticks(
    new_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARMATTAN_CLOCK", "2027-02-03T04:05")
    new_app(DEMO=True)
    first = clock.now()
    assert clock.in_paris(first).strftime("%Y-%m-%d %H:%M") == "2027-02-03 04:05"
    assert first <= clock.now() < first + dt.timedelta(minutes=1)


def test_the_clock_is_the_real_one_outside_tests_and_demonstration(
    new_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.start_at(None)
    monkeypatch.setenv("HARMATTAN_CLOCK", "2027-02-03T04:05")
    new_app(TESTING=False)
    assert abs(clock.now() - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)

"""Where the configuration comes from: defaults, `instance/config.py`, then the environment (contract.md)."""

import datetime as dt
import os
import secrets
from pathlib import Path

from flask import Flask

from harmattan.core import clock

MINIMUM_SECRET_OCTETS = 32

DEFAULTS = {
    "MAX_CONTENT_LENGTH": 12 * 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
    "MAX_FORM_PARTS": 1_000,
    "SESSION_COOKIE_HTTPONLY": True,
    "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},  # a fault that is logged tells no secret
    "SESSION_COOKIE_SAMESITE": "Lax",
    "WTF_CSRF_TIME_LIMIT": None,  # the session ends it
    "MAIL_SERVER": "",
    "MAIL_PORT": 25,
    "MAIL_TIMEOUT": 5,
    "MAIL_SUPPRESS_SEND": False,
    "IMAP_SERVER": "",
    "IMAP_PORT": 993,
    "IMAP_USE_SSL": True,
    "IMAP_USERNAME": "",
    "IMAP_PASSWORD": "",
    "IMAP_FOLDER": "INBOX",
    "THROTTLE": 1.0,
    "DEMO": False,
    "ENV_NAME": "development",
    "PUBLIC_URL": "",
    "PROXY_HOPS": 0,
    "HTMX_FILE": "",
    "HOUSE": {},
    "HOUSE_REFRESH_SECONDS": 10,  # how soon a process learns of settings that another has kept
    "PAYMENT_SECRET": "",
    "SECRET_KEY": "",
    "SECRET_KEY_FALLBACKS": [],
}

POSTGRES_OPTIONS = {
    "pool_pre_ping": True,  # a connection that was cut is replaced before it is used (F12)
    "connect_args": {
        "connect_timeout": 5,
        "tcp_user_timeout": 5_000,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
    },
}
"""A server that has gone away, or says nothing any more, is a refusal after some five seconds."""

_FROM_ENVIRONMENT = {
    "SECRET_KEY": ("SECRET_KEY", str),
    "PUBLIC_URL": ("PUBLIC_URL", str),
    "DATABASE_URL": ("SQLALCHEMY_DATABASE_URI", str),
    "HARMATTAN_ENV": ("ENV_NAME", str),
    "PAYMENT_SECRET": ("PAYMENT_SECRET", str),
    "HARMATTAN_THROTTLE": ("THROTTLE", float),
    "MAIL_SERVER": ("MAIL_SERVER", str),
    "MAIL_PORT": ("MAIL_PORT", int),
    "MAIL_USERNAME": ("MAIL_USERNAME", str),
    "MAIL_PASSWORD": ("MAIL_PASSWORD", str),
    "IMAP_SERVER": ("IMAP_SERVER", str),
    "IMAP_PORT": ("IMAP_PORT", int),
    "IMAP_USERNAME": ("IMAP_USERNAME", str),
    "IMAP_PASSWORD": ("IMAP_PASSWORD", str),
    "IMAP_FOLDER": ("IMAP_FOLDER", str),
}
_FLAGS = {"HARMATTAN_DEMO": "DEMO", "HARMATTAN_STAFF_TOTP": "STAFF_TOTP", "MAIL_USE_TLS": "MAIL_USE_TLS"}
_TRUE = ("1", "true", "yes", "oui", "on")


class UnsafeConfiguration(RuntimeError):
    """Production must not start like this; the message names what to set."""


def instance_path() -> str:
    """The instance folder: `HARMATTAN_INSTANCE`, or `instance/` beside the code."""
    return os.environ.get("HARMATTAN_INSTANCE") or str(Path(__file__).parents[2] / "instance")


def load(app: Flask, overrides: dict[str, object] | None = None) -> None:
    """Fill the application's configuration and check it."""
    Path(app.instance_path).mkdir(parents=True, exist_ok=True)
    app.config.update(DEFAULTS)
    app.config.from_pyfile(str(Path(app.instance_path, "config.py").absolute()), silent=True)
    _from_environment(app)
    app.config.update(overrides or {})
    app.config.setdefault(
        "SQLALCHEMY_DATABASE_URI", f"sqlite:///{Path(app.instance_path, 'harmattan.db').absolute()}"
    )
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = POSTGRES_OPTIONS | app.config["SQLALCHEMY_ENGINE_OPTIONS"]
    is_production = app.config["ENV_NAME"] == "production"
    app.config.setdefault("STAFF_TOTP", is_production)
    if is_production:
        _check_production(app)
    app.config["PUBLIC_URL"] = (
        app.config["PUBLIC_URL"] or f"http://127.0.0.1:{os.environ.get('PORT', '5000')}"
    )
    if not app.config["SECRET_KEY"]:
        app.config["SECRET_KEY"] = _generated_secret(Path(app.instance_path, "secret_key"))
    _start_clock(app)


def _from_environment(app: Flask) -> None:
    for variable, (key, kind) in _FROM_ENVIRONMENT.items():
        if value := os.environ.get(variable):
            app.config[key] = kind(value)
    for variable, key in _FLAGS.items():
        if variable in os.environ:
            app.config[key] = os.environ[variable].lower() in _TRUE


def _check_production(app: Flask) -> None:
    faults = {
        "debug is on": app.debug,
        "HARMATTAN_DEMO is set": app.config["DEMO"],
        "HARMATTAN_CLOCK is set": bool(os.environ.get("HARMATTAN_CLOCK")),
        f"SECRET_KEY has fewer than {MINIMUM_SECRET_OCTETS} octets": _is_short(app.config["SECRET_KEY"]),
        f"PAYMENT_SECRET has fewer than {MINIMUM_SECRET_OCTETS} octets": _hands_over_payments(app)
        and _is_short(app.config["PAYMENT_SECRET"]),
        "PUBLIC_URL is not an https address": not app.config["PUBLIC_URL"].startswith("https://"),
    }
    found = [fault for fault, present in faults.items() if present]
    if found:
        raise UnsafeConfiguration("production refuses to start: " + "; ".join(found))
    app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_NAME="__Host-session")


def _is_short(secret: object) -> bool:
    return len(str(secret).encode()) < MINIMUM_SECRET_OCTETS


def _hands_over_payments(app: Flask) -> bool:
    """Whether a payment page of its own is named: whoever guesses its secret books payments (ADR 17).

    The house's public page, without a secret, is a bare link; nothing is believed of it.
    """
    return bool(app.config["PAYMENT_SECRET"] or app.config["HOUSE"].get("payment_page"))


def _generated_secret(file: Path) -> str:
    """A secret of this instance alone, for development and the demonstration."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()


def _start_clock(app: Flask) -> None:
    start = os.environ.get("HARMATTAN_CLOCK")
    if start and (app.config["DEMO"] or app.testing):
        clock.start_at(dt.datetime.fromisoformat(start))

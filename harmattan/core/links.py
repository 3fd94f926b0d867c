"""Absolute addresses for mails and documents: from the configured public address, never from a request."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter


def absolute(endpoint: str, **values: Any) -> str:
    """The page's address as a customer can open it; works outside a request too."""
    return public_url() + path(endpoint, **values)


def path(endpoint: str, **values: Any) -> str:
    """The page's address within the portal, for what is written outside a request."""
    return current_app.url_map.bind(urlsplit(public_url()).netloc).build(endpoint, values)


def public_url() -> str:
    """Where the portal is reached, without a final slash."""
    address: str = current_app.config["PUBLIC_URL"]
    return address.rstrip("/")


class Number(IntegerConverter):
    """`<int:…>`: a longer number would be too long for the database, and is nobody's."""

    regex = r"[0-9]{1,9}"


def init_app(app: Flask) -> None:
    """Answer only to our own host name, and believe as many proxies as there are (`PROXY_HOPS`)."""
    app.url_map.converters["int"] = Number
    if app.config["ENV_NAME"] == "production":
        app.config["TRUSTED_HOSTS"] = [urlsplit(app.config["PUBLIC_URL"]).hostname]
    hops = app.config["PROXY_HOPS"]
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]

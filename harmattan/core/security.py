"""The headers every answer carries (reliability.md, ASVS 3.4)."""

import ipaddress
import re
import uuid
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request

_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f]")
_CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

View = TypeVar("View", bound=Callable[..., object])


def init_app(app: Flask) -> None:
    """Give each request an id, and each answer its headers."""

    @app.before_request
    def _identify() -> None:
        g.request_id = uuid.uuid4().hex[:12]
        _let_in_as_much_as_the_view_takes(app)
        _refuse_what_no_form_sends(app.config["MAX_FORM_PARTS"], app.config["MAX_FORM_MEMORY_SIZE"])

    @app.after_request
    def _protect(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["X-Request-Id"] = request_id()
        if app.config["ENV_NAME"] == "production":
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return response


def takes_octets(limit: int) -> Callable[[View], View]:
    """Let this view's forms carry more than others (`MAX_CONTENT_LENGTH`), for several files at once."""

    def decorate(view: View) -> View:
        view.__dict__["octets"] = limit
        return view

    return decorate


def _let_in_as_much_as_the_view_takes(app: Flask) -> None:
    view = app.view_functions.get(request.endpoint or "")
    if view is not None and "octets" in view.__dict__:
        request.max_content_length = view.__dict__["octets"]


def _refuse_what_no_form_sends(most_fields: int, most_octets: int) -> None:
    """No form of ours is as long, no text of ours holds a NUL; Werkzeug looks at forms with files alone.

    Nor has an address of ours any control character: it is nobody's page.
    """
    if _CONTROL_CHARACTER.search(request.path):
        abort(404)
    if request.mimetype == "application/x-www-form-urlencoded":
        if (request.content_length or 0) > most_octets:
            abort(413)
        if len(request.form) > most_fields:
            abort(413)
    said = (*request.args.values(), *request.form.values())
    if any("\0" in text for text in said):
        abort(400)


def hide_address(response: Response) -> Response:
    """The page's address is a secret: no Referer names it. Its origin stays, which forms over https need."""
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


def shown_path() -> str:
    """The request's path as logs show it, without the secret word that some addresses carry (ASVS 14.2.1)."""
    word = (request.view_args or {}).get("token")
    return request.path.replace(word, "…") if word else request.path


def request_id() -> str:
    """The id of the request under way, as error pages and logs show it."""
    known: str | None = g.get("request_id")
    return known or "-"


def network() -> str:
    """Where the request comes from, as limits count it: an address, or all those of one IPv6 line."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:  # a socket of this machine
        return "-"
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ipaddress.IPv6Network((address, 64), strict=False))


def asks_publicly() -> bool:
    """Whether the page asked for is open to visitors (`access.gate.public`); an unknown one is no page."""
    view = current_app.view_functions.get(request.endpoint or "")
    return view is not None and "is_public" in view.__dict__


def is_foreign_origin() -> bool:
    """Whether a browser says that another site sent this request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("cross-site", "same-site")
    origin = request.headers.get("Origin")  # what older browsers say
    return origin is not None and urlsplit(origin).netloc != request.host

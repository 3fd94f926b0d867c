"""How every request is answered: the whole page to a plain browser, its fragment to HTMX (R101, R102).

The only module that knows HTMX's headers (ADR 5).
"""

import io
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, make_response, redirect, render_template, request, send_file
from htmx_flask import request as htmx_request

from harmattan.core.extensions import db

Fragment = str | tuple[str, ...]

_STOP_POLLING = 286
_TO_CORRECT = 422


def wants_fragment() -> bool:
    """Whether HTMX asked, and for a part of the page rather than for its history."""
    return bool(htmx_request.htmx) and not htmx_request.htmx.history_restore_request


def show(page: str, fragment: Fragment, status: int = 200, **context: Any) -> Response:
    """Answer a GET, or an input to be corrected (422): the page, or with HTMX only the fragment.

    A tuple of fragments answers the first one to the element that asked, and the others beside it:
    they replace the elements of the same id (`data-hx-select-oob`). What is to be corrected says so first
    in the title of its page.
    """
    templates = _fragments(fragment) if wants_fragment() else (page,)
    return _answer(templates, status, context | {"to_correct": status == _TO_CORRECT})


def progress(page: str, fragment: Fragment, *, finished: bool, **context: Any) -> Response:
    """Answer a page that HTMX asks for again and again; once finished, tell it to stop."""
    status = _STOP_POLLING if finished and wants_fragment() else 200
    return show(page, fragment, status, **context)


def done(url: str, fragment: Fragment | None = None, **context: Any) -> Response:
    """Answer a successful POST: the new fragment with HTMX, else a redirect (303) to `url`.

    Without a fragment HTMX is sent to `url` too.
    """
    if not wants_fragment():
        return make_response(redirect(url, 303))
    if fragment is None:
        return leave(url)
    return _answer(_fragments(fragment), 200, context)


def renewed(url: str, fragment: Fragment, read: Callable[[], Mapping[str, Any]]) -> Response:
    """The same after a commit whose rows were changed beside what was read: `read` gives the context anew.

    Nothing is read for a browser that asks for the page itself.
    """
    if not wants_fragment():
        return leave(url)
    db.session.expire_all()
    return done(url, fragment, **read())


def leave(url: str) -> Response:
    """Send the browser to another page, whichever way it asked."""
    if not wants_fragment():
        return make_response(redirect(url, 303))
    response = make_response("", 200)
    response.headers["HX-Redirect"] = url
    return response


def paper(content: bytes, name: str, mimetype: str = "application/pdf") -> Response:
    """A document, for the browser to show and print."""
    response = make_response(content)
    response.mimetype = mimetype
    response.headers.set("Content-Disposition", "inline", filename=name)
    return response


def saved(content: bytes, name: str, mimetype: str | None = None) -> Response:
    """A file to be saved under this name (RFC 6266), never shown; its ending says its type, or `mimetype`."""
    return send_file(io.BytesIO(content), mimetype, as_attachment=True, download_name=name, etag=False)


def page_of_form() -> str:
    """The page that shows the form being sent, as path and query: where to lead back to.

    The address asked for itself, where the browser does not say or names another site.
    """
    said = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
    if request.method in ("GET", "HEAD") and not wants_fragment():
        return request.full_path.rstrip("?")
    if said.netloc != request.host or not said.path.startswith("/"):
        return request.path
    path = "/" + said.path.lstrip("/")  # « //evil.example » would lead to another site
    return path + (f"?{said.query}" if said.query else "")


def _fragments(fragment: Fragment) -> tuple[str, ...]:
    return (fragment,) if isinstance(fragment, str) else fragment


def _answer(templates: tuple[str, ...], status: int, context: dict[str, Any]) -> Response:
    html = "\n".join(render_template(template, **context) for template in templates)
    return make_response(html, status)


def init_app(app: Flask) -> None:
    """Say on every answer that it depends on who asked how, and that it is not to be kept."""
    app.jinja_env.globals["is_fragment"] = wants_fragment

    @app.after_request
    def _headers(response: Response) -> Response:
        response.vary.add("HX-Request")
        response.headers["Cache-Control"] = "no-store"
        return response

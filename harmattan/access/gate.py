"""The gate: closed by default. A page opens to whoever is logged in, unless it says otherwise.

`@public` opens a page to visitors; `@needs(...)` asks a permission of booksellers; staff of the
services named by `staff_may_read` may look at a customer's page.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, Response, abort, current_app, g, request, url_for
from flask_login import current_user

from harmattan.access.rules import Permission
from harmattan.core import answers, drafts, security

_OPEN_WITH_TEMPORARY_PASSWORD = ("access.new_password", "access.choose_password", "access.log_out")

P = ParamSpec("P")
R = TypeVar("R")
View = TypeVar("View", bound=Callable[..., object])


def public(view: View) -> View:
    """Open this page to visitors."""
    view.__dict__["is_public"] = True
    return view


def needs(
    permission: Permission, *, staff_may_read: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Ask this permission; with `staff_may_read`, staff may GET the page too."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if current_user.is_staff:
                if not (staff_may_read and request.method in ("GET", "HEAD")):
                    abort(403)
            elif not current_user.may(permission):
                abort(403)
            return view(*args, **kwargs)

        guarded.__dict__["permission"] = permission  # the access table of the tests reads it
        return guarded

    return decorate


def booksellers_only(view: Callable[P, R]) -> Callable[P, R]:
    """Any bookseller, whatever the rights; no staff."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if current_user.is_staff:
            abort(403)
        return view(*args, **kwargs)

    guarded.__dict__["for_booksellers"] = True
    return guarded


def _lead_to_new_password() -> Response | None:
    """A temporary password opens nothing but the choice of a new one, and log-out (R33)."""
    if request.endpoint in _OPEN_WITH_TEMPORARY_PASSWORD:
        return None
    return answers.leave(url_for("access.new_password"))


def opens(endpoint: str) -> bool:
    """Whether the page lets this person in, so that no link leads to a refusal: what its guards say."""
    view = current_app.view_functions[endpoint]
    marks = view.__dict__
    if current_user.is_staff:
        closed_to_staff = "for_booksellers" in marks or "permission" in marks
        return not closed_to_staff and current_user.service in marks.get("services", (current_user.service,))
    if endpoint.startswith("staff."):
        return False
    if not current_user.is_authenticated:
        return "is_public" in marks
    return "permission" not in marks or current_user.may(marks["permission"])


def init_app(app: Flask) -> None:
    """Close every page that does not say otherwise."""
    app.before_request(_ask_for_log_in)
    app.jinja_env.globals["opens"] = opens


def _ask_for_log_in() -> Response | None:
    if request.endpoint is None:
        return None  # an unknown address is a 404 for everybody
    if current_user.is_authenticated:
        return _lead_to_new_password() if g.must_choose_password else None
    if getattr(current_app.view_functions[request.endpoint], "is_public", False):
        return None
    page = answers.page_of_form()
    if request.method == "POST" and not security.is_foreign_origin():
        drafts.keep(page)
    return answers.leave(url_for("access.log_in", next=page))

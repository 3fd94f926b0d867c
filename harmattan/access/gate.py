"""The gate: closed by default. A page opens to whoever is logged in, unless it says otherwise.

`@public` opens a page to visitors; `@needs(...)` asks a permission of booksellers; staff of the
services named by `staff_may_read` may look at a customer's page; `@unattended` marks what pages ask by
themselves.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import Flask, Response, abort, current_app, g, request, url_for
from flask_login import current_user

from harmattan.access.rules import Permission, Stage
from harmattan.access.viewing import OnlyLooking
from harmattan.core import answers, drafts, security

_ASKED_FOR = {
    Stage.NEW_PASSWORD: ("access.new_password", "access.choose_password"),
    Stage.SECOND_FACTOR: (
        *("second_factor.code", "second_factor.check_code"),
        *("second_factor.set_up", "second_factor.confirm"),
    ),
}
"""What a log-in that is not open yet leads to; the first of each is where it starts (R33)."""

_OPEN_TO_VIEWERS = ("viewing.stop", "access.log_out")

_LOCAL_ADDRESS = re.compile(r"/(?![/\\])[A-Za-z0-9/_.?=&%+-]*")

P = ParamSpec("P")
R = TypeVar("R")
View = TypeVar("View", bound=Callable[..., object])


def public(view: View) -> View:
    """Open this page to visitors."""
    view.__dict__["is_public"] = True
    return view


def unattended(view: View) -> View:
    """Asked for by an open page and not by anybody: it keeps no session alive."""
    view.__dict__["is_unattended"] = True
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


def personal(view: View) -> View:
    """A page of the person alone: our services never see it for them."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> object:
        return view(*args, **kwargs) if current_user.seen_by is None else abort(403)

    guarded.__dict__["is_personal"] = True
    return cast(View, guarded)


def _lead_on(stage: Stage) -> Response | None:
    """A log-in that is not open yet opens nothing but what it still asks for, and log-out."""
    asked_for = _ASKED_FOR[stage]
    if request.endpoint in (*asked_for, "access.log_out"):
        return None
    wished = answers.page_of_form() if stage is Stage.SECOND_FACTOR else None
    return answers.leave(url_for(asked_for[0], next=wished))


def _only_look() -> None:
    """« Voir comme le client » reads: nothing is done in a bookseller's name (the rights table)."""
    reads = request.method in ("GET", "HEAD", "OPTIONS")
    if current_user.seen_by and not reads and request.endpoint not in _OPEN_TO_VIEWERS:
        raise OnlyLooking(
            f"Vous voyez l’espace comme {current_user.name} : rien ne se fait à sa place. Quittez cette vue,"
            " ou laissez le libraire le faire."
        )


def next_page() -> str:
    """Where whoever logs in wanted to go, if that is a page of ours."""
    wished = request.values.get("next", "")
    return wished if _LOCAL_ADDRESS.fullmatch(wished) else url_for("home.start")


def opens(endpoint: str) -> bool:
    """Whether the page lets this person in, so that no link leads to a refusal: what its guards say."""
    view = current_app.view_functions[endpoint]
    marks = view.__dict__
    if current_user.is_staff:
        closed_to_staff = "for_booksellers" in marks or "permission" in marks
        return not closed_to_staff and current_user.service in marks.get("services", (current_user.service,))
    of_staff = endpoint.startswith("staff.") or "services" in marks
    if of_staff or (current_user.seen_by and "is_personal" in marks):
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
        _only_look()
        stage: Stage = g.login_session.stage
        return None if stage is Stage.OPEN else _lead_on(stage)
    if security.asks_publicly():
        return None
    page = answers.page_of_form()
    if request.method == "POST" and not security.is_foreign_origin():
        drafts.keep(page)
    return answers.leave(url_for("access.log_in", next=page))

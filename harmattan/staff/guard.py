"""The single guard of /equipe: staff only, and single pages for single services."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Blueprint, abort
from flask_login import current_user

from harmattan.core.services import Service

P = ParamSpec("P")
R = TypeVar("R")


def blueprint(*areas: Blueprint) -> Blueprint:
    """The /equipe pages: each area brings its own, all behind one guard."""
    equipe = Blueprint("staff", __name__, url_prefix="/equipe")
    equipe.before_request(_only_staff)
    for area in areas:
        equipe.register_blueprint(area)
    return equipe


def _only_staff() -> None:
    if not current_user.is_staff:
        abort(403)


def for_services(*services: Service) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Open a staff page to these services alone."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if current_user.service not in services:
                abort(403)
            return view(*args, **kwargs)

        guarded.__dict__["services"] = services  # the access table of the tests reads it
        return guarded

    return decorate

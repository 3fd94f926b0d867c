"""Refusals and failures: a French page that says what happened and where the open door is.

A service raises a `Refusal`; nobody else decides a status. With HTMX the answer is the fragment
`#avis`, which every layout has.
"""

import logging
from collections.abc import Callable, Sequence
from typing import ClassVar

from flask import Flask, Response, g, make_response, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException, SecurityError

from harmattan.core import answers, drafts, security
from harmattan.core.extensions import db, login
from harmattan.core.once import AlreadyDone
from harmattan.core.throttle import TooMany

log = logging.getLogger(__name__)

SECONDS_UNTIL_RETRY = 30
OUR_PAGES = "/equipe"
"""Where the addresses of our services begin."""


class Refusal(Exception):
    """The trade's rules say no. Subclasses are named after the rule; the text explains it."""

    status: ClassVar[int] = 409
    title: ClassVar[str] = "Cette action n’est pas possible"

    def __init__(self, message: str, way_on: tuple[str, str] | None = None):
        super().__init__(message)
        self.message = message
        self.way_on = way_on
        """The open door: (label, address)."""


_TEXTS = {
    400: ("La demande n’a pas pu être lue", "Revenez à la page précédente et recommencez."),
    403: (
        "Vous n’avez pas accès à cette page",
        "Il vous manque un droit : l’utilisateur principal de votre librairie peut l’accorder.",
    ),
    404: (
        "Cette page n’existe pas",
        "L’adresse est peut-être incomplète, ou ce document n’est pas sur votre compte.",
    ),
    405: ("Cette action ne se fait pas ainsi", "Revenez à la page précédente et utilisez ses boutons."),
    409: ("Cette action n’est plus possible", "L’état a changé entre-temps. Rechargez la page."),
    413: ("L’envoi est trop lourd", "Envoyez moins de 10 Mo à la fois, en plusieurs fichiers si besoin."),
    429: ("Trop d’essais en peu de temps", "Patientez quelques minutes, puis recommencez, ou appelez-nous."),
    500: (
        "Le portail a rencontré une panne",
        "Rien n’a été perdu de ce qui était enregistré. Recommencez dans un instant, ou appelez-nous.",
    ),
    503: (
        "Le portail est très occupé",
        "Rien n’a été enregistré. Recommencez dans une demi-minute.",
    ),
}

_SEEN_AS_CUSTOMER = (
    "Cette page n’est pas ouverte ici",
    "Cette personne n’en a pas le droit, ou votre service ne la voit pas.",
)
_ANOTHER_SERVICE = ("Vous n’avez pas accès à cette page", "Elle est celle d’un autre service que le vôtre.")
_OUR_SERVICES = ("Vous n’avez pas accès à cette page", "Elle est celle de nos services.")


def init_app(app: Flask) -> None:
    """Answer every refusal and failure."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(TooMany, _too_many)
    app.register_error_handler(AlreadyDone, lambda done: answers.leave(done.result_url))
    app.register_error_handler(CSRFError, expired_form)
    app.register_error_handler(OperationalError, _database_busy)
    app.register_error_handler(NoConnectionFree, _database_busy)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(HTTPException, _http_error)


def error_page(
    status: int,
    title: str,
    message: str,
    way_on: tuple[str, str] | None = None,
    typed: Sequence[tuple[str, str]] = (),
) -> Response:
    """The page, or the notice, of one refusal; `typed` is what the page sends again as it was."""
    db.session.rollback()
    page = "errors/page.html"
    if status >= 500:
        page = "errors/failure.html"
        g._login_user = login.anonymous_user()  # who asks is a question to the database, which may be gone
    if status in (403, 409, 429):
        log.info("refused %s %s: %s", request.method, security.shown_path(), status)
    try:
        return answers.show(
            page,
            "errors/_avis.html",
            status=status,
            title=title,
            message=message,
            way_on=way_on,
            typed=typed,
            request_id=security.request_id(),
            in_staff_area=request.path.startswith(OUR_PAGES),
        )
    except Exception:
        log.exception("the error page cannot be drawn")
        return _last_resort(status, title, message)


def _last_resort(status: int, title: str, message: str) -> Response:
    """No template, no fact of the house: what can be said when even the error page fails (ASVS 16.5.4)."""
    said = escape(f"{title}. {message} Référence : {security.request_id()}")
    return make_response(f'<div id="avis"><p role="alert">{said}</p></div>', status)


def refused(refusal: Refusal) -> Response:
    """The page, or the notice, of a rule of the trade that says no."""
    return error_page(refusal.status, refusal.title, refusal.message, refusal.way_on)


def _too_many(refusal: TooMany) -> Response:
    response = error_page(429, *_TEXTS[429])
    response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _page_asks_for_log_in() -> bool:
    return not current_user.is_authenticated and not security.asks_publicly()


def expired_form(_fault: CSRFError, *, must_log_in: Callable[[], bool] = _page_asks_for_log_in) -> Response:
    """The form's token is too old: keep what was typed and show the page again (never to a foreign site).

    Whoever `must_log_in` finds it after that.
    """
    log.info("a form without its token came to %s", security.shown_path())
    if security.is_foreign_origin():
        return error_page(403, *_TEXTS[403])
    page = answers.page_of_form()
    try:
        drafts.keep(page)
        if must_log_in():
            return answers.leave(url_for("access.log_in", next=page))
    except OperationalError as busy:  # nothing else answers for what a handler raises
        return _database_busy(busy)
    return error_page(
        400,
        "Le formulaire a expiré",
        "Rien n’a été envoyé. Vos saisies sont conservées : rouvrez la page et renvoyez-la.",
        ("Rouvrir la page", page),
    )


def _database_busy(fault: OperationalError | NoConnectionFree) -> Response:
    """What was typed stays in the page that HTMX leaves as it is; a plain answer carries it along (F9)."""
    log.error("database unavailable: %s", getattr(fault, "orig", fault))
    title, message = _TEXTS[503]
    typed, page_stays = drafts.to_send_again(), answers.wants_fragment()
    if typed or page_stays:
        message += " Vos saisies sont conservées."
    way_on = None if page_stays else ("Rouvrir la page", answers.page_of_form())
    response = error_page(503, title, message, way_on, typed)
    response.headers["Retry-After"] = str(SECONDS_UNTIL_RETRY)
    return response


def _foreign_host(_fault: SecurityError) -> Response:
    """Asked under a name that is not ours: no page, for its links would be wrong."""
    return Response("Cette adresse n’est pas celle du portail.", 400, mimetype="text/plain")


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500  # Flask has logged a fault of ours, with its trace
    if status < 400:
        return make_response(error.get_response())
    if status == 403 and current_user.seen_by:
        return error_page(403, *_SEEN_AS_CUSTOMER)
    if status == 403 and current_user.is_staff:
        return error_page(403, *_ANOTHER_SERVICE)
    if status == 403 and request.path.startswith(OUR_PAGES):
        return error_page(403, *_OUR_SERVICES)
    if status == 413 and not answers.wants_fragment():
        return error_page(413, *_TEXTS[413], ("Rouvrir la page", answers.page_of_form()))
    return error_page(status, *_TEXTS.get(status, _TEXTS[500 if status >= 500 else 400]))

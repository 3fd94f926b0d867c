"""A stand-in for the payment page: what a hosted page does, good and bad, for the demonstration and tests.

It is handed a signed link, lets the shop pay or not, and tells the portal by a signed notification.
"""

import datetime as dt
import secrets
from typing import Any

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request
from werkzeug.datastructures import MultiDict

from harmattan.access.gate import public
from harmattan.core import clock, jobs
from harmattan.core.extensions import db
from harmattan.payments import online, signing

bp = Blueprint("payment_page", __name__, url_prefix="/demo/paiement")

CHOICES = {
    "paye": "Payer",
    "refuse": "Carte refusée",
    "abandon": "Abandonner",
    "deux-fois": "Payer, et le dire deux fois",
    "tard": "Payer, et le dire une minute plus tard",
    "moins": "Payer 1,00 € de moins",
    "plus": "Payer 1,00 € de plus",
    "altere": "Payer, avec un avis altéré",
}

JOB = "demo.tell_late"
_LATE = dt.timedelta(minutes=1)


@bp.before_request
def _only_in_the_demonstration() -> None:
    if not current_app.config["DEMO"]:
        abort(404)


@bp.get("")
@public
def show() -> Response:
    """The hand-over, if it is signed."""
    return make_response(
        render_template("demo/payment_page.html", asked=_asked(request.args), choices=CHOICES)
    )


@bp.post("")
@public
def pay() -> Response:
    """What the shop does there; the portal is told, then the browser led back."""
    asked, choice = _asked(request.form), request.form.get("choix", "")
    told = notification(asked, choice)
    if choice == "tard":
        jobs.enqueue(JOB, told, clock.now() + _LATE)
    elif told:
        for _ in range(2 if choice == "deux-fois" else 1):
            _tell(told)
    db.session.commit()
    return make_response(redirect(asked["retour"], 303))


def _tell(told: dict[str, str]) -> None:
    try:
        online.take(told)
    except online.Forged:
        current_app.logger.info("the stand-in's altered notification was refused")


def tell_late(told: dict[str, Any]) -> None:
    """The worker brings a notification long after the browser came back."""
    _tell(told)
    db.session.commit()


def notification(asked: dict[str, str], choice: str) -> dict[str, str]:
    """What the page tells the portal after this choice; nothing where the shop walks away."""
    if choice not in CHOICES or choice == "abandon":
        return {}
    amount = int(asked["montant"]) + {"moins": -100, "plus": 100}.get(choice, 0)
    fields = {
        "transaction": f"DEMO-{secrets.token_hex(8)}",
        "resultat": online.REFUSED if choice == "refuse" else online.PAID,
        "reference": asked["reference"],
        "documents": asked["documents"],
        "montant": str(max(amount, 1)),
        "devise": asked["devise"],
    }
    told = signing.signed(fields, online.secret())
    return {**told, "montant": str(amount + 1)} if choice == "altere" else told


def _asked(values: MultiDict[str, str]) -> dict[str, str]:
    names = ("reference", "documents", "montant", "devise", "retour", "notification", signing.SIGNATURE)
    asked = {name: values.get(name, "") for name in names}
    return asked if signing.is_genuine(asked, online.secret()) else abort(403)

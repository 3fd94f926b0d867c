"""The form of a call about a delivery address: after-sales alone (R86, J13)."""

from flask import Blueprint, Response, flash, url_for
from flask_login import current_user
from wtforms import StringField

from harmattan.core import answers, clock, once
from harmattan.core.extensions import db
from harmattan.core.forms import OneTimeForm, at_most, required
from harmattan.core.places import Address
from harmattan.core.services import Service
from harmattan.orders.models import Order
from harmattan.orders.rules import TRANSITIONS, Action
from harmattan.orders.scope import order_or_404
from harmattan.orders.service import refusal
from harmattan.shipments import address
from harmattan.staff.guard import for_services

bp = Blueprint("shipments_address", __name__, url_prefix="/commandes")


class CallForm(OneTimeForm):
    """Who called, and where the order goes now."""

    appelant = StringField("Qui appelle", [required("Saisissez le nom de qui appelle"), at_most(120)])
    destinataire = StringField("Destinataire", [required("Saisissez le destinataire"), at_most(120)])
    rue = StringField("Numéro et rue", [required("Saisissez le numéro et la rue"), at_most(200)])
    code_postal = StringField("Code postal", [required("Saisissez le code postal"), at_most(12)])
    ville = StringField("Ville", [required("Saisissez la ville"), at_most(80)])


@bp.get("/<reference>/adresse")
@for_services(Service.AFTER_SALES)
def form(reference: str) -> Response:
    """The form, with the present address to be corrected."""
    order = _order(reference)
    place = order.address
    present = {"destinataire": place.recipient, "rue": place.street}
    present |= {"code_postal": place.postal_code, "ville": place.city}
    return _show(order, CallForm(data=present))


@bp.post("/<reference>/adresse")
@for_services(Service.AFTER_SALES)
def record_call(reference: str) -> Response:
    """One press writes the call down and changes the address."""
    order, call = _order(reference), CallForm()
    if made := once.result_of(call.once.data):
        return answers.leave(made)
    if not call.validate():
        return _show(order, call, 422)
    to = Address(
        recipient=call.destinataire.data.strip(),
        street=call.rue.data.strip(),
        postal_code=call.code_postal.data.strip(),
        city=call.ville.data.strip(),
        country=order.address.country,
    )
    address.change(order, to, current_user, caller=call.appelant.data.strip(), called_at=clock.now())
    url = url_for("orders.show", reference=order.reference)
    once.remember(call.once.data, url)
    db.session.commit()
    flash(f"Adresse changée : un courriel le confirme à {order.account.email}.", "fait")
    return answers.leave(url)


def _order(reference: str) -> Order:
    order = order_or_404(reference)
    if Action.CHANGE_ADDRESS not in TRANSITIONS[order.status]:
        raise refusal(order, Action.CHANGE_ADDRESS)
    return order


def _show(order: Order, call: CallForm, status: int = 200) -> Response:
    return answers.show("shipments/address.html", "shipments/_address.html", status, order=order, form=call)

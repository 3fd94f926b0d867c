"""The form of a call about a delivery address: after-sales alone (R86, J13)."""

import re

from flask import Blueprint, Response, flash, url_for
from flask_login import current_user
from wtforms import StringField
from wtforms.validators import ValidationError

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

_FRENCH_CODE = re.compile(r"[0-9]{5}")


class CallForm(OneTimeForm):
    """Who called, and where the order goes now."""

    appelant = StringField("Qui appelle", [required("Saisissez le nom de qui appelle"), at_most(120)])
    destinataire = StringField("Destinataire", [required("Saisissez le destinataire"), at_most(120)])
    rue = StringField("Numéro et rue", [required("Saisissez le numéro et la rue"), at_most(200)])
    code_postal = StringField("Code postal", [required("Saisissez le code postal"), at_most(12)])
    ville = StringField("Ville", [required("Saisissez la ville"), at_most(80)])

    def __init__(self, present: Address):
        super().__init__(
            data={
                "destinataire": present.recipient,
                "rue": present.street,
                "code_postal": present.postal_code,
                "ville": present.city,
            }
        )
        self.present = present

    @property
    def address(self) -> Address:
        """What was typed; the country stays."""
        return Address(
            recipient=(self.destinataire.data or "").strip(),
            street=(self.rue.data or "").strip(),
            postal_code=(self.code_postal.data or "").strip(),
            city=(self.ville.data or "").strip(),
            country=self.present.country,
        )

    def validate_rue(self, _field: StringField) -> None:
        if self.address == self.present:
            raise ValidationError("Cette adresse est déjà celle de la commande : saisissez ce qui change")

    def validate_code_postal(self, _field: StringField) -> None:
        if self.present.country == "FR" and not _FRENCH_CODE.fullmatch(self.address.postal_code):
            raise ValidationError("Saisissez un code postal de 5 chiffres, par exemple 44000")


@bp.get("/<reference>/adresse")
@for_services(Service.AFTER_SALES)
def form(reference: str) -> Response:
    """The form, with the present address to be corrected."""
    order = _order(reference)
    return _show(order, CallForm(order.address))


@bp.post("/<reference>/adresse")
@for_services(Service.AFTER_SALES)
def record_call(reference: str) -> Response:
    """One press writes the call down and changes the address."""
    order = _order(reference)
    call = CallForm(order.address)
    if made := once.result_of(call.once.data):
        return answers.leave(made)
    if not call.validate():
        return _show(order, call, 422)
    caller = call.appelant.data.strip()
    address.change(order, call.address, current_user, caller=caller, called_at=clock.now())
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

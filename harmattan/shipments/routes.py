"""Parcels of a shop: what is in each, whether it has arrived, what was wrong with it (R65–R67)."""

from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_login import current_user
from sqlalchemy.orm import joinedload, selectinload

from harmattan.access.gate import needs
from harmattan.access.rules import Permission
from harmattan.access.scope import visible_or_404
from harmattan.conversations import service as conversations
from harmattan.conversations.forms import MOST_OCTETS
from harmattan.core import answers, once
from harmattan.core.extensions import db
from harmattan.core.security import takes_octets
from harmattan.core.settings import house
from harmattan.core.typography import moment
from harmattan.orders import page as order_page
from harmattan.orders.models import Order
from harmattan.orders.service import no_change
from harmattan.shipments import delivery_note as notes
from harmattan.shipments import lookups, reception, watches
from harmattan.shipments.forms import GapForm
from harmattan.shipments.models import Parcel, Shipment

bp = Blueprint("shipments", __name__, url_prefix="/commandes")


@bp.get("/<reference>/colis/<int:number>")
@needs(Permission.ORDER, staff_may_read=True)
def parcel(reference: str, number: int) -> Response:
    """What a parcel holds, to be checked when it is opened."""
    order, found = _parcel(reference, number)
    return _page(order, found, GapForm(found))


@bp.post("/<reference>/colis/<int:number>/reception")
@needs(Permission.ORDER)
def receive(reference: str, number: int) -> Response:
    """« Tout est arrivé »; the order is delivered with its last parcel."""
    order, found = _parcel(reference, number)
    reception.receive(order, found, current_user)
    return order_page.acted(order, f"Colis {number} : réception notée, tout est arrivé.")


@bp.post("/<reference>/colis/<int:number>/ecart")
@needs(Permission.ORDER)
@takes_octets(MOST_OCTETS)
def report_gap(reference: str, number: int) -> Response:
    """« Signaler un écart »: to after-sales, with order, parcel, lines and photos (J9)."""
    order, found = _parcel(reference, number)
    form = GapForm(found)
    if made := once.result_of(form.once.data):
        return answers.leave(made)
    if not form.validate():
        return _page(order, found, form, 422)
    conversations.count_message(current_user.id, request.remote_addr or "-")
    thread = reception.report(
        order, found, current_user, form.gaps, comment=form.commentaire.data, files=form.files
    )
    url = url_for("conversations.show", reference=thread.reference)
    once.remember(form.once.data, url)
    db.session.commit()
    phone = f"{house().after_sales_phone} ({house().after_sales_key})"
    flash(
        f"Écart signalé sous le numéro {thread.reference}. Le service après-vente répond au plus tard le"
        f" {moment(thread.answer_by)}. Par téléphone : {phone}.",
        "fait",
    )
    return answers.leave(url)


@bp.get("/<reference>/colis/<int:number>/reception")
@bp.get("/<reference>/colis/<int:number>/ecart")
@needs(Permission.ORDER)
def typed(reference: str, number: int) -> Response:
    """A typed or refreshed address of an act is no error: it leads to the parcel."""
    order, found = _parcel(reference, number)
    return answers.leave(url_for(".parcel", reference=order.reference, number=found.number))


@bp.get("/<reference>/bons/<note>.pdf")
@needs(Permission.ORDER, staff_may_read=True)
def delivery_note(reference: str, note: str) -> Response:
    """The delivery note of a shipment, for the check at the counter."""
    order = visible_or_404(Order, reference=reference)
    found = visible_or_404(Shipment, *lookups.WHOLE, order_id=order.id, reference=note)
    return answers.paper(notes.pdf(found), f"{note}.pdf")


@bp.post("/<reference>/adresse")
@needs(Permission.ORDER)
def change_address(reference: str) -> Response:
    """Never from here (R86, R87): says which service does it, and how."""
    order = visible_or_404(Order, reference=reference)
    raise no_change(order, url_for("contact.form", objet="modifier", commande=order.reference))


@bp.get("/<reference>/adresse")
@needs(Permission.ORDER)
def address_typed(reference: str) -> Response:
    order = visible_or_404(Order, reference=reference)
    return answers.leave(url_for("orders.show", reference=order.reference, _anchor="change"))


@bp.post("/<reference>/titres/<isbn>/prevenir")
@needs(Permission.ORDER)
def watch(reference: str, isbn: str) -> Response:
    """« Prévenez-moi » of this title, or no longer."""
    order = _order(reference)
    if not any(line.isbn == isbn for line in order.lines):
        abort(404)
    act = watches.unwatch if request.form.get("prevenir") == "non" else watches.watch
    act(order, isbn, current_user)
    db.session.commit()
    context = order_page.shown(order, request.form)
    url = url_for("orders.show", reference=order.reference, page=request.form.get("page"), _anchor="lines")
    return answers.done(url, "orders/_lines.html", **context)


@bp.get("/<reference>/titres/<isbn>/prevenir")
@needs(Permission.ORDER)
def watch_typed(reference: str, isbn: str) -> Response:
    return answers.leave(url_for("orders.show", reference=_order(reference).reference, _anchor="lines"))


def _order(reference: str) -> Order:
    return visible_or_404(Order, selectinload(Order.lines), reference=reference)


def _parcel(reference: str, number: int) -> tuple[Order, Parcel]:
    order = visible_or_404(Order, joinedload(Order.account), reference=reference)
    return order, lookups.parcel_or_404(order, number)


def _page(order: Order, found: Parcel, form: GapForm, status: int = 200) -> Response:
    context: dict[str, Any] = {"order": order, "shown": lookups.shown(found), "form": form}
    return answers.show("shipments/parcel.html", "shipments/_parcel.html", status, **context)

"""What staff record: departures of parcels (R63), and later what remains of an order."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_login import current_user
from sqlalchemy.orm import selectinload

from harmattan.core import answers, clock, once
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.forms import whole_number
from harmattan.core.settings import house
from harmattan.core.typography import plural
from harmattan.deliveries import rules as delivery_rules
from harmattan.deliveries import service as deliveries
from harmattan.lists.files import MAXIMUM_BYTES
from harmattan.orders import copies, progress
from harmattan.orders import page as order_page
from harmattan.orders.models import Order
from harmattan.orders.rules import Action, Status
from harmattan.orders.scope import order_or_404
from harmattan.orders.service import refusal
from harmattan.shipments import booking, lookups, rest, service
from harmattan.shipments.departure_form import DepartureForm
from harmattan.shipments.forms import RestForm, WarehouseForm, remaining_of, rest_form
from harmattan.shipments.service import SHIPPERS
from harmattan.shipments.warehouse_file import OPTIONAL, REQUIRED, Fault, UnreadableFile
from harmattan.staff.guard import for_services

bp = Blueprint("shipments", __name__)

_FIELD_OF = {service.TooEarly: "livraison", service.AlreadyRecorded: "colis-1-suivi"}
"""Where a refusal of the trade's rules is shown; at the titles where nothing else is named."""


@bp.get("/expeditions")
@for_services(*SHIPPERS)
def index() -> Response:
    """What is to leave, what left last, and the warehouse's file."""
    return _index(WarehouseForm())


@bp.post("/expeditions")
@for_services(*SHIPPERS)
def import_file() -> Response:
    """Book every departure of the warehouse's file, or none; what is wrong is said by line and column."""
    form = WarehouseForm()
    if made := once.result_of(form.once.data):
        return answers.leave(made)
    if not form.validate():
        return _index(form, 422)
    try:
        booked, to_recount = booking.book(form.fichier.data.read(MAXIMUM_BYTES), current_user)
    except UnreadableFile as unread:
        db.session.rollback()
        form.fichier.errors = ["Corrigez ce fichier, puis envoyez-le de nouveau : rien n’a été enregistré"]
        return _index(form, 422, unread.faults)
    once.remember(form.once.data, url_for(".index"))
    db.session.commit()
    flash(
        f"{plural(len(booked), 'envoi enregistré', 'envois enregistrés')}, un courriel à chaque librairie.",
        "fait",
    )
    if to_recount:
        flash(f"À faire recompter, notre stock en comptait moins. {' ; '.join(to_recount)}.", "att")
    return answers.leave(url_for(".index"))


def _index(form: WarehouseForm, status: int = 200, unread: Sequence[Fault] = ()) -> Response:
    return answers.show(
        "shipments/index.html",
        "shipments/_warehouse.html",
        status,
        form=form,
        unread=unread,
        to_ship=lookups.to_ship(),
        latest=lookups.latest(),
        columns=(*REQUIRED, *OPTIONAL),
        carriers=house().carriers.values(),
    )


@bp.get("/commandes/<reference>/expedition")
@for_services(*SHIPPERS)
def departure(reference: str) -> Response:
    """The form of a departure, filled in with what remains."""
    order = _order(reference)
    return _form(order, _departure_form(order))


@bp.post("/commandes/<reference>/expedition")
@for_services(*SHIPPERS)
def record_departure(reference: str) -> Response:
    """Parcels leave: all of them are recorded, or none."""
    order = _order(reference)
    form = _departure_form(order)
    if made := once.result_of(form.once.data):
        return answers.leave(made)
    if form.adds_a_parcel:
        return _form(order, form)
    if not form.validate():
        return _form(order, form, 422)
    return _recorded(order, form)


def _recorded(order: Order, form: DepartureForm) -> Response:
    url = url_for("orders.show", reference=order.reference)
    try:
        shipment = service.record(
            order,
            form.new_parcels(),
            current_user,
            delivery_on=form.delivery_on,
            seen=form.seen,
            is_confirmed=form.confirme.data,
        )
    except service.Overtaken:
        raise
    except Refusal as refused:
        db.session.rollback()
        form.refuse(_FIELD_OF.get(type(refused), "titres"), refused.message)
        return _form(order, form, 422)
    once.remember(form.once.data, url)
    db.session.commit()
    flash(f"Envoi enregistré : bon de livraison {shipment.reference}, courriel à la librairie.", "fait")
    return answers.leave(url)


@bp.post("/commandes/<reference>/preparation")
@for_services(*SHIPPERS)
def prepare(reference: str) -> Response:
    """The warehouse begins."""
    order = _order(reference)
    progress.prepare(order, current_user)
    return order_page.acted(order, "Commande en préparation : la librairie le lit sur sa page.")


@bp.get("/commandes/<reference>/preparation")
@for_services(*SHIPPERS)
def prepare_typed(reference: str) -> Response:
    return answers.leave(url_for("orders.show", reference=_order(reference).reference))


@bp.get("/commandes/<reference>/reste")
@for_services(*SHIPPERS)
def remainder(reference: str) -> Response:
    """What is still to come of an order, and when there will be news of it."""
    order = _order(reference)
    return _rest(order, rest_form(remaining_of(order.lines)))


@bp.post("/commandes/<reference>/reste")
@for_services(*SHIPPERS)
def keep_remainder(reference: str) -> Response:
    """Announce news of titles, or that one of them (`abandon`, its position) will never come."""
    order = _order(reference)
    lines = remaining_of(order.lines)
    form = rest_form(lines)
    if not form.validate():
        return _rest(order, form, 422)
    progress.announce(order, {line.id: form.day_of(position).day for position, line in lines.items()})
    if given_up := lines.get(whole_number(request.form.get("abandon")) or 0):
        rest.give_up(order, given_up.id, current_user)
    db.session.commit()
    flash("Les nouvelles sont enregistrées : elles se lisent sur la page de la commande.", "fait")
    return answers.done(url_for("orders.show", reference=order.reference))


def _rest(order: Order, form: RestForm, status: int = 200) -> Response:
    lines = remaining_of(order.lines)
    context: dict[str, Any] = {"order": order, "form": form, "lines": lines}
    context["lost"] = lookups.lost(lines.values()) if order.status is Status.PARTLY_SHIPPED else frozenset()
    return answers.show("shipments/rest.html", "shipments/_rest.html", status, **context)


def _order(reference: str) -> Order:
    return order_or_404(reference, selectinload(Order.lines))


def _departure_form(order: Order) -> DepartureForm:
    """Raises `NotInThisState` where nothing may leave."""
    lines = remaining_of(order.lines)
    if not order.status.is_validated or not lines:
        raise refusal(order, Action.SHIP)
    arrival = delivery_rules.arrival_of(clock.today(), order.mode, deliveries.delays())
    return DepartureForm(
        lines,
        there=copies.can_leave(list(lines.values())),
        carrier=service.usual_carrier(order),
        delivery_on=max(arrival, order.not_before or arrival),
        seen=service.shipments_of(order),
    )


def _form(order: Order, form: DepartureForm, status: int = 200) -> Response:
    context: dict[str, Any] = {"order": order, "form": form}
    return answers.show("shipments/departure.html", "shipments/_departure.html", status, **context)

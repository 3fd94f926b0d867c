"""An order changed by sales for a shop that calls: applied at once, the shop told by mail (R50)."""

from flask import Blueprint, Response, flash, request, url_for
from flask_login import current_user

from harmattan.core import answers, once
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.orders import changes, service
from harmattan.orders.change_forms import PhoneChangeForm
from harmattan.orders.models import Order
from harmattan.orders.scope import WITH_HISTORY, order_or_404
from harmattan.staff.guard import for_services

bp = Blueprint("orders_phone", __name__, url_prefix="/commandes")

only_sales = for_services(Service.SALES)


@bp.get("/<reference>/modifier")
@only_sales
def form(reference: str) -> Response:
    """The order as it stands; once validated or cancelled its page says why nothing changes (R51)."""
    order = _order(reference)
    return _page(order, PhoneChangeForm(order)) if order.status.may_change else _done(order)


@bp.post("/<reference>/modifier")
@only_sales
def change(reference: str) -> Response:
    """Everything that was agreed on the phone, in one act; of two at once one is told so."""
    order = _order(reference)
    form = PhoneChangeForm(order)
    if made := once.result_of(form.once.data):
        return answers.leave(made)
    is_sound = form.validate()
    wish = form.wish(request.form.to_dict())
    if not is_sound or form.line_faults:
        return _page(order, form, 422)
    if form.version.data != str(order.version):
        raise service.Overtaken("Elle a été modifiée entre-temps : rouvrez le formulaire.")
    changes.change_by_phone(order, wish, current_user)
    once.remember(form.once.data, url_for("staff.orders.show", reference=order.reference))
    db.session.commit()
    flash("Commande modifiée : tout est recalculé, la librairie en est avertie.", "fait")
    return _done(order)


def _order(reference: str) -> Order:
    return order_or_404(reference, WITH_HISTORY)


def _page(order: Order, form: PhoneChangeForm, status: int = 200) -> Response:
    context = {"order": order, "form": form}
    return answers.show("orders/phone.html", "orders/_phone_form.html", status, **context)


def _done(order: Order) -> Response:
    return answers.leave(url_for("staff.orders.show", reference=order.reference))

"""« Commander à nouveau »: choose among the titles of a past order; the list's review does the rest."""

from flask import Blueprint, Response, request, url_for
from flask_login import current_user

from harmattan.access.gate import needs
from harmattan.access.rules import Permission
from harmattan.access.scope import visible_or_404
from harmattan.core import answers, once
from harmattan.core.extensions import db
from harmattan.core.forms import OneTimeForm
from harmattan.core.paging import Sheet
from harmattan.orders import again, lookups
from harmattan.orders.models import Order

bp = Blueprint("orders_again", __name__, url_prefix="/commandes")


@bp.get("/<reference>/a-nouveau")
@needs(Permission.ORDER)
def form(reference: str) -> Response:
    """The titles of a past order, to be ticked."""
    return _form(visible_or_404(Order, reference=reference), OneTimeForm())


@bp.post("/<reference>/a-nouveau")
@needs(Permission.ORDER)
def begin(reference: str) -> Response:
    """The chosen titles, or all, become a list under review: the cart is not touched."""
    order, sent = visible_or_404(Order, reference=reference), OneTimeForm()
    if made := once.result_of(sent.once.data):
        return answers.leave(made)
    chosen = None if "tout" in request.form else request.form.getlist("isbn")
    try:
        kept = again.begin(order, chosen, current_user)
    except again.NothingChosen as refused:
        return _form(order, sent, 422, refused.message)
    url = url_for("lists.review", key=kept.key)
    once.remember(sent.once.data, url)
    db.session.commit()
    return answers.leave(url)


def _form(order: Order, sent: OneTimeForm, status: int = 200, fault: str = "") -> Response:
    sheet = Sheet.of(request.args.get("page", 1, type=int), order.line_count, lookups.LINES_A_PAGE)
    return answers.show(
        "orders/again.html",
        "orders/_again.html",
        status,
        order=order,
        form=sent,
        lines=lookups.lines_of(order, sheet),
        sheet=sheet,
        faults=[("titles", fault)] if fault else [],
    )

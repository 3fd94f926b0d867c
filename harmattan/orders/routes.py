"""Orders of booksellers: check, place, list, track."""

from flask import Blueprint, Response, make_response, render_template, url_for
from flask_login import current_user

from harmattan.access.gate import needs
from harmattan.access.rules import Permission
from harmattan.access.scope import visible, visible_or_404
from harmattan.core import answers
from harmattan.core.extensions import db
from harmattan.core.settings import house
from harmattan.orders import rules
from harmattan.orders.models import Order

bp = Blueprint("orders", __name__, url_prefix="/commandes")


@bp.get("")
@needs(Permission.ORDER)
def index() -> Response:
    """The shop's orders, latest first."""
    found = db.session.scalars(visible(Order).order_by(Order.placed_at.desc(), Order.id.desc()).limit(25))
    return make_response(render_template("orders/index.html", orders=list(found)))


@bp.get("/verifier")
@needs(Permission.ORDER)
def check() -> Response:
    """Everything that is about to be ordered, to be read once more."""
    return make_response(render_template("orders/check.html"))


@bp.post("")
@needs(Permission.ORDER)
def place() -> Response:
    return answers.leave(url_for("orders.check"))


@bp.get("/<reference>")
@needs(Permission.ORDER, staff_may_read=True)
def show(reference: str) -> Response:
    """One order: where it stands, what it holds."""
    order = visible_or_404(Order, reference=reference)
    standing = rules.standing(order.status, order.status_since, house())
    return make_response(
        render_template("orders/show.html", order=order, standing=standing, is_staff=current_user.is_staff)
    )

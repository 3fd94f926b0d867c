"""Orders of booksellers: check, place, list, track."""

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import current_user

from harmattan.access.gate import needs
from harmattan.access.rules import Permission
from harmattan.access.scope import visible, visible_or_404
from harmattan.core import answers, clock, csv_export
from harmattan.core.settings import house
from harmattan.orders import rules, service
from harmattan.orders.forms import OrderFilter
from harmattan.orders.models import Order

bp = Blueprint("orders", __name__, url_prefix="/commandes")


@bp.get("")
@needs(Permission.ORDER)
def index() -> Response:
    """The shop's orders, latest first, narrowed by the filters in the address."""
    form = OrderFilter(request.args)
    filters = form.narrowed()
    orders = service.narrowed(visible(Order), filters, clock.today())
    page = service.page_of(orders, before=request.args.get("avant", ""))
    return answers.show("orders/index.html", "orders/_list.html", filter=form, filters=filters, found=page)


@bp.get("/export.csv")
@needs(Permission.ORDER)
def export() -> Response:
    """The same orders as a file for a spreadsheet, without an end to the page."""
    orders = service.narrowed(visible(Order), OrderFilter(request.args).narrowed(), clock.today())
    name = f"commandes-{clock.today():%Y-%m-%d}.csv"
    return csv_export.download(name, service.EXPORT_HEADER, service.export_rows(orders))


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

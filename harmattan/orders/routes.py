"""Orders of booksellers: check, place, list, track."""

from flask import Blueprint, Response, flash, request, url_for
from flask_login import current_user
from sqlalchemy.orm import joinedload

from harmattan.access.gate import needs, unattended
from harmattan.access.rules import Permission
from harmattan.access.scope import visible, visible_or_404
from harmattan.cart.models import Cart
from harmattan.core import answers, clock, csv_export
from harmattan.core.extensions import db
from harmattan.core.forms import whole_number
from harmattan.orders import checked, checking, lookups, page, placing
from harmattan.orders.forms import OrderFilter
from harmattan.orders.models import Order
from harmattan.orders.scope import WITH_HISTORY, order_or_404

bp = Blueprint("orders", __name__, url_prefix="/commandes")


@bp.get("")
@needs(Permission.ORDER)
def index() -> Response:
    """The shop's orders, latest first, narrowed by the filters in the address."""
    form = OrderFilter(request.args)
    filters = form.narrowed()
    orders = lookups.narrowed(visible(Order), filters, clock.today())
    found = lookups.page_of(orders, before=request.args.get("avant", ""))
    return answers.show("orders/index.html", "orders/_list.html", filter=form, filters=filters, found=found)


@bp.get("/export.csv")
@needs(Permission.ORDER)
def export() -> Response:
    """The same orders as a file for a spreadsheet, without an end to the page."""
    orders = lookups.narrowed(visible(Order), OrderFilter(request.args).narrowed(), clock.today())
    name = f"commandes-{clock.today():%Y-%m-%d}.csv"
    return csv_export.download(name, lookups.EXPORT_HEADER, lookups.export_rows(orders))


@bp.get("/verifier")
@needs(Permission.ORDER)
def check() -> Response:
    """Everything that is about to be ordered, to be read once more."""
    return _check()


@bp.post("")
@needs(Permission.ORDER)
def place() -> Response:
    """One order a cart, whatever is pressed twice (R42): a second sending leads to the first one's page."""
    if not (cart_id := whole_number(request.form.get("panier"))):
        return _check(placing.CheckAgain([]))
    cart = visible_or_404(Cart, joinedload(Cart.address), id=cart_id)
    version, shown = whole_number(request.form.get("version")) or 0, checked.read(request.form.get("vu", ""))
    try:
        order = placing.place(cart, current_user, version=version, shown=shown)
    except placing.AlreadyOrdered as earlier:
        flash("Cette commande était déjà passée : elle n’a été enregistrée qu’une fois.", "att")
        return answers.leave(url_for("orders.show", reference=earlier.reference))
    except placing.CheckAgain as refused:
        db.session.rollback()
        return _check(refused)
    db.session.commit()
    return answers.leave(url_for("orders.show", reference=order.reference))


@bp.get("/<reference>")
@needs(Permission.ORDER, staff_may_read=True)
def show(reference: str) -> Response:
    """One order: where it stands, what it holds; with HTMX only what its state changes (R67)."""
    return _page(reference, page.CHANGING)


@bp.get("/<reference>/suivi")
@unattended
@needs(Permission.ORDER, staff_may_read=True)
def tracking(reference: str) -> Response:
    """What an open page asks by itself now and then; what somebody may be typing into is left alone."""
    return _page(reference, page.POLLED)


def _page(reference: str, fragments: tuple[str, ...]) -> Response:
    order = order_or_404(reference, WITH_HISTORY)
    return answers.show("orders/show.html", fragments, **page.shown(order, request.args))


def _check(refused: placing.CheckAgain | None = None) -> Response:
    """The check page; after a refusal it says what is not as it was."""
    context = checking.context(current_user.account)
    latest = None if context["seen"] else next(iter(lookups.recent(current_user.account_id, 1)), None)
    status = 422 if refused else 200
    return answers.show(
        "orders/check.html", "orders/_check.html", status, refused=refused, latest=latest, **context
    )

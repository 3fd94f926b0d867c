"""Orders that wait for sales; the other services read along."""

from flask import Blueprint, Response, make_response, render_template

from harmattan.orders import lookups

bp = Blueprint("orders", __name__, url_prefix="/commandes")


@bp.get("")
def index() -> Response:
    """Orders to be checked, the most pressing first (R38, R56)."""
    found = lookups.to_check()
    return make_response(
        render_template(
            "orders/staff_index.html",
            orders=found[: lookups.STAFF_LIMIT],
            has_more=len(found) > lookups.STAFF_LIMIT,
        )
    )

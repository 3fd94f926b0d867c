"""The cart's page and what its buttons do."""

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_login import current_user

from harmattan.access.gate import needs
from harmattan.access.rules import Permission
from harmattan.cart import service
from harmattan.cart.rules import parse_quantity
from harmattan.catalogue import service as catalogue
from harmattan.core import answers, clock, isbn
from harmattan.core.extensions import db

bp = Blueprint("cart", __name__, url_prefix="/panier")


@bp.get("")
@needs(Permission.ORDER)
def show() -> Response:
    """The cart."""
    cart = service.current(current_user.account_id)
    seen = service.overview(cart, current_user.account, clock.now()) if cart else None
    return make_response(render_template("cart/show.html", seen=seen))


@bp.post("/lignes")
@needs(Permission.ORDER)
def add_title() -> Response:
    number = isbn.parse(request.form.get("isbn", ""))
    title = catalogue.by_isbn([number])[number]
    cart = service.open_cart(current_user.account_id)
    service.add(cart, {title: parse_quantity(request.form.get("quantity", "1"))}, current_user)
    db.session.commit()
    flash("Ajouté au panier.", "fait")
    return answers.done(url_for("cart.show"))

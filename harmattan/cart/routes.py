"""The cart, pasted and scanned lists."""

from flask import Blueprint

bp = Blueprint("cart", __name__, url_prefix="/panier")

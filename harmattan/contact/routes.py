"""The contact form."""

from flask import Blueprint

bp = Blueprint("contact", __name__, url_prefix="/contact")

"""The contact form."""

from flask import Blueprint, Response, make_response, render_template, url_for

from harmattan.access.gate import booksellers_only, public

bp = Blueprint("contact", __name__, url_prefix="/contact")


@bp.get("")
@public
@booksellers_only
def form() -> Response:
    """Choose a subject, then write to the service that answers it (R100)."""
    return make_response(render_template("contact/form.html"))


def subject_url(subject: str, about: str = "") -> str:
    """The address of the contact form with this subject and order chosen."""
    return url_for("contact.form", objet=subject, commande=about or None)

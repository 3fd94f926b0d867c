"""Pasted and sent lists: the form, the review, the addition to the cart."""

from flask import Blueprint, Response

from harmattan.access.gate import needs
from harmattan.access.rules import Permission
from harmattan.core import answers
from harmattan.lists.forms import PasteForm

bp = Blueprint("lists", __name__, url_prefix="/panier/liste")


@bp.get("")
@needs(Permission.ORDER)
def new() -> Response:
    """The form, with what was typed before the session was lost."""
    return answers.show("lists/new.html", "lists/_paste_form.html", form=PasteForm())

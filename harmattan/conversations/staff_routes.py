"""The services' inboxes."""

from flask import Blueprint

bp = Blueprint("conversations", __name__, url_prefix="/messages")

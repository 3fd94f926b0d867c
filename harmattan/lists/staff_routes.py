"""`/equipe/fichiers-refuses`: order files that could not be taken, for whoever helps the shop."""

import sqlalchemy as sa
from flask import Blueprint, Response, abort, make_response, render_template

from harmattan.core import answers
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.lists import refused
from harmattan.lists.models import RefusedFile
from harmattan.staff.guard import for_services

bp = Blueprint("lists", __name__, url_prefix="/fichiers-refuses")


@bp.get("")
@for_services(Service.SALES, Service.SETTINGS)
def index() -> Response:
    kept_for = refused.KEPT_FOR.days
    page = render_template("lists/staff_index.html", files=refused.latest(), kept_for=kept_for)
    return make_response(page)


@bp.get("/<key>")
@for_services(Service.SALES, Service.SETTINGS)
def file(key: str) -> Response:
    """The bytes as they came, to be saved and never shown."""
    found = db.one_or_404(sa.select(RefusedFile).filter_by(key=key))
    if found.content is None:
        abort(404)
    return answers.saved(found.content, found.name, "application/octet-stream")

"""Imports of the catalogue, for those who keep it (`/equipe/catalogue`)."""

import sqlalchemy as sa
from flask import Blueprint, Response, make_response, render_template

from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.imports.models import CatalogueImport
from harmattan.staff.guard import for_services

bp = Blueprint("imports", __name__, url_prefix="/catalogue")

KEEPERS = (Service.SETTINGS, Service.SALES)


@bp.get("")
@for_services(*KEEPERS)
def index() -> Response:
    """The runs, latest first."""
    runs = db.session.scalars(sa.select(CatalogueImport).order_by(CatalogueImport.id.desc()).limit(50)).all()
    return make_response(render_template("imports/index.html", runs=runs))

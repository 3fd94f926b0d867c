"""The journal of every account, for the services (`/equipe/journal`)."""

from flask import Blueprint, Response, request
from flask_login import current_user

from harmattan.accounts import journal
from harmattan.accounts.forms import JournalFilter
from harmattan.core import answers
from harmattan.core.services import Service

bp = Blueprint("journal", __name__, url_prefix="/journal")


@bp.get("")
def index() -> Response:
    """Who did what, the latest first; what staff do among themselves shows to settings alone."""
    form = JournalFilter(request.args)
    filters, is_settings = form.narrowed(), current_user.service is Service.SETTINGS
    page = journal.page_of(filters, request.args.get("page", 1, type=int), with_house=is_settings)
    return answers.show(
        "accounts/journal.html", "accounts/_journal.html", filter=form, filters=filters, found=page
    )

"""The start page of staff: what is waiting, per service."""

from flask import Blueprint, Response, make_response, render_template
from flask_login import current_user

from harmattan.accounts import lookups as accounts
from harmattan.applications import lookups as applications
from harmattan.core import clock, registry
from harmattan.core.services import Service
from harmattan.home import service
from harmattan.quotes import lookups as quotes
from harmattan.settings import service as settings

bp = Blueprint("home", __name__)


@bp.get("")
def start() -> Response:
    """What is waiting for the services, one's own first."""
    accounting = current_user.service is Service.ACCOUNTING
    return make_response(
        render_template(
            "home/staff_start.html",
            services=service.of_services(current_user.service),
            orders=service.of_orders(),
            quotes=quotes.business(clock.now()),
            applications=applications.business(),
            never_connected=accounts.never_connected(),
            accounting=registry.ask_all("accounting.waiting") if accounting else (),
            last_import=service.last_import(),
            to_confirm=settings.waiting() if current_user.service is Service.SETTINGS else (),
        )
    )

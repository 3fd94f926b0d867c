"""The start page of booksellers, and pages about the portal itself."""

import sqlalchemy as sa
from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import current_user

from harmattan.access.gate import opens, public
from harmattan.core import answers, registry
from harmattan.core.extensions import db
from harmattan.home import rules, service

bp = Blueprint("home", __name__)

LONGEST_SEARCH = 100


@bp.get("/")
def start() -> Response:
    """What is waiting for this bookseller; staff have their own."""
    if current_user.is_staff:
        return answers.leave(url_for("staff.home.start"))
    return make_response(render_template("home/start.html", business=service.of_shop(current_user)))


@bp.get("/recherche")
def search() -> Response:
    """A number leads straight to its order, document or title; words, to all that fits them."""
    text = " ".join(request.args.get("q", "").split())[:LONGEST_SEARCH]
    straight = next(filter(None, registry.ask_all("find.exact", text)), None) if text else None
    if straight:
        return answers.leave(straight)
    groups = [group for group in registry.ask_all("find.group", text) if group and group.hits] if text else []
    if len(groups) == 1 and groups[0].url:
        return answers.leave(groups[0].url)
    return answers.show("home/search.html", "home/_found.html", text=text, groups=groups)


@bp.get("/mentions-legales")
@public
def legal() -> Response:
    """Who publishes the portal, and what becomes of personal data."""
    return make_response(render_template("home/legal.html"))


@bp.get("/accessibilite")
@public
def accessibility() -> Response:
    """The declaration: what is tested, what is not yet."""
    return make_response(render_template("home/accessibility.html"))


@bp.get("/plan-du-site")
@public
def site_map() -> Response:
    """Every page that whoever asks may open."""
    sections = [
        (heading, [(label, endpoint) for label, endpoint in pages if opens(endpoint)])
        for heading, pages in rules.SITE_MAP
    ]
    return make_response(render_template("home/site_map.html", sections=sections))


@bp.get("/sante")
@public
def health() -> Response:
    """200 `ok` while the database answers."""
    db.session.execute(sa.select(1))
    response = make_response("ok")
    response.mimetype = "text/plain"
    return response

"""The mailbox of the demonstration: what was sent, to whom, in full."""

import sqlalchemy as sa
from flask import Blueprint, Response, abort, current_app, make_response, render_template
from sqlalchemy.orm import defer

from harmattan.access.gate import public
from harmattan.core.extensions import db
from harmattan.outbox import rendering
from harmattan.outbox.models import OutboxMessage

bp = Blueprint("demo", __name__, url_prefix="/demo")

LATEST = 100


@bp.before_request
def _only_in_the_demonstration() -> None:
    if not current_app.config["DEMO"]:
        abort(404)


@bp.get("/courriels")
@public
def mailbox() -> Response:
    """The latest messages, newest first."""
    messages = db.session.scalars(
        sa.select(OutboxMessage)
        .options(defer(OutboxMessage.body))
        .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
        .limit(LATEST)
    ).all()
    return make_response(render_template("demo/mailbox.html", messages=messages, latest=LATEST))


@bp.get("/courriels/<key>")
@public
def mail(key: str) -> Response:
    """One message as its recipient reads it."""
    message = db.session.scalar(sa.select(OutboxMessage).where(OutboxMessage.key == key))
    if message is None:
        abort(404)
    paragraphs = rendering.paragraphs(message.body)
    return make_response(render_template("demo/mail.html", message=message, paragraphs=paragraphs))

"""The bank's file of unpaid LCR: sent, read beside what is known, noted at one go (R80)."""

import sqlalchemy as sa
from flask import Blueprint, Response, abort, flash, url_for
from flask_login import current_user

from harmattan.core import answers
from harmattan.core.extensions import db
from harmattan.core.typography import plural
from harmattan.lcr import notices
from harmattan.lcr.forms import NoticeForm
from harmattan.lcr.models import Notice
from harmattan.lcr.notices import Verdict
from harmattan.lcr.returned import UnreadableNotice
from harmattan.lcr.staff_routes import accounting
from harmattan.lists.files import MAXIMUM_BYTES

bp = Blueprint("notices", __name__, url_prefix="/comptabilite/lcr/avis")


@bp.get("")
@accounting
def index() -> Response:
    """A file to send, and the last that were sent."""
    return _index(NoticeForm())


@bp.post("")
@accounting
def receive() -> Response:
    """Keep a file that can be read; of another shape, it is refused whole."""
    form = NoticeForm()
    sent = form.fichier.data
    try:
        if not sent:
            raise UnreadableNotice("Choisissez le fichier des impayés")
        notice = notices.keep(sent.read(MAXIMUM_BYTES + 1), current_user)
    except UnreadableNotice as fault:
        form.fichier.errors = list(fault.messages)
        return _index(form, 422)
    db.session.commit()
    return answers.leave(_url(notice))


@bp.get("/<reference>")
@accounting
def show(reference: str) -> Response:
    """Its lines, each beside the LCR that it names."""
    return _show(_notice(reference))


@bp.get("/<reference>/noter")
@accounting
def note_typed(reference: str) -> Response:
    """A typed or refreshed address is no error."""
    return answers.leave(_url(_notice(reference)))


@bp.post("/<reference>/noter")
@accounting
def note(reference: str) -> Response:
    """Note all that is to be noted; the shops are told."""
    notice = _notice(reference)
    count = notices.note(notice, current_user)
    db.session.commit()
    flash(
        f"{plural(count, 'LCR notée impayée', 'LCR notées impayées')} ; les librairies sont prévenues.",
        "fait",
    )
    return answers.leave(_url(notice))


def _index(form: NoticeForm, status: int = 200) -> Response:
    return answers.show("lcr/notices.html", "lcr/_notices.html", status, form=form, notices=notices.latest())


def _show(notice: Notice) -> Response:
    lines = notices.lines(notice)
    ready = [each for each in lines if each.verdict is Verdict.READY]
    return answers.show("lcr/notice.html", "lcr/_notice.html", notice=notice, lines=lines, ready=ready)


def _url(notice: Notice) -> str:
    return url_for(".show", reference=notice.reference)


def _notice(reference: str) -> Notice:
    found = db.session.scalar(sa.select(Notice).where(Notice.reference == reference))
    return found or abort(404)

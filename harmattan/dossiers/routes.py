"""Dossiers of the account: asked for, made by the worker, found again for some days (R68, R70, R72)."""

import datetime as dt
from collections.abc import Sequence

from flask import Blueprint, Response, abort, request, url_for
from flask_login import current_user

from harmattan.access.gate import needs
from harmattan.access.rules import Permission
from harmattan.access.scope import visible, visible_or_404
from harmattan.billing.forms import StatementForm
from harmattan.billing.models import Document
from harmattan.core import answers, throttle
from harmattan.core.extensions import db
from harmattan.dossiers import service
from harmattan.dossiers.forms import MonthForm
from harmattan.dossiers.models import Dossier, DossierFile

bp = Blueprint("dossiers", __name__, url_prefix="/documents/dossiers")

MOST_AN_HOUR = 60
LISTED = 20


@bp.get("")
@needs(Permission.READ_DOCUMENTS)
def index() -> Response:
    """The months on offer, and the dossiers that are still there."""
    return _index(MonthForm())


@bp.post("")
@needs(Permission.READ_DOCUMENTS)
def ask() -> Response:
    """The dossier of a month."""
    form = MonthForm()
    if not form.validate():
        return _index(form, 422)
    _count()
    dossier = service.of_month(current_user.account, *form.period, current_user)
    db.session.commit()
    return answers.done(address(dossier))


@bp.post("/choisis")
@needs(Permission.READ_DOCUMENTS)
def ask_chosen() -> Response:
    """Documents ticked in the list, by `numero`; another account's do not exist (R72)."""
    numbers = set(request.form.getlist("numero"))
    documents = db.session.scalars(visible(Document).where(Document.number.in_(numbers))).all()
    if len(documents) < len(numbers):
        abort(404)
    _count()
    dossier = service.of_documents(current_user.account, documents, current_user)
    db.session.commit()
    return answers.done(address(dossier))


@bp.post("/releve")
@needs(Permission.READ_DOCUMENTS)
def ask_statement() -> Response:
    """The paper of a long statement, of the days `du` and `au`."""
    _count()
    period = StatementForm(request.form).period()
    dossier = service.of_statement(current_user.account, *period, current_user)
    db.session.commit()
    return answers.done(address(dossier))


@bp.get("/choisis")
@bp.get("/releve")
@needs(Permission.READ_DOCUMENTS)
def asked_typed() -> Response:
    return answers.leave(url_for("dossiers.index"))


@bp.get("/<reference>")
@needs(Permission.READ_DOCUMENTS, staff_may_read=True)
def show(reference: str) -> Response:
    """One dossier: how far it is, then its files."""
    dossier = visible_or_404(Dossier, reference=reference)
    return answers.progress(
        "dossiers/show.html",
        "dossiers/_dossier.html",
        finished=dossier.finished_at is not None,
        dossier=dossier,
        auto="auto" in request.args,
    )


@bp.get("/<reference>/<name>")
@needs(Permission.READ_DOCUMENTS, staff_may_read=True)
def file(reference: str, name: str) -> Response:
    dossier = visible_or_404(Dossier, reference=reference)
    found = db.session.get(DossierFile, (dossier.id, name)) or abort(404)
    return answers.saved(found.content, name)


def address(dossier: Dossier) -> str:
    """Where it is made, and found again."""
    return url_for("dossiers.show", reference=dossier.reference)


def _index(form: MonthForm, status: int = 200) -> Response:
    return answers.show("dossiers/index.html", "dossiers/_ask.html", status, form=form, dossiers=_there())


def _there() -> Sequence[Dossier]:
    return db.session.scalars(visible(Dossier).order_by(Dossier.id.desc()).limit(LISTED)).all()


def _count() -> None:
    throttle.count(f"dossiers:{current_user.account_id}", MOST_AN_HOUR, dt.timedelta(hours=1))

"""Accounting's reminders `/equipe/comptabilite/relances`: who is late, what was sent, what is disputed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, flash, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from harmattan.access.models import Account
from harmattan.access.scope import account_or_404
from harmattan.billing.ageing import AGES
from harmattan.billing.models import Document
from harmattan.core import answers, clock, once
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.forms import OneTimeForm
from harmattan.core.services import Service
from harmattan.outbox import rendering
from harmattan.payments import lookups as payments
from harmattan.payments.models import PaymentOrder
from harmattan.reminders import lookups, rules, service
from harmattan.reminders.forms import ResumeForm, SendForm, SetAsideForm
from harmattan.reminders.rules import Level
from harmattan.reminders.service import Case
from harmattan.staff.guard import for_services

bp = Blueprint("reminders", __name__, url_prefix="/comptabilite/relances")

ACTED = ("reminders/_case.html", "layout/_avis.html")

accounting = for_services(Service.ACCOUNTING)

TABS = {"": "À relancer", "en-attente": "À laisser tranquilles"}


@bp.get("")
@accounting
def index() -> Response:
    """Accounts with overdue invoices, the oldest debt first."""
    asked, typed = request.args.get("etat", ""), request.args.get("q", "").strip()[:60]
    state = asked if asked in TABS else ""
    page = lookups.page_of(can_be_reminded=not state, text=typed, page=request.args.get("page", 1, type=int))
    return answers.show(
        "reminders/index.html",
        "reminders/_debtors.html",
        tabs=TABS,
        state=state,
        typed=typed,
        found=page,
        ages=AGES[1:],
    )


@bp.get("/<number>")
@accounting
def show(number: str) -> Response:
    """One account: what is overdue, the text that would leave, what was sent before."""
    return _page(account_or_404(number))


@bp.get("/<number>/<any(envoi, litige, reprise):_act>")
@accounting
def typed(number: str, _act: str) -> Response:
    """A typed or refreshed address of an act is no error: it leads to the account."""
    return answers.leave(_url(account_or_404(number)))


@bp.post("/<number>/envoi")
@accounting
def send(number: str) -> Response:
    """The text that was read leaves, once."""
    account, form = account_or_404(number), SendForm()
    if once.result_of(form.once.data):
        return answers.leave(_url(account))
    if form.level is None:
        return _page(account, status=422)
    with _leading_back(account):
        sent = service.send(service.case(account), form.level, current_user.name, seen=form.vu.data or "")
    return _done(account, form, f"Relance {sent.reference} envoyée à {sent.recipient}.")


@bp.post("/<number>/litige")
@accounting
def set_aside(number: str) -> Response:
    """An invoice is disputed: it is not claimed until a day."""
    account = account_or_404(number)
    form = SetAsideForm(service.case(account).facts.late)
    if once.result_of(form.once.data):
        return answers.leave(_url(account))
    if not form.validate() or form.jusquau.day is None:
        return _page(account, form)
    document = _document(account, form.facture.data)
    service.set_aside(document, (form.motif.data or "").strip(), form.jusquau.day, current_user.name)
    return _done(account, form, f"Facture {document.number} mise de côté.")


@bp.post("/<number>/reprise")
@accounting
def resume(number: str) -> Response:
    """The dispute is over."""
    account, form = account_or_404(number), ResumeForm()
    if once.result_of(form.once.data):
        return answers.leave(_url(account))
    document = _document(account, form.facture.data)
    with _leading_back(account):
        service.resume(document, current_user.name)
    return _done(account, form, f"Facture {document.number} de nouveau à régler.")


def _document(account: Account, number: str | None) -> Document:
    """An invoice of this account."""
    found = db.session.scalar(sa.select(Document).filter_by(account_id=account.id, number=number))
    return found or abort(404)


def _url(account: Account) -> str:
    return url_for("staff.reminders.show", number=account.number)


@contextmanager
def _leading_back(account: Account) -> Iterator[None]:
    """A refusal of what stands inside has the account's page as its open door."""
    try:
        yield
    except Refusal as refusal:
        refusal.way_on = ("Revenir au compte", _url(account))
        raise


def _done(account: Account, form: OneTimeForm, said: str) -> Response:
    once.remember(form.once.data, _url(account))
    db.session.commit()
    flash(said, "fait")
    return answers.renewed(_url(account), ACTED, lambda: _context(account, empty=MultiDict()))


def _page(account: Account, form: SetAsideForm | None = None, status: int = 200) -> Response:
    """The page; with a form that is to be corrected, 422."""
    context = _context(account, form)
    return answers.show("reminders/show.html", ACTED[0], 422 if form else status, **context)


def _context(
    account: Account, form: SetAsideForm | None = None, empty: "MultiDict[str, str] | None" = None
) -> dict[str, Any]:
    """Everything on the page; `empty` where what was sent is done and not to be shown again."""
    its, sent = service.case(account), lookups.history(account.id)
    level = _level(its)
    subject, body = service.text(its, level) if level else ("", "")
    return {
        "account": account,
        "its": its,
        "level": level,
        "subject": subject,
        "paragraphs": rendering.paragraphs(body) if body else [],
        "disputes": lookups.disputes(account.id),
        "announced": payments.awaited(PaymentOrder.account_id == account.id),
        "history": sent,
        "mails": lookups.mails([each.reference for each in sent]),
        "form": form or SetAsideForm(its.facts.late, empty),
        "once_form": OneTimeForm(empty),
        "today": clock.today(),
    }


def _level(its: Case) -> Level | None:
    """The level asked for where it may be sent, else the one that is proposed."""
    asked = rules.BY_SLUG.get(request.args.get("niveau", ""))
    return asked if asked in its.verdict.levels else its.verdict.level

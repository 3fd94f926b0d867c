"""Accounting's pages of LCR: requests, mandates, remittances, what came back (R80)."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, flash, request, url_for
from flask_login import current_user

from harmattan.conversations.downloads import download
from harmattan.core import answers, clock, identifiers
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.lcr import lookups, rules, service
from harmattan.lcr.forms import PrepareForm, ReasonForm
from harmattan.lcr.models import BankDetailsFile, Mandate
from harmattan.lcr.rules import TRANSITIONS, Action
from harmattan.staff.guard import for_services

bp = Blueprint("lcr", __name__, url_prefix="/comptabilite/lcr")

accounting = for_services(Service.ACCOUNTING)

TABS = {
    "": "À traiter",
    "mandats": "Librairies réglées par LCR",
    "anciens": "Refusées et terminées",
    "lots": "Lots",
}
OF_ACCOUNTING = {each.slug: each for each in Action if each is not Action.WITHDRAW}


@bp.get("")
@accounting
def index() -> Response:
    """What waits, the shops that pay by LCR, those that do not any more, or all remittances."""
    return page(PrepareForm(echeance=rules.usual_due(clock.today())))


def page(form: PrepareForm, status: int = 200) -> Response:
    """The page of a tab; with a form to be corrected, 422."""
    tab, sheet_number = request.args.get("onglet", ""), request.args.get("page", 1, type=int)
    context: dict[str, Any] = {"form": form, "tabs": TABS, "tab": tab if tab in TABS else ""}
    if tab == "mandats":
        context["mandates"], context["sheet"] = lookups.mandates_in_place(sheet_number)
    elif tab == "anciens":
        context["mandates"], context["sheet"] = lookups.mandates_over(sheet_number)
    elif tab == "lots":
        context["remittances"], context["sheet"] = lookups.remittances(sheet_number)
    else:
        context |= {"asked": lookups.asked(), "due": lookups.under_way(), "unpaid": lookups.unpaid()}
    return answers.show("lcr/staff_index.html", "lcr/_prepare.html", status, **context)


@bp.get("/mandats/<reference>")
@accounting
def show(reference: str) -> Response:
    """One mandate, and what may be done with it."""
    return _mandate_page(_mandate(reference), ReasonForm())


@bp.get("/mandats/<reference>/<any(accepter, refuser, suspendre, reprendre, terminer, iban):_act>")
@accounting
def act_typed(reference: str, _act: str) -> Response:
    """A typed or refreshed address of an act is no error: it leads to the mandate."""
    return answers.leave(url_for(".show", reference=_mandate(reference).reference))


@bp.post("/mandats/<reference>/<any(accepter, refuser, suspendre, reprendre, terminer):step>")
@accounting
def act(reference: str, step: str) -> Response:
    """Accept, refuse with a reason, suspend with one, resume, end; the shop is told each time."""
    mandate, action, form = _mandate(reference), OF_ACCOUNTING[step], ReasonForm()
    if action.needs_reason and action in TRANSITIONS[mandate.state] and not form.validate():
        return _mandate_page(mandate, form, 422)
    service.act(mandate, action, current_user, form.motif.data if action.needs_reason else "")
    db.session.commit()
    flash(f"{mandate.reference} : {mandate.state.label.lower()}. La librairie est prévenue.", "fait")
    return answers.leave(url_for(".show", reference=reference))


@bp.post("/mandats/<reference>/iban")
@accounting
def read_iban(reference: str) -> Response:
    """The whole IBAN of a request to be studied, this once."""
    mandate = _mandate(reference)
    iban = service.read_iban(mandate, current_user)
    db.session.commit()
    return _mandate_page(mandate, ReasonForm(formdata=None), iban=iban)


@bp.get("/rib/<key>")
@accounting
def bank_details(key: str) -> Response:
    """The RIB as the shop sent it, to be saved."""
    return download(db.one_or_404(sa.select(BankDetailsFile).filter_by(key=key)))


def _mandate_page(mandate: Mandate, form: ReasonForm, status: int = 200, iban: str = "") -> Response:
    return answers.show(
        "lcr/mandate.html",
        "lcr/_mandate.html",
        status,
        mandate=mandate,
        form=form,
        iban=identifiers.grouped_iban(iban) if iban else "",
        may=[each for each in TRANSITIONS[mandate.state] if each in OF_ACCOUNTING.values()],
        bills=lookups.bills_of(mandate.account_id),
    )


def _mandate(reference: str) -> Mandate:
    found = db.session.scalar(sa.select(Mandate).where(Mandate.reference == reference))
    return found or abort(404)

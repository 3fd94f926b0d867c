"""« Payer par LCR »: the shop asks with its bank details, reads what is drawn, ends it (R80)."""

import datetime as dt

from flask import Blueprint, Response, abort, flash, url_for
from flask_login import current_user

from harmattan.access.gate import needs
from harmattan.access.rules import Permission
from harmattan.core import answers, once, throttle
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.lcr import lookups, service
from harmattan.lcr.forms import AskForm
from harmattan.lcr.rules import Action, MandateState

bp = Blueprint("lcr", __name__, url_prefix="/paiement/lcr")

REQUESTS_A_DAY = 5


@bp.get("")
@needs(Permission.READ_DOCUMENTS)
def index() -> Response:
    """The shop's mandate, its bills, and the form where there is none."""
    return _page(AskForm())


@bp.post("")
@needs(Permission.READ_DOCUMENTS)
def ask() -> Response:
    """Send the bank details to accounting, once."""
    form, url = AskForm(), url_for(".index")
    if made := once.result_of(form.once.data):
        return answers.leave(made)
    if not form.validate():
        return _page(form, 422)
    throttle.count(f"lcr:{current_user.account_id}", REQUESTS_A_DAY, dt.timedelta(days=1))
    service.ask(current_user.account, form.titulaire.data.strip(), form.iban.data, current_user, form.files)
    once.remember(form.once.data, url)
    db.session.commit()
    flash("Votre demande est partie à la comptabilité ; sa réponse se lira ici et par courriel.", "fait")
    return answers.leave(url)


@bp.get("/retirer")
@needs(Permission.READ_DOCUMENTS)
def withdraw_typed() -> Response:
    """A typed or refreshed address is no error."""
    return answers.leave(url_for(".index"))


@bp.post("/retirer")
@needs(Permission.READ_DOCUMENTS)
def withdraw() -> Response:
    """The shop does not pay by LCR any more."""
    mandate = service.live(current_user.account_id) or abort(404)
    was_asked = mandate.state is MandateState.ASKED
    service.act(mandate, Action.WITHDRAW, current_user)
    db.session.commit()
    over = "Plus aucune LCR ne sera préparée. Celles qui sont déjà à la banque seront présentées."
    flash("Votre demande est retirée." if was_asked else over, "fait")
    return answers.leave(url_for(".index"))


def _page(form: AskForm, status: int = 200) -> Response:
    seen_by = current_user.seen_by
    return answers.show(
        "lcr/index.html",
        "lcr/_ask.html",
        status,
        form=form,
        mandate=lookups.latest_mandate(current_user.account_id),
        bills=lookups.bills_of(current_user.account_id),
        shows_bank=seen_by is None or seen_by.service is Service.ACCOUNTING,
    )

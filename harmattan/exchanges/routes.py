"""Files of an order, of a shipment, of a document; and which of them come with the account's mails."""

from typing import Any

from flask import Blueprint, Response, abort, flash, url_for
from flask_login import current_user

from harmattan.access.gate import needs
from harmattan.access.rules import Permission
from harmattan.access.scope import visible_or_404
from harmattan.billing.models import Document
from harmattan.core import answers
from harmattan.core.extensions import db
from harmattan.exchanges import files, service
from harmattan.exchanges.forms import NONE, ExchangesForm
from harmattan.exchanges.rules import Format, Kind
from harmattan.orders.models import Order
from harmattan.shipments.models import Shipment

bp = Blueprint("exchanges", __name__)


@bp.get("/echanges/commandes/<reference>.csv", defaults={"form": Format.CSV})
@bp.get("/echanges/commandes/<reference>.edi", defaults={"form": Format.EDIFACT})
@bp.get("/echanges/commandes/<reference>.txt", defaults={"form": Format.FLAT})
@needs(Permission.ORDER, staff_may_read=True)
def order(reference: str, form: Format) -> Response:
    """The order as it was placed: a table, an ORDERS message, or the trade's flat file."""
    found = visible_or_404(Order, reference=reference)
    if form is Format.FLAT and not files.can_be_flat(found.account):
        abort(404)
    return _file(Kind.ORDER, found, reference, form)


@bp.get("/echanges/commandes/<reference>/reponse.edi")
@needs(Permission.ORDER, staff_may_read=True)
def response(reference: str) -> Response:
    """What becomes of each title (ORDRSP): there once sales have answered."""
    found = visible_or_404(Order, reference=reference)
    if found.status.may_change:
        abort(404)
    return _file(Kind.RESPONSE, found, reference, Format.EDIFACT)


@bp.get("/echanges/bons/<note>.csv", defaults={"form": Format.CSV})
@bp.get("/echanges/bons/<note>.edi", defaults={"form": Format.EDIFACT})
@needs(Permission.ORDER, staff_may_read=True)
def shipment(note: str, form: Format) -> Response:
    """What left, parcel by parcel."""
    return _file(Kind.SHIPMENT, visible_or_404(Shipment, reference=note), note, form)


@bp.get("/echanges/documents/<number>.csv", defaults={"form": Format.CSV})
@bp.get("/echanges/documents/<number>.edi", defaults={"form": Format.EDIFACT})
@needs(Permission.READ_DOCUMENTS, staff_may_read=True)
def document(number: str, form: Format) -> Response:
    """The lines of an invoice or a credit note."""
    return _file(Kind.DOCUMENT, visible_or_404(Document, number=number), number, form)


@bp.get("/compte/echanges")
@needs(Permission.MANAGE_USERS)
def choices() -> Response:
    chosen = service.chosen(current_user.account_id)
    return _choices(ExchangesForm(data={kind.value: chosen.get(kind, NONE) for kind in Kind}))


@bp.post("/compte/echanges")
@needs(Permission.MANAGE_USERS)
def choose() -> Response:
    form = ExchangesForm()
    form.offer(flat=files.can_be_flat(current_user.account))
    if not form.validate():
        return _choices(form, 422)
    service.choose(current_user.account_id, form.wanted, current_user)
    db.session.commit()
    flash("Vos choix sont enregistrés : ils valent pour les prochains courriels.", "fait")
    return answers.done(url_for(".choices"))


def _choices(form: ExchangesForm, status: int = 200) -> Response:
    form.offer(flat=files.can_be_flat(current_user.account))
    return answers.show("exchanges/choices.html", "exchanges/_choices.html", status, form=form)


def _file(kind: Kind, row: Any, reference: str, form: Format) -> Response:
    return answers.saved(files.content(kind, row, form), files.name_of(kind, reference, form), form.mimetype)

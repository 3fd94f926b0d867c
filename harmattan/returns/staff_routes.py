"""After-sales' desk of returns: announced, received, to be credited (R90–R92); the others read along."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, flash, make_response, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import CombinedMultiDict

from harmattan.conversations import attachments
from harmattan.conversations.attachments import RefusedFile
from harmattan.core import answers, database
from harmattan.core.extensions import db
from harmattan.core.security import takes_octets
from harmattan.core.services import Service
from harmattan.returns import lookups, page, reception, service
from harmattan.returns.forms import CountForm
from harmattan.returns.models import ReturnPhoto, ReturnSlip
from harmattan.returns.rules import Refused, Status
from harmattan.staff.guard import for_services

bp = Blueprint("returns", __name__, url_prefix="/retours")

TABS = {"": Status.ISSUED, "recus": Status.RECEIVED, "controles": Status.CHECKED}
MOST_OCTETS = 32 * 1024 * 1024
"""Of a check with its photos."""


@bp.get("")
def index() -> Response:
    """A state's slips, the longest waiting first; a number typed or scanned leads to its slip."""
    typed = request.args.get("q", "").strip()
    if typed and (found := lookups.reference_meant(typed)):
        return answers.leave(url_for(".show", reference=found))
    tab = request.args.get("etat", "")
    status = TABS.get(tab, Status.ISSUED)
    return make_response(
        render_template(
            "returns/staff_index.html",
            tabs=TABS,
            status=status,
            counts=lookups.counts(),
            slips=lookups.queue(status),
            typed=typed,
        )
    )


@bp.get("/<reference>")
def show(reference: str) -> Response:
    """One return: reception, check, credit."""
    return _show(_slip(reference))


@bp.post("/<reference>/reception")
@for_services(Service.AFTER_SALES)
def receive(reference: str) -> Response:
    """The parcels are here."""
    slip = _slip(reference)
    reception.receive(slip, current_user)
    db.session.commit()
    return _acted(slip, "Les colis sont notés reçus.")


@bp.post("/<reference>/controle")
@takes_octets(MOST_OCTETS)
@for_services(Service.AFTER_SALES)
def check(reference: str) -> Response:
    """What was found of each line; what cannot be right is said at its field, and all the rest is kept."""
    slip = _slip(reference)
    typed: Any = CombinedMultiDict([request.files, request.form])
    forms = {line.id: CountForm.of(line, typed) for line in slip.lines}
    counts = {line_id: form.count() for line_id, form in forms.items()}
    if any(count is None for count in counts.values()):
        return _show(slip, 422, forms=forms)
    try:
        photos = {
            line_id: attachments.read(form.photo.data) for line_id, form in forms.items() if form.photo.data
        }
        reception.check(slip, current_user, {line_id: count for line_id, count in counts.items() if count})
    except (reception.ImpossibleCount, RefusedFile) as refusal:
        db.session.rollback()
        return _show(slip, 422, forms=forms, refusal=str(refusal))
    for line in slip.lines:
        if photo := photos.get(line.id):
            line.photos.append(ReturnPhoto.of(photo))
    db.session.commit()
    return _acted(slip, "Le contrôle est noté.")


@bp.post("/<reference>/avoir")
@for_services(Service.AFTER_SALES)
def settle(reference: str) -> Response:
    """Issue the credit note, or end the return without one."""
    slip = _slip(reference)
    if slip.status is not Status.CHECKED:
        raise service.NotInThisState("Contrôlez d’abord les exemplaires de ce retour.")
    db.session.commit()
    database.reading()  # the paper is set outside any writing transaction (ADR 7)
    drafted = reception.credit_drafts(slip)
    database.writing()
    documents = reception.settle(slip, current_user, drafted)
    db.session.commit()
    numbers = ", ".join(document.number for document in documents)
    return _acted(slip, f"Avoir émis : {numbers}." if documents else "Le retour est clos sans avoir.")


@bp.get("/<reference>/<any(reception, controle, avoir):_step>")
def typed(reference: str, _step: str) -> Response:
    """A typed or refreshed address is no error."""
    return answers.leave(url_for(".show", reference=_slip(reference).reference))


def _slip(reference: str) -> ReturnSlip:
    found = db.session.scalar(
        sa.select(ReturnSlip).where(ReturnSlip.reference == reference).options(*lookups.WHOLE)
    )
    return found if found is not None else abort(404)


def _acted(slip: ReturnSlip, said: str) -> Response:
    if not answers.wants_fragment():
        flash(said, "fait")
    return answers.done(
        url_for(".show", reference=slip.reference), "returns/_reception.html", **_context(slip)
    )


def _show(slip: ReturnSlip, status: int = 200, **shown: Any) -> Response:
    context = _context(slip) | {
        "faults": [fault for form in shown.get("forms", {}).values() for fault in form.faults]
    }
    return answers.show("returns/staff_show.html", "returns/_reception.html", status, **context, **shown)


def _context(slip: ReturnSlip) -> dict[str, Any]:
    may_act = current_user.service is Service.AFTER_SALES
    return page.shown(slip) | {
        "may_act": may_act,
        "faults": [],
        "reasons": list(Refused),
        "blank": {line.id: CountForm.of(line, None) for line in slip.lines} if may_act else {},
    }

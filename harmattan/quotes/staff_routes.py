"""Sales' quotes: the queue by time left, what is granted line by line, a refusal in words (R46, J7)."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from harmattan.access.scope import visible_or_404
from harmattan.conversations import rules as clocks
from harmattan.core import answers, clock
from harmattan.core.extensions import db
from harmattan.core.forms import whole_number
from harmattan.core.services import Service
from harmattan.core.settings import house
from harmattan.quotes import drafting, lookups, offering, page, service
from harmattan.quotes.drafting import Draft
from harmattan.quotes.forms import OfferForm, RefuseForm
from harmattan.quotes.models import Quote
from harmattan.staff.guard import for_services

bp = Blueprint("quotes", __name__, url_prefix="/devis")

PARTS = {"a-repondre": "À répondre", "proposes": "Proposés", "clos": "Clos"}
_ACTS = "<any(proposer, calculer, refuser):_act>"


@bp.get("")
def index() -> Response:
    """The queue: requests by the time left to answer; offers that wait for shops; what is over."""
    asked = request.args.get("etat", "")
    shown = asked if asked in PARTS else "a-repondre"
    found = lookups.queue(shown, after=request.args.get("apres", ""))
    context: dict[str, Any] = {"shown": shown, "parts": PARTS, "found": found} | _CLOCKS
    return answers.show("quotes/staff_index.html", "quotes/_queue.html", **context)


@bp.get("/<reference>")
def show(reference: str) -> Response:
    """One quote: what is asked, and for sales the offer to be written; the other services read."""
    quote = _quote(reference)
    return _show(quote, drafting.begin(quote), _first_form(quote))


@bp.get(f"/<reference>/{_ACTS}")
@for_services(Service.SALES)
def typed(reference: str, _act: str) -> Response:
    """A typed or refreshed address of an act is no error: it leads to the quote."""
    return answers.leave(url_for(".show", reference=_quote(reference).reference))


@bp.post("/<reference>/calculer")
@for_services(Service.SALES)
def reckon(reference: str) -> Response:
    """What the discounts typed come to; a line split, one discount for all. Nothing is kept or sent."""
    quote = _quote(reference)
    form = OfferForm(quote)
    draft = drafting.typed(quote, request.form, form.ensemble.rate_bp)
    pressed, _, place = request.form.get("bouton", "").partition("-")
    if pressed == "diviser":
        draft.split(place)
    if pressed == "tout" and form.ensemble.rate_bp is not None:
        draft.apply_to_all(form.ensemble.rate_bp)
    return _show(quote, draft, form)


@bp.post("/<reference>/proposer")
@for_services(Service.SALES)
def offer(reference: str) -> Response:
    """Send the next version, once; where a colleague or the shop acted meanwhile, the text stays (J7)."""
    pressed = request.form.get("bouton", "").partition("-")[0]
    if pressed in ("calculer", "diviser", "tout"):
        return reckon(reference)
    quote = _quote(reference)
    form = OfferForm(quote)
    draft = drafting.typed(quote, request.form, form.ensemble.rate_bp)
    if not form.validate() or draft.faults or _floor_is_unconfirmed(draft, form):
        return _show(quote, draft, form, 422)
    try:
        made = offering.offer(quote, form.proposal(draft.granted), current_user, seen=_seen())
    except service.Overtaken as overtaken:
        db.session.rollback()
        return _show(_quote(reference), draft, form, 409, overtaken=overtaken.message)
    db.session.commit()
    return _sent(quote, f"Version {made.number} envoyée à {quote.requested_by.name}.")


@bp.post("/<reference>/refuser")
@for_services(Service.SALES)
def refuse(reference: str) -> Response:
    """The request is not followed; the shop reads why."""
    quote, form = _quote(reference), RefuseForm()
    if not form.validate():
        return _show(quote, drafting.begin(quote), _first_form(quote), 422, refusal=form)
    offering.refuse(quote, form.refus.data, current_user, seen=_seen())
    db.session.commit()
    return _sent(quote, f"La librairie lit que la demande {quote.reference} n’est pas suivie.")


def _minutes_left(quote: Quote) -> int:
    return clocks.working_minutes(clock.now(), quote.answer_by, house())


_CLOCKS: dict[str, Any] = {
    "minutes_left": _minutes_left,
    "status_of": service.status_today,
    "total_of": page.total_cents,
}


def _quote(reference: str) -> Quote:
    return visible_or_404(Quote, *page.OPTIONS, reference=reference)


def _seen() -> int:
    return whole_number(request.form.get("version")) or 0


def _first_form(quote: Quote) -> OfferForm:
    """The form as a fresh page has it, whatever was sent to another one."""
    sent = None if request.method == "GET" else MultiDict[str, str]()
    return OfferForm(quote, sent, data=OfferForm.data_of(quote))


def _floor_is_unconfirmed(draft: Draft, form: OfferForm) -> bool:
    """Below the house's floor an offer leaves only on purpose."""
    if not draft.below_floor() or form.malgre.data:
        return False
    form.malgre.errors = ["Remise au-delà du plancher de marge : vérifiez-la, ou cochez pour l’envoyer"]
    return True


def _show(quote: Quote, draft: Draft, form: OfferForm, status: int = 200, **said: Any) -> Response:
    sent = None if request.method == "GET" else MultiDict[str, str]()
    term = form.term() or quote.payment_term
    context = page.context(quote, (), 1) | {
        "draft": draft,
        "form": form,
        "drafted": draft.reckon(term),
        "refusal": RefuseForm(sent),
        "overtaken": "",
        "is_staff": True,
        "below_floor": draft.below_floor(),
        "may_offer": offering.may_offer(quote, current_user),
        "may_refuse": offering.may_refuse(quote, current_user),
    }
    context |= _CLOCKS | said
    faults = draft.faults + form.faults + context["refusal"].faults if status != 200 else []
    return answers.show("quotes/staff_show.html", "quotes/_offer_desk.html", status, **context, faults=faults)


def _sent(quote: Quote, told: str) -> Response:
    flash(told, "fait")
    return answers.leave(url_for(".show", reference=quote.reference))

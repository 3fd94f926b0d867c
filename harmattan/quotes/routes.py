"""Quotes of booksellers: ask from the cart, compare, accept, answer, decline (R44–R49)."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_login import current_user
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import MultiDict

from harmattan.access.gate import needs
from harmattan.access.rules import Permission
from harmattan.access.scope import visible, visible_or_404
from harmattan.cart.models import Cart
from harmattan.conversations import rules as clocks
from harmattan.core import answers, clock, once
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.forms import Form, OneTimeForm, whole_number
from harmattan.core.services import Service
from harmattan.core.settings import house
from harmattan.core.typography import plural
from harmattan.orders import checked, checking, placing
from harmattan.quotes import deciding, lookups, page, requesting, service
from harmattan.quotes.forms import CounterForm, DeclineForm, RequestForm
from harmattan.quotes.models import Quote
from harmattan.quotes.rules import TRANSITIONS, Action

bp = Blueprint("quotes", __name__, url_prefix="/devis")

_ACTS = "<any(accepter, repondre, refuser, retirer, garder, redemander):_act>"
_ACCEPTING = {"csrf_token", "version", "proposition", "ecarter", "bouton"}
"""What the accepting form sends: anything else would be another quantity, discount or price."""


class Tampered(Refusal):
    """The form sent terms of its own: an offer is taken or left as it is."""

    title = "Un devis s’accepte tel qu’il est"


@bp.get("")
@needs(Permission.ORDER)
def index() -> Response:
    """The shop's quotes, latest first."""
    found = lookups.page_of(visible(Quote), before=request.args.get("avant", ""))
    context: dict[str, Any] = {
        "found": found,
        "status_of": service.status_today,
        "total_of": page.total_cents,
    }
    return answers.show("quotes/index.html", "quotes/_list.html", **context)


@bp.get("/demander")
@needs(Permission.ORDER)
def ask() -> Response:
    """The cart once more, and what is asked for; `?d_apres=` takes over what another request said."""
    return _ask(_request_form(request.args.get("d_apres", "")))


@bp.post("")
@needs(Permission.ORDER)
def send() -> Response:
    """One request a cart, whatever is pressed twice (R42, R48): the second sending leads to the first one."""
    form, cart_id = _request_form(), whole_number(request.form.get("panier"))
    if not (cart_id and form.validate()):
        return _ask(form, None if cart_id else placing.CheckAgain([]))
    cart = visible_or_404(Cart, joinedload(Cart.address), id=cart_id)
    version, shown = whole_number(request.form.get("version")) or 0, checked.read(request.form.get("vu", ""))
    try:
        quote = requesting.request(cart, current_user, form.ask(), version=version, shown=shown)
    except requesting.AlreadyRequested as earlier:
        flash("Cette demande était déjà partie : elle n’a été enregistrée qu’une fois.", "att")
        return answers.leave(url_for(".show", reference=earlier.reference))
    except placing.CheckAgain as refused:
        db.session.rollback()
        return _ask(form, refused)
    db.session.commit()
    return answers.leave(url_for(".show", reference=quote.reference))


@bp.get("/<reference>")
@needs(Permission.ORDER, staff_may_read=True)
def show(reference: str) -> Response:
    """One quote: usual, asked for and granted side by side; `?ecarter=` leaves lines out of the sums."""
    return _show(_quote(reference), set_aside=_set_aside(request.args))


@bp.get(f"/<reference>/{_ACTS}")
@needs(Permission.ORDER)
def typed(reference: str, _act: str) -> Response:
    """A typed or refreshed address of an act is no error: it leads to the quote."""
    return answers.leave(url_for(".show", reference=_quote(reference).reference))


@bp.post("/<reference>/accepter")
@needs(Permission.ORDER)
def accept(reference: str) -> Response:
    """The offer becomes one order, as it is, without the lines set aside (R47); nothing else is read."""
    quote, set_aside = _quote(reference), _set_aside(request.form)
    if set(request.form) - _ACCEPTING:
        raise Tampered("Quantités, remises et prix n’y changent pas. Pour en discuter, répondez au devis.")
    if request.form.get("bouton") == "recalculer":
        return answers.done(url_for(".show", reference=reference, ecarter=set_aside))
    try:
        order = deciding.accept(quote, current_user, **_seen(), set_aside=set_aside)
    except deciding.AlreadyAccepted as earlier:
        flash("Ce devis était déjà accepté : la commande n’a été enregistrée qu’une fois.", "att")
        return answers.leave(url_for("orders.show", reference=earlier.reference))
    except deciding.CannotBeHad as gone:
        db.session.rollback()
        return _show(quote, 422, set_aside, faults=[(f"ecarter-{gone.position}", gone.message)])
    db.session.commit()
    return answers.leave(url_for("orders.show", reference=order.reference))


@bp.post("/<reference>/repondre")
@needs(Permission.ORDER)
def counter(reference: str) -> Response:
    """Words, another discount or another term; sales answer in their promised time."""
    quote = _quote(reference)
    form = CounterForm(quote.payment_term)
    if not form.validate():
        return _corrected(quote, Action.COUNTER, counter=form)
    deciding.counter(quote, form.answer(), current_user, **_seen())
    return _decided(quote, "Votre réponse est partie au service commercial.")


@bp.post("/<reference>/refuser")
@needs(Permission.ORDER)
def decline(reference: str) -> Response:
    quote, form = _quote(reference), DeclineForm()
    if not form.validate():
        return _corrected(quote, Action.DECLINE, decline=form)
    deciding.decline(quote, form.motif.data or "", current_user, **_seen())
    return _decided(quote, "Le devis est refusé : rien n’est commandé.")


@bp.post("/<reference>/retirer")
@needs(Permission.ORDER)
def withdraw(reference: str) -> Response:
    quote = _quote(reference)
    deciding.withdraw(quote, current_user, seen=_seen()["seen"])
    return _decided(quote, "La demande est retirée.")


@bp.post("/<reference>/garder")
@needs(Permission.ORDER)
def keep(reference: str) -> Response:
    """The order stays as it was accepted."""
    quote = _quote(reference)
    deciding.keep(quote, current_user, **_seen())
    return _decided(quote, "La commande reste telle quelle.")


@bp.post("/<reference>/redemander")
@needs(Permission.ORDER)
def ask_again(reference: str) -> Response:
    """The same titles in the cart again, and the request filled in as it was; once for a form sent twice."""
    quote, form = _quote(reference), OneTimeForm()
    address = url_for(".ask", d_apres=quote.reference)
    if once.result_of(form.once.data):
        return answers.leave(address)
    gone = requesting.ask_again(quote, current_user)
    once.remember(form.once.data, address)
    db.session.commit()
    if gone:
        flash(f"Sans {plural(len(gone), 'titre')} qu’on ne peut plus commander : {', '.join(gone)}.", "att")
    return answers.leave(address)


def _quote(reference: str) -> Quote:
    return visible_or_404(Quote, *page.OPTIONS, reference=reference)


def _set_aside(sent: "MultiDict[str, str]") -> list[int]:
    return [number for text in sent.getlist("ecarter") if (number := whole_number(text))]


def _seen() -> dict[str, int]:
    """Which offer, and which state of the quote, the page showed."""
    return {
        "number": whole_number(request.form.get("proposition")) or 0,
        "seen": whole_number(request.form.get("version")) or 0,
    }


def _request_form(like: str = "") -> RequestForm:
    """Empty, or filled in as an earlier request was."""
    account = current_user.account
    data = RequestForm.data_of(visible_or_404(Quote, reference=like)) if like else {}
    return RequestForm(account.discount_bp, account.payment_term, data=data)


def _ask(form: RequestForm, refused: placing.CheckAgain | None = None) -> Response:
    account = current_user.account
    context = checking.context(account) | {
        "usual_due": account.payment_term.due(clock.today()),
        "answer_by": clocks.answer_by(clock.now(), Service.SALES, house()),
    }
    if context["seen"] and request.method == "GET" and not form.commentaire.data:
        form.commentaire.data = context["seen"].cart.comment
    status = 422 if refused or form.errors else 200
    return answers.show("quotes/ask.html", "quotes/_ask.html", status, form=form, refused=refused, **context)


def _corrected(quote: Quote, action: Action, **form: Form) -> Response:
    """The page with what is to be corrected, as long as this can be answered: else somebody was faster."""
    if action not in TRANSITIONS[quote.status]:
        raise service.refusal(quote, action)
    return _show(quote, 422, **form)


def _show(quote: Quote, status: int = 200, set_aside: Collection[int] = (), **said: Any) -> Response:
    return answers.show(
        "quotes/show.html", "quotes/_quote.html", status, **_context(quote, set_aside, **said)
    )


def _decided(quote: Quote, told: str) -> Response:
    """The quote as it is after an act."""
    db.session.commit()
    if not answers.wants_fragment():
        flash(told, "fait")
    url = url_for(".show", reference=quote.reference)
    return answers.renewed(url, "quotes/_quote.html", lambda: _context(_quote(quote.reference), told=told))


def _context(quote: Quote, set_aside: Collection[int] = (), **said: Any) -> dict[str, Any]:
    sent = None if request.method == "GET" else MultiDict[str, str]()
    context = page.context(quote, set_aside, whole_number(request.args.get("page")) or 1) | {
        "counter": CounterForm(quote.payment_term, sent),
        "decline": DeclineForm(sent),
        "again": OneTimeForm(sent),
        "is_staff": current_user.is_staff,
        "told": "",
    }
    context |= said
    faults = said.get("faults", []) + context["counter"].faults + context["decline"].faults
    return context | {"faults": faults}

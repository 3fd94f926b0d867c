"""Sales' desk: the queue, one page an order, what sales decide; the other services read along (R38–R57)."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from harmattan.billing.lookups import Balance, balances
from harmattan.conversations import scope as conversations
from harmattan.core import answers, clock, database
from harmattan.core.errors import Refusal, refused
from harmattan.core.extensions import db
from harmattan.core.forms import Form
from harmattan.core.services import Service
from harmattan.orders import (
    changes,
    checks,
    lookups,
    questions,
    queue,
    requests,
    service,
    urgent,
    validation,
)
from harmattan.orders.desk_forms import (
    CancelForm,
    DateForm,
    PhoneAnswerForm,
    QuestionForm,
    RequestForm,
    ValidationForm,
)
from harmattan.orders.models import Order
from harmattan.orders.rules import TRANSITIONS, URGENT_TRANSITIONS, Action
from harmattan.orders.scope import WITH_HISTORY, order_or_404
from harmattan.staff.guard import for_services

bp = Blueprint("orders", __name__, url_prefix="/commandes")

DECIDED = ("orders/_case.html", "layout/_avis.html")
MISSED = "La demande de modification est arrivée trop tard : la librairie en est avertie."

only_sales = for_services(Service.SALES)


@bp.errorhandler(Refusal)
def _lead_back(refusal: Refusal) -> Response:
    """What is refused at the desk leads back to its order, where nothing better is open."""
    if refusal.way_on is None and request.view_args:
        refusal.way_on = ("Revenir à la commande", url_for("staff.orders.show", **request.view_args))
    return refused(refusal)


@bp.get("")
def index() -> Response:
    """A tab of the queue, the most pressing first (R38, R56)."""
    tab = request.args.get("onglet", "")
    shown = queue.of(tab if tab in queue.TABS else "a-verifier", request.args.get("page", 1, type=int))
    return answers.show("orders/staff_index.html", "orders/_queue.html", queue=shown, tabs=queue.TABS)


@bp.get("/<reference>")
def show(reference: str) -> Response:
    """One order with its checks and what can be decided."""
    return _page(_order(reference))


@bp.get("/<reference>/validation")
@bp.get("/<reference>/complement")
@bp.get("/<reference>/reponse")
@bp.get("/<reference>/annulation")
@bp.get("/<reference>/demande")
@bp.get("/<reference>/imperative")
@only_sales
def typed(reference: str) -> Response:
    """A typed or refreshed address of a decision is no error: it leads to the order."""
    return answers.leave(_url(_order(reference)))


@bp.post("/<reference>/validation")
@only_sales
def validate(reference: str) -> Response:
    """Copies put aside, invoice issued, order validated, mail with the file: in one act (R39)."""
    order, form = _order(reference), ValidationForm()
    if not form.validate():
        return _corrected(order, form, Action.VALIDATE)
    db.session.commit()  # the invoice is set outside any transaction
    prepared = validation.prepare(order, form.vu.data or "", form.port.cents)
    database.writing()
    missed = validation.validate(order, prepared, current_user)
    said = f"Commande validée : facture {order.invoice_number}, par courriel à la librairie."
    return _decided(order, said, MISSED if missed else "")


@bp.post("/<reference>/complement")
@only_sales
def ask_details(reference: str) -> Response:
    """A question inside the order (R40)."""
    order, form = _order(reference), QuestionForm()
    if not form.validate():
        return _corrected(order, form, Action.ASK_DETAILS)
    questions.ask(order, form.question.data, current_user)
    return _decided(order, "Question envoyée : la commande attend la réponse de la librairie.")


@bp.post("/<reference>/reponse")
@only_sales
def note_answer(reference: str) -> Response:
    """The shop answered by phone."""
    order, form = _order(reference), PhoneAnswerForm()
    if not form.validate():
        return _corrected(order, form, Action.ANSWER_DETAILS)
    questions.note_answer(order, form.reponse.data, current_user)
    return _decided(order, "Réponse notée : la commande est à vérifier.")


@bp.post("/<reference>/annulation")
@only_sales
def cancel(reference: str) -> Response:
    """Only while it is recorded (R52)."""
    order, form = _order(reference), CancelForm()
    if not form.validate():
        return _corrected(order, form, Action.CANCEL)
    changes.cancel(order, current_user, form.motif.data)
    return _decided(order, "Commande annulée : la librairie en est avertie.")


@bp.post("/<reference>/demande")
@only_sales
def decide_request(reference: str) -> Response:
    """Apply what the shop asked, in one press, or refuse it with words (J8)."""
    order, form = _order(reference), RequestForm()
    if "appliquer" in request.form:
        changes.apply(order, form.demande.data or "", current_user)
        return _decided(order, "Modification appliquée : tout est recalculé, la librairie en est avertie.")
    if not form.validate():
        return _corrected(order, form, Action.REFUSE_CHANGE)
    changes.refuse(order, form.demande.data or "", current_user, form.raison.data)
    return _decided(order, "Demande refusée : la librairie en est avertie.")


@bp.post("/<reference>/imperative")
@only_sales
def answer_date(reference: str) -> Response:
    """Confirmed, impossible, or impossible with another date (R57)."""
    order = _order(reference)
    form = DateForm(order)
    if not form.validate():
        return _corrected(order, form, Action.CONFIRM_DATE)
    words = form.mots.data or ""
    if form.decision.data == Action.CONFIRM_DATE:
        urgent.confirm(order, current_user)
    elif form.decision.data == Action.PROPOSE_DATE and form.date.day:
        urgent.propose(order, current_user, form.date.day, words)
    else:
        urgent.refuse(order, current_user, words)
    return _decided(order, "Réponse envoyée à la librairie.")


def _order(reference: str) -> Order:
    return order_or_404(reference, WITH_HISTORY)


def _url(order: Order) -> str:
    return url_for("staff.orders.show", reference=order.reference)


def _decided(order: Order, said: str, warning: str = "") -> Response:
    """The order as it is after a decision."""
    db.session.commit()
    flash(said, "fait")
    if warning:
        flash(warning, "att")
    return answers.renewed(_url(order), DECIDED, lambda: _context(_order(order.reference)))


def _page(order: Order, form: Form | None = None) -> Response:
    """The page; with a form that is to be corrected, 422."""
    status = 422 if form is not None else 200
    return answers.show("orders/staff_show.html", "orders/_case.html", status, **_context(order, form))


def _corrected(order: Order, form: Form, action: Action) -> Response:
    """The page with what is to be corrected, as long as this can be decided: else somebody was faster."""
    is_open = action in TRANSITIONS[order.status]
    if action is Action.CONFIRM_DATE:
        is_open = is_open and action in URGENT_TRANSITIONS.get(order.urgent_date_state, {})
    elif action is Action.REFUSE_CHANGE:
        is_open = is_open and changes.pending(order) is not None
    if not is_open:
        raise service.refusal(order, action)
    return _page(order, form)


def _context(order: Order, form: Form | None = None) -> dict[str, Any]:
    nothing: MultiDict[str, str] = MultiDict()
    empty = [
        each(nothing) for each in (ValidationForm, QuestionForm, PhoneAnswerForm, CancelForm, RequestForm)
    ]
    forms: dict[str, Any] = {type(each).__name__: each for each in (*empty, DateForm(order, nothing))}
    if form is not None:
        forms[type(form).__name__] = form
    owed = balances([order.account_id], clock.today()).get(order.account_id, Balance())
    proposal = validation.propose(order) if not order.status.is_validated else None
    asked = changes.pending(order)
    return {
        "order": order,
        "standing": service.standing_of(order),
        "steps": service.steps_of(order),
        "proposal": proposal,
        "checks": checks.of(order, proposal, owed) if proposal else [],
        "asked": asked,
        "wish": requests.from_json(asked.changes) if asked else None,
        "forms": forms,
        "faults": form.faults if form is not None else [],
        "may_decide": current_user.service is Service.SALES and not order.status.is_validated,
        "others": [each for each in lookups.recent(order.account_id, 6) if each.id != order.id],
        "threads": conversations.about(order.reference),
    }

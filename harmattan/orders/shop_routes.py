"""What a shop does with a recorded order: ask for a change, answer a question or a date (R41–R57)."""

from flask import Blueprint, Response, flash, request, url_for
from flask_login import current_user

from harmattan.access.gate import needs
from harmattan.access.rules import Permission
from harmattan.conversations import service as conversations
from harmattan.conversations.forms import ReplyForm
from harmattan.core import answers, once
from harmattan.core.extensions import db
from harmattan.orders import changes, page, questions, service, urgent
from harmattan.orders.change_forms import ChangeForm
from harmattan.orders.models import Order
from harmattan.orders.scope import WITH_HISTORY, order_or_404

bp = Blueprint("orders_shop", __name__, url_prefix="/commandes")

DATES = ("deliver_by", "not_before")


@bp.get("/<reference>/modifier")
@needs(Permission.ORDER)
def form(reference: str) -> Response:
    """The order as it stands, to be changed by sales; once validated its page says why not (R51)."""
    order = _order(reference)
    if not order.status.may_change or changes.pending(order):
        return _done(order)
    return _form(order, ChangeForm(order))


@bp.post("/<reference>/modifier")
@needs(Permission.ORDER)
def ask(reference: str) -> Response:
    """A request to sales, old and new beside each other; the dates are not asked for here (R55, R62)."""
    order = _order(reference)
    if not order.status.may_change or any(name in request.form for name in DATES):
        raise service.no_change(order, url_for("contact.form", objet="modifier", commande=order.reference))
    form = ChangeForm(order)
    if sent := once.result_of(form.once.data):
        return answers.leave(sent)
    wish = form.wish(request.form.to_dict())
    if not form.validate() or form.line_faults:
        return _form(order, form, 422)
    if form.version.data != str(order.version):
        raise service.Overtaken("Le service commercial l’a modifiée entre-temps : rouvrez le formulaire.")
    changes.ask(order, wish, current_user)
    once.remember(form.once.data, url_for("orders.show", reference=order.reference))
    db.session.commit()
    flash("Demande envoyée au service commercial : vous serez averti de sa réponse.", "fait")
    return _done(order)


@bp.post("/<reference>/modifier/retrait")
@needs(Permission.ORDER)
def withdraw(reference: str) -> Response:
    """The shop no longer wants what it asked for."""
    order = _order(reference)
    changes.withdraw(order, request.form.get("demande", ""), current_user)
    return page.acted(order, "Demande retirée.")


@bp.post("/<reference>/complement")
@needs(Permission.ORDER)
def answer(reference: str) -> Response:
    """The answer to what sales asked, with its files: the order goes back to them (R41)."""
    order, form = _order(reference), ReplyForm()
    if sent := once.result_of(form.once.data):
        return answers.leave(sent)
    if not form.validate():
        return answers.show(
            "orders/show.html", page.CHANGING, 422, **page.shown(order, request.args) | {"reply": form}
        )
    conversations.count_message(current_user.id, request.remote_addr or "-")
    questions.answer(order, form.message.data, form.files, current_user)
    once.remember(form.once.data, url_for("orders.show", reference=order.reference))
    return page.acted(order, "Réponse envoyée : le service commercial reprend la vérification.")


@bp.post("/<reference>/imperative")
@needs(Permission.ORDER)
def answer_date(reference: str) -> Response:
    """Yes or no to the date that sales propose (R57)."""
    order = _order(reference)
    decide = urgent.accept if request.form.get("reponse") == "accepter" else urgent.decline
    decide(order, current_user)
    return page.acted(order, "Votre réponse est enregistrée.")


@bp.get("/<reference>/complement")
@bp.get("/<reference>/imperative")
@bp.get("/<reference>/modifier/retrait")
@needs(Permission.ORDER)
def typed(reference: str) -> Response:
    """A typed or refreshed address of an act is no error: it leads to the order."""
    return _done(_order(reference))


def _order(reference: str) -> Order:
    return order_or_404(reference, WITH_HISTORY)


def _form(order: Order, form: ChangeForm, status: int = 200) -> Response:
    context = {"order": order, "form": form}
    return answers.show("orders/change.html", "orders/_change_form.html", status, **context)


def _done(order: Order) -> Response:
    return answers.leave(url_for("orders.show", reference=order.reference))

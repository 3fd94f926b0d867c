"""Pasted and sent lists: the form, the review, the addition to the cart."""

from flask import Blueprint, Response, flash, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from harmattan.access.gate import needs
from harmattan.access.rules import Permission
from harmattan.access.scope import visible_or_404
from harmattan.core import answers, csv_export, database, drafts, registry
from harmattan.core.extensions import db
from harmattan.core.typography import plural
from harmattan.lists import forms, refused, reviewing, service
from harmattan.lists.forms import PasteForm
from harmattan.lists.models import OrderList
from harmattan.lists.refused import Upload
from harmattan.lists.rules import UnreadableList

bp = Blueprint("lists", __name__, url_prefix="/panier/liste")


@bp.get("")
@needs(Permission.ORDER)
def new() -> Response:
    """The form, with what was typed before the session was lost, and the lists that wait."""
    return _form(PasteForm())


@bp.post("")
@needs(Permission.ORDER)
def read_list() -> Response:
    form = PasteForm()
    db.session.commit()  # reading a file takes time: outside any transaction
    file = Upload.of(form.fichier.data) if form.fichier.data else None
    try:
        incoming = _incoming(form, file)
    except UnreadableList as fault:
        field = form.fichier if form.fichier.data else form.liste
        field.errors = [fault.message]
        _keep_refused(file, fault.message)
        return _form(form, 422)
    database.writing()
    try:
        kept = service.keep(incoming, current_user.account_id, current_user)
    except service.AlreadyReceived as refusal:
        refusal.way_on = _where_it_is(refusal.earlier)
        _keep_refused(file, str(refusal))
        raise
    db.session.commit()
    return answers.leave(url_for(".review", key=kept.key))


def _keep_refused(file: Upload | None, reason: str) -> None:
    """For our services, who help the shop to correct it."""
    if file is not None and file.octets:
        database.writing()
        refused.keep(file, reason, current_user)
        db.session.commit()


@bp.get("/<key>")
@needs(Permission.ORDER)
def review(key: str) -> Response:
    order_list = visible_or_404(OrderList, key=key)
    typed = drafts.give_back()
    return answers.show(
        "lists/review.html",
        "lists/_review.html",
        review=reviewing.review(order_list, _page(), forms.corrections(typed or MultiDict())),
        restored=typed is not None,
    )


@bp.post("/<key>")
@needs(Permission.ORDER)
def correct(key: str) -> Response:
    """Keep what was typed and chosen; « Ajouter » puts what is ready into the cart, the button of another
    page leads there.
    """
    order_list = visible_or_404(OrderList, key=key)
    if "ajouter" in request.form:
        return _add(order_list)
    service.correct(order_list, forms.corrections(request.form))
    db.session.commit()
    if page := request.form.get("page", type=int):
        return answers.leave(url_for(".review", key=key, page=page))
    return _done(order_list)


@bp.get("/<key>/rejets.csv")
@needs(Permission.ORDER)
def rejects(key: str) -> Response:
    """The lines that do not enter the cart, with the reason, to be corrected in a spreadsheet."""
    return csv_export.download(
        "lignes-a-revoir.csv",
        ("Ligne", "Texte lu", "ISBN", "Titre", "Quantité", "Motif"),
        (
            (
                source.line,
                source.text,
                verdict.row.isbn or verdict.row.typed_isbn,
                verdict.facts.title if verdict.facts else "",
                source.quantity,
                verdict.message,
            )
            for source, verdict in reviewing.rejects(visible_or_404(OrderList, key=key))
        ),
    )


@bp.get("/modele.csv")
@needs(Permission.ORDER)
def model() -> Response:
    """An empty list to be filled in."""
    return csv_export.download("liste.csv", ("ISBN", "Quantité", "Titre (facultatif)"), ())


def _form(form: PasteForm, status: int = 200) -> Response:
    waiting = service.recent(current_user.account_id)
    return answers.show(
        "lists/new.html", "lists/_paste_form.html", status, form=form, paste_form=form, waiting=waiting
    )


def _incoming(form: PasteForm, file: Upload | None) -> service.Incoming:
    gln = current_user.account.gln
    if file is not None and (form.liste.data or "").strip():
        raise UnreadableList("Envoyez le fichier ou la liste collée, un seul des deux")
    if file is not None:
        return service.read_file(file.name, file.content, gln)
    return service.read_text(form.liste.data or "", gln)


def _where_it_is(earlier: OrderList) -> tuple[str, str]:
    """The order that an earlier list became, else the list itself."""
    order = earlier.cart_id and registry.ask("orders.of_cart", earlier.cart_id)
    if order:
        return f"Voir la commande {order.reference}", url_for("orders.show", reference=order.reference)
    return "Voir la liste déjà reçue", url_for(".review", key=earlier.key)


def _add(order_list: OrderList) -> Response:
    version = request.form.get("version", 0, type=int)
    try:
        added = service.add_ready(order_list, version, forms.corrections(request.form), current_user)
    except service.ListChanged:
        db.session.rollback()
        flash(_why_changed(order_list), "att")
        return _done(order_list)
    db.session.commit()
    flash(f"{plural(added, 'ligne ajoutée', 'lignes ajoutées')} au panier.", "fait")
    return answers.leave(url_for("cart.show")) if order_list.is_done else _done(order_list)


def _why_changed(order_list: OrderList) -> str:
    if order_list.applied:
        return "Les lignes prêtes ont déjà été ajoutées au panier : rien n’a été ajouté une seconde fois."
    return "La liste a été corrigée entre-temps : relisez-la, puis ajoutez les lignes prêtes."


def _page() -> int:
    return request.args.get("page", 1, type=int)


def _done(order_list: OrderList) -> Response:
    """The review again: the page to a plain browser, the list and the notices with HTMX."""
    return answers.done(
        url_for(".review", key=order_list.key, page=_page()),
        ("lists/_review.html", "layout/_avis.html"),
        review=reviewing.review(order_list, _page()),
        restored=False,
    )

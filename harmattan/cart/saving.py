"""Keeping what the cart's form says, and naming whoever changed the cart meanwhile (F16)."""

from dataclasses import dataclass, field

from flask import abort, request, url_for
from flask_login import current_user

from harmattan.cart import lookups, page, service
from harmattan.cart.forms import AddForm, CartForm, TypedLines, typed_lines
from harmattan.cart.models import Cart
from harmattan.cart.rules import CartState, Choices, LineChange
from harmattan.catalogue import service as catalogue
from harmattan.core import registry
from harmattan.core.errors import Refusal
from harmattan.core.forms import whole_number
from harmattan.core.typography import time_text
from harmattan.deliveries import service as deliveries


class AlreadyOrdered(Refusal):
    """The page was drawn for a cart that has become an order meanwhile."""

    title = "Ce panier est déjà commandé"


class AlreadyQuoted(Refusal):
    """The page was drawn for a cart that has become a request for a quote meanwhile."""

    title = "Ce panier est déjà une demande de devis"


@dataclass
class Kept:
    """What the cart's form said, once it is saved."""

    cart: Cart
    form: CartForm
    typed: TypedLines
    notices: list[str] = field(default_factory=list)
    is_current: bool = True
    """Whether the page showed the cart as it was: what was not touched on it is then right still."""
    touched: frozenset[str] = frozenset()
    """ISBN of the lines that are no longer as the page showed them."""
    before: Choices | None = None
    """What the cart said beside its lines, until then."""
    added: str = ""
    """What was told of the ISBN that was typed into the page, once its title is in the cart."""


def opened() -> Cart:
    """The open cart, to be changed."""
    cart = service.open_cart(current_user.account_id)
    refuse_if_closed(cart)
    return cart


def refuse_if_closed(cart: Cart) -> None:
    """Refuse what was typed on a page drawn for a cart that is closed; another account's is a 404."""
    shown = request.form.get("cart")
    if not shown or shown == str(cart.id):
        return
    cart_id = whole_number(shown)
    state = lookups.state_of(current_user.account_id, cart_id) if cart_id else None
    if cart_id is None or state in (None, CartState.OPEN):
        abort(404)
    raise (_quoted if state is CartState.QUOTED else _ordered)(cart_id)


def _ordered(cart_id: int) -> Refusal:
    order = registry.ask("orders.of_cart", cart_id)
    address = url_for("orders.show", reference=order.reference) if order else url_for("orders.index")
    return AlreadyOrdered(
        "Il a été commandé entre-temps, rien n’y a été changé.", ("Voir la commande", address)
    )


def _quoted(cart_id: int) -> Refusal:
    quote = registry.ask("quotes.of_cart", cart_id)
    address = url_for("quotes.show", reference=quote.reference) if quote else url_for("quotes.index")
    return AlreadyQuoted(
        "La demande est partie entre-temps, rien n’y a été changé.", ("Voir la demande de devis", address)
    )


def keep(*, must_add: bool = False) -> Kept:
    """Save everything the form says, whichever button was pressed; what cannot be read stays typed.

    An ISBN left in its field is part of it; with `must_add` there has to be one.
    """
    cart = opened()
    typed = typed_lines(request.form)
    form = CartForm(cart, deliveries.addresses(cart.account_id), request.form)
    kept = Kept(cart, form, typed, _named_changes(cart), _is_current(cart), before=cart.choices)
    changes = []
    for line in lookups.lines_of(cart, list(typed.lines)):
        said = typed.lines[line.isbn]
        if said.fault:
            continue
        if notice := said.notice_of(line, cart.updated_by):
            kept.notices.append(notice)
        changes.append((line, said.change_of(line)))
    kept.touched = frozenset(
        [line.isbn for line, change in changes if change != LineChange()] + list(typed.prices_seen)
    )
    service.save(cart, current_user, form.choices(), changes, typed.prices_seen)
    typed.lines = {isbn: line for isbn, line in typed.lines.items() if line.fault}
    form.line_faults = typed.faults
    if must_add or request.form.get("isbn", "").strip():
        _add(kept)
    return kept


def _add(kept: Kept) -> None:
    """Put the title of the typed ISBN into the cart; where that is not possible it stays typed."""
    kept.form.adding = AddForm()
    title, quantity = kept.form.adding.wanted(catalogue.by_isbn)
    if title is not None:
        service.add(kept.cart, {title: quantity}, current_user)
        kept.added = f"{page.added(title, quantity)}."
        kept.form.adding = None


def _is_current(cart: Cart) -> bool:
    return request.form.get("version", "") == str(cart.version)


def _named_changes(cart: Cart) -> list[str]:
    """Who else changed the cart since this page was drawn (F16)."""
    shown = request.form.get("version", "")
    if not shown or _is_current(cart) or cart.updated_by == current_user.name:
        return []
    return [
        f"{cart.updated_by} a modifié ce panier à {time_text(cart.updated_at)}, pendant votre saisie : "
        "ses quantités restent là où vous n’avez rien changé"
    ]

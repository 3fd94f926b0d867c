"""The cart's page, its one form whose buttons differ by address, and the header's count."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, flash, request, session, url_for
from flask_login import current_user

from harmattan.access.gate import needs
from harmattan.access.rules import Permission
from harmattan.cart import answering, lookups, page, service
from harmattan.cart.forms import AddForm, typed_lines
from harmattan.cart.saving import Kept, keep, opened, refuse_if_closed
from harmattan.catalogue import service as catalogue
from harmattan.core import answers, clock, drafts
from harmattan.core.extensions import db
from harmattan.core.typography import euros, plural

bp = Blueprint("cart", __name__, url_prefix="/panier")

ADDED = {
    "home": ("cart/_quick_order.html", "cart/_cart_count.html"),
    "list": ("cart/_added.html", "cart/_cart_count.html"),
}
"""What answers where a title is added without leaving the page."""
BACK_TO = {"home": "home.start", "cart": "cart.show", "title": "catalogue.title"}
"""Where a title may be added from."""


@bp.get("")
@needs(Permission.ORDER)
def show() -> Response:
    """The cart, with what was typed before a session was lost."""
    return answering.whole(drafts.give_back())


@bp.get("/verifier", defaults={"isbn": ""}, endpoint="check_typed")
@bp.get("/devis", defaults={"isbn": ""}, endpoint="request_quote_typed")
@bp.get("/livraison", defaults={"isbn": ""}, endpoint="choose_delivery_typed")
@bp.get("/dates", defaults={"isbn": ""}, endpoint="fix_dates_typed")
@bp.get("/lignes/<isbn>", endpoint="change_line_typed")
@bp.get("/lignes/<isbn>/retirer", endpoint="remove_line_typed")
@needs(Permission.ORDER)
def typed_address(isbn: str) -> Response:
    """A typed or refreshed address leads to the cart, and what was sent to it unheard is given back."""
    typed = drafts.give_back()
    return answering.whole(typed) if typed else answers.leave(url_for("cart.show"))


@bp.post("")
@needs(Permission.ORDER)
def save() -> Response:
    """« Mettre à jour les quantités », and the other pages of a long cart.

    Text browsers know no `formaction`: whatever button they press comes here, so each has a name too.
    """
    pressed, _, isbn = request.form.get("bouton", "").partition("-")
    if "fix" in request.form:
        return fix_dates()
    if pressed == "retirer":
        return remove_line(isbn)
    return _BUTTONS[pressed]() if pressed in _BUTTONS else answering.saved(keep())


def add_typed() -> Response:
    """« Ajouter » on the cart's own page: in its form, so that nothing else typed there is lost."""
    return answering.saved(keep(must_add=True))


@bp.post("/verifier")
@needs(Permission.ORDER)
def check() -> Response:
    """« Vérifier et commander »: on to the check page, unless something forbids ordering."""
    return _go_on(url_for("orders.check"))


@bp.post("/devis")
@needs(Permission.ORDER)
def request_quote() -> Response:
    """« Demander un devis »: on to what is asked for, unless something forbids ordering (R44)."""
    return _go_on(url_for("quotes.ask"))


@bp.post("/livraison")
@needs(Permission.ORDER)
def choose_delivery() -> Response:
    """« Actualiser »: another mode, address or date, and what it costs."""
    before = service.open_cart(current_user.account_id).mode
    kept = keep()
    db.session.commit()
    context = answering.facts(kept)
    fees = {option.mode: _fee(option.fee_cents) for option in context["seen"].options}
    if kept.cart.mode is not before:
        kept.notices.append(f"Port : {fees[kept.cart.mode]} au lieu de {fees[before]}")
    return answering.done(kept, answering.here(), answering.DELIVERY, context)


@bp.post("/dates")
@needs(Permission.ORDER)
def fix_dates() -> Response:
    """One of the ways out that the verdict on the dates offers."""
    kept = keep()
    fix = service.apply_fix(kept.cart, request.form.get("fix", ""), current_user)
    db.session.commit()
    if fix is None:
        return answering.done(kept, answering.here(), answering.WHOLE)
    kept.form = answering.form_of(kept.cart)
    kept.notices.append(f"Choisi : {fix.label}")
    return answering.done(
        kept, answering.here(), answering.WHOLE, answering.facts(kept) | {"focus": "delivery"}
    )


_BUTTONS = {"ajouter": add_typed, "verifier": check, "devis": request_quote, "livraison": choose_delivery}


@bp.post("/lignes")
@needs(Permission.ORDER)
def add_title() -> Response:
    """One title by its ISBN in any form, or « 12*ISBN » as the scanner sends it; then the next one."""
    form = AddForm()
    title, quantity = form.wanted(catalogue.by_isbn)
    if title is None:
        fragment = ADDED.get(_back(), ADDED["home"])[0]
        context = {"adding": form, "faults": form.faults, "back": _back(), "isbn": form.isbn.data}
        return answers.show("cart/add_title.html", fragment, 422, **context)
    seen = service.add(opened(), {title: quantity}, current_user, form.backorder_policy)
    db.session.commit()
    total = f"{plural(seen.title_count, 'titre')}, {euros(seen.totals.gross_cents)} TTC"
    told = f"{page.added(title, quantity)}. Panier : {total}."
    if not (answers.wants_fragment() and _back() in ADDED):
        flash(told, "fait")
        return answers.done(_return_address(title.isbn))
    context = page.summary(seen) | {"back": _back(), "added": told, "isbn": title.isbn}
    return answers.done(_return_address(title.isbn), ADDED[_back()], **context)


@bp.get("/lignes")
@needs(Permission.ORDER)
def add_title_typed() -> Response:
    """A typed or refreshed address leads to the cart."""
    return answers.leave(url_for("cart.show"))


@bp.post("/lignes/<isbn>")
@needs(Permission.ORDER)
def change_line(isbn: str) -> Response:
    """Another quantity, or another way with missing copies: answered that line and the totals alone."""
    cart, line = lookups.with_line(current_user.account_id, isbn) or abort(404)
    refuse_if_closed(cart)
    typed = typed_lines(request.form)
    said = typed.lines.get(isbn) or abort(400)
    if said.fault:
        kept = Kept(cart, answering.form_of(cart), typed)
        context = answering.facts(kept) | {"entry": page.entry(line, current_user.account.discount_bp, said)}
        return answers.show("cart/show.html", "cart/_line.html", 422, **context)
    change, notice = said.change_of(line), said.notice_of(line, cart.updated_by)
    changed, seen = service.change_line(cart, line, change, current_user)
    db.session.commit()
    options_before = seen.prices.options(seen.weight_g - changed.weight_g + line.weight_g)
    return answering.changed(changed, seen, options_before, change.policy is not None, notice)


@bp.post("/lignes/<isbn>/retirer")
@needs(Permission.ORDER)
def remove_line(isbn: str) -> Response:
    """« Retirer »; the focus goes to the next line, and the line may be put back."""
    kept = keep()
    shown = {line.isbn: line for line in lookups.lines(kept.cart, answering.page_number())}
    lines = list(shown)
    following = lines[lines.index(isbn) + 1 :][:1] if isbn in shown else []
    removed = page.removed(shown[isbn]) if isbn in shown else None
    service.remove(kept.cart, [isbn], current_user)
    kept.typed.lines.pop(isbn, None)
    db.session.commit()
    context = answering.facts(kept) | {"focus": following[0] if following else "lines", "removed": removed}
    if not answers.wants_fragment():
        session[answering.REMOVED] = removed
    return answering.done(
        kept, answering.here(f"line-{following[0]}" if following else "lines"), answering.WHOLE, context
    )


def header() -> tuple[int, int]:
    """How many titles the cart holds, and its total TTC in cents, for the header of every page."""
    return lookups.header(current_user.account_id)


def _go_on(url: str) -> Response:
    """Keep the cart and lead to the page before it is sent; what is to be corrected comes first."""
    kept = keep()
    seen = service.overview(kept.cart, current_user.account, clock.now(), shown=())
    db.session.commit()
    return answering.corrections(kept) if seen.problems else answering.done(kept, url)


def _back() -> str:
    asked = request.form.get("back", "")
    return asked if asked in {*BACK_TO, *ADDED} else ""


def _return_address(isbn: str) -> str:
    """Where the title was added from: the scanner's field again, the title, or the search."""
    if _back() in BACK_TO:
        return url_for(BACK_TO[_back()], **{"isbn": isbn} if _back() == "title" else {"suite": 1})
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc == request.host and came_from.path.startswith("/catalogue"):
        return f"{came_from.path}?{came_from.query}".rstrip("?")
    return url_for("cart.show")


def _fee(fee_cents: int | None) -> str:
    return "calculé à la validation" if fee_cents is None else f"{euros(fee_cents)} HT"

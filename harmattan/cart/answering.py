"""What the cart's page answers after an act: itself, or what of it is not as it was."""

from typing import Any

from flask import Response, flash, make_response, render_template, request, session, url_for
from flask_login import current_user

from harmattan.cart import lookups, page, service
from harmattan.cart.forms import AddForm, CartForm, TypedLines, typed_lines
from harmattan.cart.lookups import Line
from harmattan.cart.models import Cart
from harmattan.cart.overview import CartOverview
from harmattan.cart.rules import LINES_A_PAGE
from harmattan.cart.saving import Kept
from harmattan.core import answers, clock
from harmattan.core.extensions import db
from harmattan.core.forms import whole_number
from harmattan.core.paging import Sheet
from harmattan.core.typography import plural
from harmattan.deliveries import service as deliveries
from harmattan.deliveries.two_dates import Option

REMOVED = "removed"
"""Where the session keeps the line just removed, until the cart has offered to put it back."""
WHOLE = ("cart/_cart.html", "cart/_cart_count.html")
BESIDE = ("cart/_totals.html", "cart/_cart_count.html")
DELIVERY = ("cart/_delivery.html", *BESIDE, "cart/_problems.html")
NOTICES = "layout/_avis.html"
"""Those of the page before go: they were about what was then."""
PARTS = ("cart/touched.html", *BESIDE, "cart/_problems.html", "cart/_changes.html")


def saved(kept: Kept) -> Response:
    """What differs from what was shown, once everything typed is kept; committed."""
    db.session.commit()
    if answers.wants_fragment() and not kept.added:
        kept.notices.append("Panier mis à jour")
    return done(kept, url_for("cart.show", suite=1) if kept.added else here(), _renewed(kept))


def _renewed(kept: Kept) -> tuple[str, ...]:
    """What of the page is not as it was: whoever types on meanwhile keeps what is typed."""
    if kept.form.faults or kept.added or not kept.is_current or kept.before is None:
        return (*WHOLE, NOTICES)
    now = kept.cart.choices
    delivery = "cart/_mode.html" if now.delivery == kept.before.delivery else "cart/_delivery.html"
    note = () if now.note == kept.before.note else ("cart/_note.html",)
    return (*PARTS, delivery, *note, NOTICES)


def whole(typed: Any = None) -> Response:
    """The page as the cart stands, with what was typed before a session was lost."""
    cart = lookups.current(current_user.account_id)
    if cart is None:
        return make_response(render_template("cart/show.html", seen=None, cart_header=(0, 0)))
    removed = session.pop(REMOVED, None)
    lines = typed_lines(typed) if typed else TypedLines()
    form = CartForm(cart, deliveries.addresses(cart.account_id), typed)
    form.restored = typed is not None
    form.adding = AddForm(typed) if typed and typed.get("isbn") else None
    return answers.show("cart/show.html", WHOLE, **facts(Kept(cart, form, lines)) | {"removed": removed})


def facts(kept: Kept) -> dict[str, Any]:
    """Everything that the cart's templates need, at the prices of now."""
    shown = Sheet.of(page_number(), kept.cart.line_count, LINES_A_PAGE)
    lines = lookups.lines(kept.cart, shown.number)
    seen = service.overview(kept.cart, current_user.account, clock.now(), shown=lines)
    context = page.context(seen, kept.form, shown, kept.typed)
    at_scanner = _scanner_goes_on(kept, context["faults"])
    return context | {"added": kept.added, "touched": kept.touched, "at_scanner": at_scanner}


def _scanner_goes_on(kept: Kept, faults: list[tuple[str, str]]) -> bool:
    """The keyboard stays at the ISBN, unless something else on the page is to be corrected first."""
    adding = kept.form.adding
    return bool(kept.added or request.args.get("suite")) or (adding is not None and adding.faults == faults)


def done(
    kept: Kept, url: str, fragments: tuple[str, ...] | None = None, context: dict[str, Any] | None = None
) -> Response:
    """The next page, or the fragments; the cart again where dates or something typed are to be corrected."""
    context = context or facts(kept)
    told = [f"{notice}." for notice in kept.notices]
    if kept.form.faults or not context["seen"].verdict.finding.allows_ordering:
        return corrections(kept, fragments or WHOLE, context | {"told": " ".join(told)})
    if not (fragments and answers.wants_fragment()):
        for notice in (*told, *filter(None, [kept.added])):
            flash(notice, "fait")
    return answers.done(url, fragments, **context | {"told": " ".join(told)})


def corrections(
    kept: Kept, fragments: tuple[str, ...] = WHOLE, context: dict[str, Any] | None = None
) -> Response:
    """The cart with what is to be corrected."""
    return answers.show("cart/show.html", fragments, 422, **(context or facts(kept)) | {"focus": ""})


def changed(
    line: Line, seen: CartOverview, options_before: tuple[Option, ...], is_policy: bool, notice: str
) -> Response:
    """A line, the totals and the header's count; more only where more has changed (fees, problems)."""
    fragments = ["cart/_line.html", *BESIDE]
    context = page.summary(seen) | {"entry": page.entry(line, seen.account.discount_bp)}
    told = notice or f"« {line.title} » : {plural(line.quantity, 'exemplaire')}"
    if seen.options != options_before:
        fragments.append("cart/_mode.html")
        context["form"] = form_of(seen.cart)
    if is_policy:
        fragments.append("cart/_problems.html")
    if notice and not answers.wants_fragment():
        flash(told, "fait")
    return answers.done(here(), tuple(fragments), **context | {"told": told})


def form_of(cart: Cart) -> CartForm:
    """The form as the cart stands."""
    return CartForm(cart, deliveries.addresses(cart.account_id), None)


def page_number() -> int:
    """Of the lines, as the address or the form says."""
    asked = request.values.getlist("page")[-1:]
    return (asked and whole_number(asked[0])) or 1


def here(anchor: str | None = None) -> str:
    """The page of the lines that is looked at."""
    number = page_number()
    return url_for("cart.show", page=number if number > 1 else None, _anchor=anchor)

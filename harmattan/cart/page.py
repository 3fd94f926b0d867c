"""What the cart's page shows: the overview in the words and figures of its templates."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harmattan.cart import rules
from harmattan.cart.forms import CartForm, TypedLine, TypedLines
from harmattan.cart.lookups import Line
from harmattan.cart.overview import CartOverview
from harmattan.cart.rules import BackorderPolicy
from harmattan.catalogue.models import Title
from harmattan.catalogue.rules import net_cents
from harmattan.core import clock
from harmattan.core.paging import Sheet
from harmattan.core.registry import ask
from harmattan.core.settings import house
from harmattan.core.typography import plural


@dataclass(frozen=True)
class Entry:
    """One line of the cart as it is shown."""

    line: Line
    net_cents: int
    """Unit price HT after discount, rounded for the eye."""
    total_cents: int | None
    """HT; None where the line cannot be ordered."""
    at_once: int
    discount_bp: int
    typed: str
    fault: str

    @property
    def isbn(self) -> str:
        return self.line.isbn

    @property
    def is_short(self) -> bool:
        """Whether not all copies can ship at once."""
        return self.total_cents is not None and self.at_once < self.line.quantity

    @property
    def policies(self) -> Sequence[BackorderPolicy]:
        """The choices that make sense for what is missing."""
        skipping = [BackorderPolicy.SKIP] if self.at_once or self.policy is BackorderPolicy.SKIP else []
        return [BackorderPolicy.NOTE, *skipping, BackorderPolicy.TOGETHER]

    @property
    def policy(self) -> BackorderPolicy:
        return self.line.backorder_policy

    @property
    def sentence(self) -> str:
        return rules.stock_sentence(self.line.quantity, self.at_once, self.policy)

    @property
    def old_price_cents(self) -> int | None:
        """The price last seen, where it has changed."""
        changed = self.total_cents is not None and self.line.price_cents != self.line.price_now
        return self.line.price_cents if changed else None


def entry(line: Line, discount_bp: int, typed: TypedLine | None = None) -> Entry:
    """A line with its figures at the price of now; `typed` is what could not be kept."""
    return Entry(
        line=line,
        net_cents=net_cents(line.price_now or 0, line.product_vat_bp, discount_bp),
        total_cents=line.amount_cents(discount_bp) if line.is_orderable else None,
        at_once=rules.copies_at_once(line.availability, line.stock, line.quantity),
        discount_bp=discount_bp,
        typed=typed.text if typed else str(line.quantity),
        fault=typed.fault if typed else "",
    )


def added(title: Title, quantity: int) -> str:
    """What is told of a title that was added."""
    return f"Ajouté : {title.title}, {plural(quantity, 'exemplaire')}"


def removed(line: Line) -> dict[str, Any]:
    """What the cart needs to offer a removed line again."""
    return {
        "isbn": line.isbn,
        "title": line.title,
        "quantity": line.quantity,
        "policy": line.backorder_policy,
    }


def context(seen: CartOverview, form: CartForm, page: Sheet, typed: TypedLines) -> dict[str, Any]:
    """Everything the templates of the cart need."""
    entries = [entry(line, seen.account.discount_bp, typed.lines.get(line.isbn)) for line in seen.lines]
    form.line_faults = typed.faults
    return summary(seen) | {
        "entries": entries,
        "form": form,
        "adding": form.adding,
        "part": page,
        "faults": faults(seen, form),
        "ordered_before": _ordered_before(seen),
    }


def summary(seen: CartOverview) -> dict[str, Any]:
    """What the fragments beside a line need."""
    return {
        "seen": seen,
        "cart_header": (seen.title_count, seen.totals.gross_cents),
        "faults": list(seen.problems) if seen.title_count else [],
        "told": "",
        "focus": "",
    }


def faults(seen: CartOverview, form: CartForm) -> list[tuple[str, str]]:
    """Everything to be corrected, in the order of the page; a date that cannot be read hides its verdict."""
    typed = form.faults
    unreadable = {anchor for anchor, _ in typed}
    known = [problem for problem in seen.problems if problem[0] not in unreadable]
    if not seen.title_count:
        return typed
    return sorted((*typed, *known), key=lambda fault: _place(fault[0]))


def _place(anchor: str) -> int:
    """Where on the page: the field for an ISBN above the lines, then all the rest."""
    if anchor in ("isbn", "quantity"):
        return 0
    return 1 if anchor.startswith("q-") else 2


def _ordered_before(seen: CartOverview) -> dict[str, Any]:
    """Recent orders of the titles shown, by ISBN (J5)."""
    since = clock.now() - dt.timedelta(days=house().recent_order_days)
    isbns = [line.isbn for line in seen.lines]
    return ask("orders.of_isbns", seen.account.id, isbns, since) or {}

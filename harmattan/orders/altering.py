"""Change a recorded order as agreed: titles, delivery, dates; everything is reckoned again (R50, J8)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from harmattan.access.models import User
from harmattan.core import vat
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.places import Territory
from harmattan.deliveries.rules import DeliveryMode
from harmattan.orders import amounts, requests
from harmattan.orders.models import Order, OrderLine
from harmattan.orders.progress import hold
from harmattan.orders.requests import Fact, Wish
from harmattan.orders.rules import TRANSITIONS, Action, UrgentDateState
from harmattan.orders.service import act, refusal


class NoLongerFits(Refusal):
    """The order has been changed since the request was made."""

    title = "La commande n’est plus celle de la demande"


def alter(order: Order, wish: Wish, by: User) -> None:
    """Do what the wish says, all of it in one act; raises `NoLongerFits`, or `TooLate` once validated."""
    told = requests.told([*wish.sentences, *filter(None, [wish.words])])
    if wish.cancels:
        act(order, Action.CANCEL, by, told)
        return
    lines = hold(order)
    if Action.CHANGE not in TRANSITIONS[order.status]:
        raise refusal(order, Action.CHANGE)
    _refuse_what_no_longer_fits(order, lines, wish)
    facts = {each.fact: each.new for each in wish.facts}
    mode, address = facts.get(Fact.MODE, order.mode), facts.get(Fact.ADDRESS, order.address)
    destination = amounts.territory(order, mode, address)
    if destination is not order.territory:
        _tax(order, lines.values(), destination)
    _set_quantities(lines, wish)
    moved = {"mode": mode, "address": address, "territory": destination}
    act(
        order,
        Action.CHANGE,
        by,
        told,
        **moved,
        **_dates(facts),
        **_sums(order, lines.values(), mode, destination),
    )


def _refuse_what_no_longer_fits(order: Order, lines: Mapping[int, OrderLine], wish: Wish) -> None:
    held = {line_id: line.quantity for line_id, line in lines.items()}
    fits = all(held.get(each.line_id) == each.old for each in wish.lines) and all(
        getattr(order, each.fact) == each.old for each in wish.facts
    )
    if not fits:
        raise NoLongerFits("Elle a été modifiée depuis : refusez la demande en disant ce qu’il en est.")


def _tax(order: Order, lines: Iterable[OrderLine], destination: Territory) -> None:
    """Give every line the rate of the place where the goods now go."""
    for line in lines:
        line.vat_bp = vat.rate(line.product_vat_bp, destination, order.account.vat_number)


def _set_quantities(lines: dict[int, OrderLine], wish: Wish) -> None:
    for each in wish.lines:
        line = lines[each.line_id]
        if not each.new:
            db.session.delete(lines.pop(each.line_id))
            continue
        line.weight_g = line.weight_g // line.quantity * each.new
        line.line_cents = amounts.line_cents(each.new, line.net_unit_micros)
        line.quantity = each.new


def _dates(facts: Mapping[Fact, Any]) -> dict[str, Any]:
    """An urgent date that sales set is one that they confirm (R57)."""
    changed = {fact.value: facts[fact] for fact in (Fact.DELIVER_BY, Fact.NOT_BEFORE) if fact in facts}
    if Fact.DELIVER_BY in facts:
        is_set = facts[Fact.DELIVER_BY] is not None
        changed["urgent_date_state"] = UrgentDateState.CONFIRMED if is_set else UrgentDateState.NONE
        changed["proposed_date"] = None
    return changed


def _sums(
    order: Order, lines: Collection[OrderLine], mode: DeliveryMode, destination: Territory
) -> dict[str, Any]:
    weight_g = sum(line.weight_g for line in lines)
    fee_cents = amounts.carriage(order, mode, destination, weight_g).fee_cents
    goods = [(line.vat_bp, line.line_cents) for line in lines]
    found = amounts.totals(order, destination, goods, fee_cents)
    return amounts.as_columns(found, fee_cents) | {
        "weight_g": weight_g,
        "line_count": len(lines),
        "copy_count": sum(line.quantity for line in lines),
    }

"""What sales check before they validate, as tasks: stock, prices, debts, address, discount, dates."""

from collections.abc import Sequence
from dataclasses import dataclass

from harmattan.billing.lookups import Balance
from harmattan.core.typography import date_long, date_weekday, euros, percent, plural
from harmattan.orders.models import Order
from harmattan.orders.queue import account_alerts
from harmattan.orders.rules import UrgentDateState
from harmattan.orders.validation import Proposal, ProposedLine


@dataclass(frozen=True)
class Check:
    """One task: done, to be looked at, or in the way; the tone is the stylesheet's."""

    name: str
    tone: str
    text: str


def of(order: Order, proposal: Proposal, owed: Balance) -> list[Check]:
    """Everything to look at, in the order in which one looks."""
    return [
        _stock(proposal.lines),
        _prices(proposal.lines),
        _debts(order, owed),
        _address(order, proposal),
        _discount(order, proposal.lines),
        _dates(order),
    ]


def _stock(lines: Sequence[ProposedLine]) -> Check:
    dropped, noted = sum(each.dropped for each in lines), sum(each.noted for each in lines)
    said = []
    if dropped:
        lost = ("exemplaire ne sera ni livré ni facturé", "exemplaires ne seront ni livrés ni facturés")
        said.append(plural(dropped, *lost))
    if noted:
        said.append(plural(noted, "exemplaire noté", "exemplaires notés"))
    tone = "err" if dropped else "att" if noted else "fait"
    return Check("Stock", tone, " ; ".join(said) or "Tout est disponible")


def _prices(lines: Sequence[ProposedLine]) -> Check:
    changed = [each for each in lines if each.has_new_price]
    if not changed:
        return Check("Prix", "fait", "Ceux de la commande sont en vigueur")
    said = [f"« {each.line.title} » : {euros(each.price_cents)} TTC" for each in changed]
    return Check("Prix", "att", f"Nouveaux prix en vigueur : {' ; '.join(said)}")


def _debts(order: Order, owed: Balance) -> Check:
    alerts = account_alerts(order.account, owed, order.gross_cents)
    since = f" depuis le {date_long(owed.overdue_since)}" if owed.overdue_since else ""
    said = [f"{words}{since}" if "échus" in words else words for _, words in alerts]
    text = f"{euros(owed.owed_cents)} dus avant cette commande"
    return Check("Encours", "err" if alerts else "fait", " ; ".join([text, *said]))


def _address(order: Order, proposal: Proposal) -> Check:
    place = "Retrait au comptoir" if order.mode.is_collected else ", ".join(order.address.lines)
    if proposal.agreed_cents is None:
        return Check("Adresse", "att", f"{place} ; frais de port à fixer")
    return Check("Adresse", "fait", place)


def _discount(order: Order, lines: Sequence[ProposedLine]) -> Check:
    usual = order.account.discount_bp
    others = sorted({each.line.discount_bp for each in lines} - {usual})
    if not others:
        return Check("Remise", "fait", f"{percent(usual)}, celle du compte")
    said = ", ".join(percent(rate) for rate in others)
    return Check("Remise", "att", f"{said}, au lieu de {percent(usual)} au compte")


def _dates(order: Order) -> Check:
    said, tone = [], "fait"
    if order.deliver_by:
        said.append(f"Impérative le {date_weekday(order.deliver_by)} : {order.urgent_date_state.label}")
        if order.urgent_date_state is not UrgentDateState.CONFIRMED:
            tone = "att"
    if order.not_before:
        said.append(f"Pas de livraison avant le {date_weekday(order.not_before)}")
    return Check("Dates", tone, " ; ".join(said) or "Aucune date demandée")

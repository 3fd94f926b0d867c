"""Where an order stands: whose turn it is and until when, what is open, its timeline (R50–R53, R67). Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from harmattan.core import clock, dates
from harmattan.core.services import Service
from harmattan.core.settings import House
from harmattan.core.steps import Step
from harmattan.deliveries import rules as deliveries
from harmattan.deliveries.rules import Delays, DeliveryMode
from harmattan.orders.rules import Action, Status, UrgentDateState


@dataclass(frozen=True)
class _Facts:
    """What is said of a state: whose turn it is, which door is open."""

    turn: str
    door: str
    promise: str = "au plus tard le"
    """What is said before the day announced."""
    late: str = "nous sommes en retard, appelez-nous si cela presse"
    """What is said once that day has passed."""


_OPEN = (
    "Tant que la commande n’est pas validée, demandez au service commercial de la modifier ou de l’annuler,"
    " par écrit ou par téléphone."
)
_LOCKED = (
    "La commande est validée : elle ne peut plus être modifiée ni annulée. Pour changer l’adresse de"
    " livraison, appelez le service après-vente : cela se fait par téléphone uniquement."
)
_LEFT = (
    "La commande est partie : elle ne peut plus être modifiée ni annulée. Pour une question sur la"
    " livraison, adressez-vous au service après-vente."
)

_FACTS = {
    Status.RECORDED: _Facts("À nous : vérification", _OPEN),
    Status.DETAILS_REQUESTED: _Facts("À vous : répondre à notre demande", _OPEN),
    Status.VALIDATED: _Facts("À nous : préparation", _LOCKED),
    Status.PREPARING: _Facts("À nous : expédition", _LOCKED),
    Status.PARTLY_SHIPPED: _Facts("À nous : expédition de ce qui manque", _LOCKED, "nouvelles le"),
    Status.SHIPPED: _Facts(
        "Au transporteur : livraison", _LEFT, "prévue le", "si rien n’est arrivé, appelez-nous"
    ),
    Status.DELIVERED: _Facts("", "Un manque ou un dégât : signalez-le au service après-vente."),
    Status.CANCELLED: _Facts("", "Rien ne sera expédié ni facturé."),
}


@dataclass(frozen=True)
class Standing:
    """Where an order stands, as its page and its mails say it."""

    state: str
    tone: str
    since: dt.datetime
    turn: str
    """« À nous : vérification », or nothing where nobody has to act."""
    until: dt.date | None
    """The last day for whoever's turn it is, where we promise one."""
    promise: str
    """What is said before that day: « au plus tard le », « prévue le »."""
    late: str
    """What is said once it has passed."""
    door: str
    """What can still be changed, and how."""
    desk: Service
    """Who answers for it now: sales until validation (R50), after-sales from then on (R65, R86)."""
    subject: str
    """The contact form's subject that is open for it, by its word in addresses."""


def standing(
    status: Status,
    since: dt.datetime,
    house: House,
    promised_on: dt.date | None = None,
    urgent: UrgentDateState = UrgentDateState.NONE,
) -> Standing:
    """Where an order of this state, reached at `since`, stands; sales check within their time (R38).

    `promised_on` is the day announced for the next step. Another date that sales propose waits for the shop.
    """
    facts = _FACTS[status]
    until = promised_on
    date_is_proposed = status is Status.RECORDED and urgent is UrgentDateState.PROPOSED
    if status is Status.RECORDED and until is None and not date_is_proposed:
        until = checked_by(since, house)
    return Standing(
        state=status.label,
        tone=status.tone,
        since=since,
        turn="À vous : répondre sur la date" if date_is_proposed else facts.turn,
        until=until,
        promise=facts.promise,
        late=facts.late,
        door=facts.door,
        desk=Service.AFTER_SALES if status.is_validated else Service.SALES,
        subject="suivi" if status.is_validated else "modifier",
    )


def checked_by(since: dt.datetime, house: House) -> dt.date:
    """The last day on which sales check what has been their turn since then (R38)."""
    day = clock.in_paris(since).date()
    return dates.add_working_days(day, house.answer_days[Service.SALES], house.closing_days)


def departure(
    validated: dt.datetime, mode: DeliveryMode, not_before: dt.date | None, delays: Delays
) -> dt.date:
    """The last day on which an order validated at this Paris time leaves: prepared at once, or later so as
    not to arrive before « Pas de livraison avant le » (R63)."""
    at_once = deliveries.earliest_delivery(validated, DeliveryMode.COUNTER, delays)
    if not_before is None:
        return at_once
    return max(at_once, deliveries.departure_for(not_before, mode, delays))


_AHEAD = {
    Status.RECORDED: ("Validée, facture par courriel", "En préparation", "Expédiée", "Livrée"),
    Status.DETAILS_REQUESTED: ("Validée, facture par courriel", "En préparation", "Expédiée", "Livrée"),
    Status.VALIDATED: ("En préparation", "Expédiée", "Livrée"),
    Status.PREPARING: ("Expédiée", "Livrée"),
    Status.PARTLY_SHIPPED: ("Expédiée", "Livrée"),
    Status.SHIPPED: ("Livrée",),
    Status.DELIVERED: (),
    Status.CANCELLED: (),
}


def timeline(
    status: Status,
    events: Iterable[tuple[Action, dt.datetime, str]],
    urgent: UrgentDateState = UrgentDateState.NONE,
) -> list[Step]:
    """What happened, (action, instant, text) each; what is under way; what is still ahead (R67)."""
    done = [Step(action.step, "done", at, text) for action, at, text in events]
    if status is Status.RECORDED:
        checked = "Vérification par le service commercial"
        proposed = urgent is UrgentDateState.PROPOSED
        done.append(Step("Réponse de la librairie sur la date" if proposed else checked, "current"))
    elif _AHEAD[status] and done:
        last = done.pop()
        done.append(Step(last.name, "current", last.at, last.text))
    return done + [Step(name, "ahead") for name in _AHEAD[status]]

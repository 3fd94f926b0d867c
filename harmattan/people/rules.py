"""Who may change whose access (R16, R21; J2)."""

import datetime as dt
from dataclasses import dataclass

from harmattan.access.rules import Permission, Right, permissions

ACTS = {
    "access.log_in": "Connexion",
    "access.send_recovery": "Courriel de mot de passe oublié envoyé",
    "access.choose_password": "Nouveau mot de passe",
    "people.change_access": "Accès changé",
    "people.end_access": "Accès fermé",
    "people.hand_over": "Nouvel utilisateur principal",
    "onboarding.ask": "Demande d’accès",
    "onboarding.activate": "Accès activé",
    "onboarding.approve": "Accès accordé",
    "onboarding.refuse": "Demande d’accès refusée",
    "onboarding.disown": "Demande d’accès sans suite",
    "onboarding.expire": "Demande d’accès expirée",
    "onboarding.renew": "Courriel d’activation renvoyé",
    "onboarding.replace": "Demande d’accès remplacée",
    "lists.add": "Liste ajoutée au panier",
    "orders.place": "Commande enregistrée",
    "orders.ask_details": "Complément demandé",
    "orders.answer_details": "Complément reçu",
    "orders.validate": "Commande validée",
    "orders.cancel": "Commande annulée",
    "orders.prepare": "Commande en préparation",
    "orders.ship_part": "Commande expédiée en partie",
    "orders.ship": "Commande expédiée",
    "orders.deliver": "Commande livrée",
    "conversations.receive": "Message envoyé",
    "conversations.write": "Message complété",
    "conversations.take": "Message pris en charge",
    "conversations.transfer": "Message transmis à un autre service",
    "conversations.answer": "Message répondu",
    "conversations.close": "Message clos",
}
"""How the journal names what was done."""


@dataclass(frozen=True)
class Person:
    """What the rules must know of somebody with access to an account."""

    id: int
    is_principal: bool
    rights: frozenset[Right]


def may_manage(actor: Person, target: Person) -> bool:
    """Whether somebody may change another's access: never one's own, never the principal user's.

    A delegate (right « administration ») manages colleagues; only the principal manages delegates.
    """
    if actor.id == target.id or target.is_principal:
        return False
    if Right.ADMINISTRATION in target.rights:
        return actor.is_principal
    return Permission.MANAGE_USERS in permissions(actor.rights, actor.is_principal)


def grantable(actor: Person) -> tuple[Right, ...]:
    """The rights that somebody may give: only the principal user makes delegates."""
    return tuple(right for right in Right if actor.is_principal or right is not Right.ADMINISTRATION)


def end_date_fault(ends_on: dt.date | None, today: dt.date) -> str | None:
    """What is wrong with the last day of an access, in French; None when it may stand."""
    if ends_on is not None and ends_on < today:
        return "Choisissez un dernier jour à venir, ou effacez-le pour un accès sans fin"
    return None

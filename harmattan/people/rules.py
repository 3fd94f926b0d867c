"""Who may change whose access (R16, R21; J2)."""

import datetime as dt
from dataclasses import dataclass

from harmattan.access.rules import Permission, Right, permissions

DETAILS = {
    "trade_name": "Enseigne",
    "legal_name": "Raison sociale",
    "street": "Numéro et rue",
    "postal_code": "Code postal",
    "city": "Ville",
    "email": "Adresse e-mail",
    "phone": "Téléphone",
    "siret": "SIRET",
    "vat_number": "Numéro de TVA",
    "gln": "GLN",
}
"""What an account says of its shop, by the names of its columns: what sales change at the shop's request."""


@dataclass(frozen=True)
class Person:
    """What the rules must know of somebody with access to an account."""

    id: int
    is_principal: bool
    rights: frozenset[Right]
    is_staff: bool = False


def may_manage(actor: Person, target: Person) -> bool:
    """Whether somebody may change another's access: never one's own, never the principal user's.

    A delegate (right « administration ») manages colleagues; only the principal manages delegates. Staff
    may close and reopen what the account's own people may not.
    """
    if actor.id == target.id or target.is_principal:
        return False
    if actor.is_staff:
        return True
    if Right.ADMINISTRATION in target.rights:
        return actor.is_principal
    return Permission.MANAGE_USERS in permissions(actor.rights, actor.is_principal)


def grantable(actor: Person) -> tuple[Right, ...]:
    """The rights that somebody may give: only the principal user makes delegates."""
    may_all = actor.is_principal or actor.is_staff
    return tuple(right for right in Right if may_all or right is not Right.ADMINISTRATION)


def end_date_fault(ends_on: dt.date | None, today: dt.date) -> str | None:
    """What is wrong with the last day of an access, in French; None when it may stand."""
    if ends_on is not None and ends_on < today:
        return "Choisissez un dernier jour à venir, ou effacez-le pour un accès sans fin"
    return None

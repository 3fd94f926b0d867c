"""Rights of booksellers, passwords, and how long a session lives (the rights table; ASVS 6, 7)."""

import datetime as dt
import enum

MINIMUM_PASSWORD_LENGTH = 12
MAXIMUM_PASSWORD_LENGTH = 128

SESSION_LIMIT = dt.timedelta(hours=20)
IDLE_LIMIT = dt.timedelta(hours=2)
STAFF_IDLE_LIMIT = dt.timedelta(minutes=30)
LAST_SEEN_PRECISION = dt.timedelta(minutes=1)
"""A session's last use is written at most this often."""

LOG_IN_TRIES = 5
LOG_IN_WINDOW = dt.timedelta(minutes=10)
LOG_IN_TRIES_A_DAY = 25
LOG_IN_DAY = dt.timedelta(days=1)
LOG_IN_TRIES_A_NETWORK = 100


class Right(enum.StrEnum):
    """What the principal user may grant; a user holds any set of them."""

    ORDERS = "orders"
    RETURNS = "returns"
    DOCUMENTS = "documents"
    ADMINISTRATION = "administration"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Right.ORDERS: "Commandes",
    Right.RETURNS: "Retours",
    Right.DOCUMENTS: "Documents",
    Right.ADMINISTRATION: "Administration",
}


class Permission(enum.StrEnum):
    """What a page asks for before it opens."""

    ORDER = "order"
    READ_DOCUMENTS = "read_documents"
    RETURN_BOOKS = "return_books"
    MANAGE_USERS = "manage_users"


PERMISSIONS: dict[Right, frozenset[Permission]] = {
    Right.ORDERS: frozenset({Permission.ORDER}),
    Right.RETURNS: frozenset({Permission.RETURN_BOOKS}),
    Right.DOCUMENTS: frozenset({Permission.READ_DOCUMENTS}),
    Right.ADMINISTRATION: frozenset({Permission.MANAGE_USERS}),
}


def permissions(rights: frozenset[Right], is_principal: bool) -> frozenset[Permission]:
    """What these rights allow; the principal user may do everything on the account."""
    if is_principal:
        return frozenset(Permission)
    return frozenset().union(*(PERMISSIONS[right] for right in rights))


def session_is_alive(
    started_at: dt.datetime, last_seen_at: dt.datetime, is_staff: bool, now: dt.datetime
) -> bool:
    """Whether a session may go on: 20 h at most, 2 h idle, 30 min for staff."""
    idle = STAFF_IDLE_LIMIT if is_staff else IDLE_LIMIT
    return now - started_at < SESSION_LIMIT and now - last_seen_at < idle


def access_has_ended(ends_on: dt.date | None, today: dt.date) -> bool:
    """Whether a temporary access is over: its last day is still included (J2)."""
    return ends_on is not None and today > ends_on

"""Rights of booksellers, passwords, and how long a session lives (the rights table; ASVS 6, 7)."""

import datetime as dt
import enum
import importlib
import re

from harmattan.core.services import ANSWERING, Service

MINIMUM_PASSWORD_LENGTH = 12
MAXIMUM_PASSWORD_LENGTH = 128
SAFE_SCORE = 3
"""zxcvbn's score from which guessing online, under our limits, is hopeless."""
_OUR_WORDS = (
    *("harmattan", "lharmattan", "editions", "librairie", "librairies", "libraire", "libraires"),
    *("espace", "livres", "bienvenue", "motdepasse"),
)
"""Everybody's first guesses here (ASVS 6.1.2)."""

RECOVERY_LIFE = dt.timedelta(minutes=30)
RECOVERY_TRIES = 5
RECOVERIES_AN_HOUR = 3
RECOVERIES_A_DAY = 6
RECOVERIES_A_NETWORK = 20
"""Requests an hour from one network."""

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

CODE_LIFE = 30
"""Seconds that a code of the second factor is shown (RFC 6238)."""
CODE_DRIFT = 1
"""So many codes before and after the present one are taken: no two clocks are alike."""

KNOWN_BROWSER_FOR = dt.timedelta(days=400)
TOLD_AGAIN_AFTER = dt.timedelta(days=1)
"""At most one mail a day says that a browser is new."""


class Stage(enum.StrEnum):
    """How far a log-in is: what is not open leads nowhere but to what it still asks for."""

    OPEN = "open"
    NEW_PASSWORD = "new_password"  # noqa: S105 -- the name of a step
    SECOND_FACTOR = "second_factor"


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


READERS: dict[Permission, tuple[Service, ...]] = {
    Permission.ORDER: ANSWERING,
    Permission.READ_DOCUMENTS: ANSWERING,
    Permission.RETURN_BOOKS: ANSWERING,
    Permission.MANAGE_USERS: (Service.SALES,),
}
"""Which services may look at what a permission opens (the rights table)."""


def password_fault(password: str, known_words: list[str]) -> str | None:
    """What is wrong with a new password, in French; None when it may be taken (CNIL 2022-100, ASVS 6.2).

    No rule about classes of characters: length, and how guessable it is, `known_words` (the shop, the
    account number, our own name) counting as guessed.
    """
    if len(password) < MINIMUM_PASSWORD_LENGTH:
        missing = MINIMUM_PASSWORD_LENGTH - len(password)
        return f"Allongez le mot de passe de {missing} caractères : il en faut {MINIMUM_PASSWORD_LENGTH}"
    if len(password) > MAXIMUM_PASSWORD_LENGTH:
        return f"Raccourcissez le mot de passe : {MAXIMUM_PASSWORD_LENGTH} caractères au plus"
    words = [word for text in known_words for word in re.split(r"\W+", text.lower()) if len(word) > 2]
    if _score(password, [*_OUR_WORDS, *words]) < SAFE_SCORE:
        return "Choisissez un mot de passe plus difficile à deviner, par exemple quatre mots sans rapport"
    return None


def _score(password: str, known_words: list[str]) -> int:
    """zxcvbn's score. Its word lists take 12 MB of each process: loaded when somebody chooses a password."""
    zxcvbn = importlib.import_module("zxcvbn").zxcvbn
    found: int = zxcvbn(password, user_inputs=known_words, max_length=MAXIMUM_PASSWORD_LENGTH)["score"]
    return found


def code_steps(now: dt.datetime) -> range:
    """The time steps whose codes are taken now."""
    step = int(now.timestamp()) // CODE_LIFE
    return range(step - CODE_DRIFT, step + CODE_DRIFT + 1)


def session_is_alive(
    started_at: dt.datetime, last_seen_at: dt.datetime, is_staff: bool, now: dt.datetime
) -> bool:
    """Whether a session may go on: 20 h at most, 2 h idle, 30 min for staff."""
    idle = STAFF_IDLE_LIMIT if is_staff else IDLE_LIMIT
    return now - started_at < SESSION_LIMIT and now - last_seen_at < idle


def access_has_ended(ends_on: dt.date | None, today: dt.date) -> bool:
    """Whether a temporary access is over: its last day is still included (J2)."""
    return ends_on is not None and today > ends_on


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows")),
    *(("Mac", "Mac"), ("Linux", "Linux")),
)


def browser_name(said: str) -> str:
    """What a browser says of itself, in the two words that its owner knows it by."""
    browser = next((name for mark, name in _BROWSERS if mark in said), "")
    system = next((name for mark, name in _SYSTEMS if mark in said), "")
    if browser and system:
        return f"{browser}, {system}"
    return browser or system or said.partition("/")[0] or "Navigateur inconnu"

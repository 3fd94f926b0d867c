"""« Voir comme le client »: our services look at the pages that one bookseller sees, and change nothing.

The session stays the staff member's; `current_user` is the bookseller, with `seen_by` saying who looks.
What the looking service may not read stays closed (`rules.READERS`). Start and end are in the journal.
"""

from harmattan.access.models import LoginSession, User
from harmattan.core import audit
from harmattan.core.errors import Refusal


class NothingToSee(Refusal):
    title = "Cette personne ne se connecte pas"


class OnlyLooking(Refusal):
    status = 403
    title = "Vous regardez, sans rien changer"


def start(session: LoginSession, target: User) -> None:
    """From the next page on, this member of staff sees what the bookseller sees; else `NothingToSee`."""
    if not _can_be_seen(target):
        raise NothingToSee("Son accès est suspendu ou terminé : il n’ouvre aucune page.")
    session.viewed_user_id = target.id
    _record("access.start_view", session.user, target)


def stop(session: LoginSession) -> None:
    """Back to one's own pages; does nothing where nobody looks."""
    if session.viewed_user is not None:
        _record("access.end_view", session.user, session.viewed_user)
    session.viewed_user_id = None


def person_of(session: LoginSession) -> User:
    """Whose pages a session shows."""
    seen = session.viewed_user
    if seen is None or not _can_be_seen(seen):
        return session.user
    seen.seen_by = session.user
    return seen


def _can_be_seen(target: User) -> bool:
    return target.has_access and not target.is_staff


def _record(action: str, by: User, target: User) -> None:
    audit.record(action, target.email, actor=by.name, account_id=target.account_id)

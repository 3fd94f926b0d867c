"""How far accounts are: one invited long ago who never came, people never seen, a suspended one."""

import datetime as dt

from harmattan.access.models import Account, User
from harmattan.access.rules import Right
from harmattan.accounts import service as accounts
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.demo.past import clock_at, working_days_ago
from harmattan.demo.people import Cast
from harmattan.people import service as people

_ORDERS = frozenset({Right.ORDERS})


def add(cast: Cast) -> None:
    """Invitations and people of the past; everybody else was here yesterday."""
    with clock_at(clock.now() - dt.timedelta(days=45)):
        accounts.invite(cast.petit_port, cast.marie.name)
        _colleague(cast.anne, "Jules", "Kerven", "jules@grandlarge.example")
        salome = _colleague(cast.paul, "Salomé", "Petit", "salome@quais.example")
    with clock_at(working_days_ago(2)):
        people.end_access(salome, by=cast.marie)
    for person in (cast.anne, cast.karim, cast.lucie, cast.paul, cast.marie, cast.hugo, cast.ines, cast.root):
        person.last_log_in_at = working_days_ago(1, 9)


def _colleague(principal: User, first_name: str, last_name: str, email: str) -> User:
    user = User(
        email=email,
        first_name=first_name,
        last_name=last_name,
        password_hash=principal.password_hash,
        account_id=principal.account_id,
        account=db.session.get_one(Account, principal.account_id),
        rights=_ORDERS,
    )
    db.session.add(user)
    db.session.flush()
    return user

"""What staff read of requests for access."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from harmattan.access.models import User
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.onboarding import rules
from harmattan.onboarding.models import AccessRequest
from harmattan.onboarding.rules import Kind, RequestState

SHOWN = 100


@dataclass(frozen=True)
class Waiting:
    """A request that somebody has yet to answer."""

    request: AccessRequest
    answerer: str
    """Who can: the address on file, or the principal user."""
    is_late: bool
    """Whether sales were told, or its link is too old."""


def waiting() -> Sequence[Waiting]:
    """The requests without an answer, the oldest first (R20)."""
    pending = [state for state, ways in rules.TRANSITIONS.items() if ways]
    principal = sa.orm.aliased(User)
    found = db.session.execute(
        sa.select(AccessRequest, principal)
        .outerjoin(
            principal,
            sa.and_(principal.account_id == AccessRequest.account_id, principal.is_principal.is_(True)),
        )
        .options(joinedload(AccessRequest.account))
        .where(AccessRequest.state.in_(pending))
        .order_by(AccessRequest.asked_at, AccessRequest.id)
        .limit(SHOWN)
    )
    return [Waiting(request, _answerer(request, user), _is_late(request)) for request, user in found]


def _answerer(request: AccessRequest, principal: User | None) -> str:
    if request.kind is Kind.COLLEAGUE and principal is not None:
        return principal.name
    return request.account.email


def _is_late(request: AccessRequest) -> bool:
    if request.state is RequestState.AWAITING_ACTIVATION:
        return clock.now() >= request.expires_at
    return clock.now() >= rules.working_days_later(request.asked_at, rules.TELL_SALES_AFTER_WORKING_DAYS)

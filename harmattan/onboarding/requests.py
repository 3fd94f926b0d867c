"""One request for access: recorded, found by its link, moved between states by one writer (R3–R20)."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from harmattan.access.models import Account, User
from harmattan.core import audit, clock, database, links, tokens
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.settings import house
from harmattan.onboarding import rules
from harmattan.onboarding.models import AccessRequest
from harmattan.onboarding.rules import Action, Kind, RequestState
from harmattan.outbox import service as outbox


class AlreadyAnswered(Refusal):
    status = 410
    title = "Cette demande a déjà sa réponse"


class NoSuchRequest(Exception):
    """The link leads to no request, or to another account's."""


def find(token: str) -> AccessRequest:
    """The request of a link, alive or not; raises `NoSuchRequest`."""
    request = db.session.scalar(
        sa.select(AccessRequest)
        .options(joinedload(AccessRequest.account), joinedload(AccessRequest.decided_by))
        .where(AccessRequest.token_hash == tokens.hash_of(token))
    )
    if request is None:
        raise NoSuchRequest
    return request


def find_for(token: str, user: User) -> AccessRequest:
    """The request that this person may decide on; another account's does not exist (J2)."""
    request = find(token)
    if request.kind is not Kind.COLLEAGUE or request.account_id != user.account_id:
        raise NoSuchRequest
    return request


def is_open(request: AccessRequest) -> bool:
    """Whether it still waits for its answer."""
    return bool(rules.TRANSITIONS[request.state]) and clock.now() < request.expires_at


def already_answered(request: AccessRequest) -> AlreadyAnswered:
    """What became of it, and the way on."""
    way_on = ("Se connecter", links.path("access.log_in"))
    if request.state is RequestState.ACTIVE:
        by = f" par {request.decided_by.name}" if request.decided_by else ""
        done = "Cet accès est déjà activé" if request.kind is Kind.FIRST_ACCESS else "Déjà traité"
        at = clock.in_paris(request.decided_at or request.asked_at)
        return AlreadyAnswered(f"{done}{by} le {at:%d/%m/%Y}.", way_on)
    return AlreadyAnswered(
        "Cette demande n’est plus valable : elle a été refusée, remplacée, ou a trop attendu.",
        ("Demander un accès", links.path("onboarding.request_form")),
    )


def record(account: Account, kind: Kind, payload: dict[str, Any], token: str) -> AccessRequest:
    """A new request; `payload`: email, first_name, last_name, words, password_hash."""
    request = AccessRequest(
        token_hash=tokens.hash_of(token),
        kind=kind,
        state=rules.FIRST_STATE[kind],
        account_id=account.id,
        account=account,
        expires_at=rules.expires_at(kind, clock.now(), house().activation_hours),
        asked_at=clock.now(),
        **{key: payload[key] for key in ("email", "first_name", "last_name", "words", "password_hash")},
    )
    db.session.add(request)
    db.session.flush()
    return request


def act(request: AccessRequest, action: Action, by: User | None = None, *, late: bool = False) -> None:
    """The only writer of a request's state: of two at once the database lets one win."""
    target = rules.TRANSITIONS[request.state].get(action)
    if target is None or (not late and clock.now() >= request.expires_at):
        raise already_answered(request)
    changed = database.changed_rows(
        sa.update(AccessRequest)
        .where(AccessRequest.id == request.id, AccessRequest.state == request.state)
        .values(state=target, decided_at=clock.now(), decided_by_id=by.id if by else None)
    )
    if not changed:
        raise already_answered(request)
    db.session.refresh(request)
    if not rules.TRANSITIONS[target] and target is not RequestState.ACTIVE:
        request.password_hash = ""
    actor = by.name if by else request.name
    audit.record(f"onboarding.{action.value}", request.email, actor=actor, account_id=request.account_id)


def send_link(request: AccessRequest, token: str, principal: User | None) -> None:
    """Write to whoever decides: the principal user, else the address on file."""
    outbox.queue(
        f"access_{request.kind.value}",
        principal.email if principal else request.account.email,
        service=Service.SALES,
        account_id=request.account_id,
        is_secret=True,
        request=request,
        principal=principal,
        address=address_of(token),
    )


def address_of(token: str) -> str:
    """The link of a mail; its page changes nothing until it is confirmed (R10)."""
    return links.absolute("onboarding.show_request", token=token)

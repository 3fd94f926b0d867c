"""Ask for access, confirm it, approve it; remind, hand over and expire what nobody answers (R1–R21)."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from harmattan.access import passwords
from harmattan.access.models import Account, User
from harmattan.access.rules import Permission, Right
from harmattan.conversations import service as conversations
from harmattan.conversations.service import Writer
from harmattan.core import audit, clock, database, jobs, links, throttle, tokens
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.onboarding import rules
from harmattan.onboarding.models import AccessRequest
from harmattan.onboarding.rules import Action, Kind, RequestState
from harmattan.outbox import service as outbox

SEND_JOB = "onboarding.send_request"
REMIND_JOB = "onboarding.remind"
TELL_SALES_JOB = "onboarding.tell_sales"
EXPIRE_JOB = "onboarding.expire"


class AlreadyAnswered(Refusal):
    status = 410
    title = "Cette demande a déjà sa réponse"


class EmailTaken(Refusal):
    title = "Cette adresse e-mail a déjà un accès"


class NoSuchRequest(Exception):
    """The link leads to no request, or to another account's."""


def ask(details: dict[str, str], password: str, network: str) -> None:
    """Take note of a request (R3); the worker finds out which case it is, so nothing shows here (R12).

    `details`: number, first_name, last_name, email, words. The password is hashed whatever the case, and
    outside any transaction.
    """
    throttle.count(f"access-request:{network}", rules.TRIES_A_NETWORK, rules.TRY_WINDOW)
    jobs.enqueue(SEND_JOB, details | {"password_hash": _hashed(password)})


def send(payload: dict[str, Any]) -> None:
    """The worker's part: recognise the case and write to whoever decides (R4, R5, R15, R19)."""
    account = db.session.scalar(sa.select(Account).where(Account.number == payload["number"]))
    if account is None:
        return
    user = db.session.scalar(sa.select(User).where(User.email == payload["email"]))
    if user is not None:
        outbox.queue(
            "access_already", user.email, service=Service.SALES, account_id=user.account_id, user=user
        )
        return
    principal = _principal(account)
    kind = rules.kind_of(principal is not None)
    token = tokens.new()
    _replace_older(account, payload["email"], kind)
    request = _record(account, kind, payload, token)
    _send_link(request, token, principal)
    audit.record("onboarding.ask", request.email, actor=request.name, account_id=account.id)
    _plan(request)


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


def may_approve(user: User) -> bool:
    """The principal user, or whoever holds « administration » (R16)."""
    return user.may(Permission.MANAGE_USERS)


def is_open(request: AccessRequest) -> bool:
    """Whether it still waits for its answer."""
    return bool(rules.TRANSITIONS[request.state]) and clock.now() < request.expires_at


def prepare_first_access(account: Account, first_name: str, last_name: str, by: User) -> str:
    """The access of a new account's principal user, who chooses the password by the link (R26).

    The link goes to the address on file, with the caller's mail; nobody has to ask first.
    """
    token = tokens.new()
    person = {"email": account.email, "first_name": first_name, "last_name": last_name}
    request = _record(account, Kind.FIRST_ACCESS, person | {"words": "", "password_hash": ""}, token)
    audit.record("onboarding.prepare", request.email, actor=by.name, account_id=account.id)
    _plan(request)
    return _address(token)


def activate(request: AccessRequest, password: str | None = None) -> User:
    """The address on file confirms: the person becomes the account's principal user (R7).

    Where sales prepared the access, the password is chosen just now, and hashed outside any transaction.
    """
    hashed = _hashed(password) if password else request.password_hash
    _act(request, Action.ACTIVATE)
    request.password_hash = hashed
    user = _make_user(request, frozenset(Right), is_principal=True, ends_on=None)
    request.account.activated_at = request.account.activated_at or clock.now()
    outbox.queue("access_granted", user.email, service=Service.SALES, account_id=user.account_id, user=user)
    return user


def disown(request: AccessRequest) -> None:
    """« Ce n’est pas moi »: the password never opens anything, and sales are told (R9)."""
    _act(request, Action.DISOWN)
    _tell_sales(
        request,
        "« Ce n’est pas moi »",
        f"L’adresse enregistrée n’a pas reconnu la demande d’accès de {request.name} ({request.email}). "
        "Le mot de passe choisi n’ouvre rien.",
    )


def approve(request: AccessRequest, rights: frozenset[Right], ends_on: dt.date | None, by: User) -> User:
    """The principal user lets a colleague in, with these rights (R16–R18)."""
    _act(request, Action.APPROVE, by)
    user = _make_user(request, rights, is_principal=False, ends_on=ends_on)
    outbox.queue("access_granted", user.email, service=Service.SALES, account_id=user.account_id, user=user)
    return user


def refuse(request: AccessRequest, by: User) -> None:
    """The principal user does not; the person is told, without a reason (R20)."""
    _act(request, Action.REFUSE, by)
    outbox.queue("access_refused", request.email, service=Service.SALES, request=request)


def send_again(request: AccessRequest) -> None:
    """A fresh link to the address on file, for a first access whose link is too old (R8)."""
    _act(request, Action.RENEW, late=True)
    token = tokens.new()
    request.token_hash = tokens.hash_of(token)
    request.expires_at = rules.expires_at(request.kind, clock.now())
    _send_link(request, token, None)


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


def remind(payload: dict[str, Any]) -> None:
    """After 2 working days without an answer, the principal user is written to again (R20)."""
    request = db.session.get(AccessRequest, payload["request_id"])
    if request is None or not is_open(request):
        return
    token = tokens.new()
    request.token_hash = tokens.hash_of(token)
    _send_link(request, token, _principal(request.account))


def hand_to_sales(payload: dict[str, Any]) -> None:
    """After 5 working days without an answer, sales are told (R20)."""
    request = db.session.get(AccessRequest, payload["request_id"])
    if request is None or not is_open(request):
        return
    _tell_sales(
        request,
        "Demande d’accès sans réponse",
        f"{request.name} ({request.email}) attend l’accord de l’utilisateur principal depuis 5 jours ouvrés.",
    )


def expire(payload: dict[str, Any]) -> None:
    """What nobody answered in time ends; both are told (R20)."""
    request = db.session.get(AccessRequest, payload["request_id"])
    if request is None or not rules.TRANSITIONS[request.state]:
        return
    _act(request, Action.EXPIRE, late=True)
    if request.kind is Kind.COLLEAGUE:
        principal = _principal(request.account)
        for email in {request.email, principal.email if principal else request.account.email}:
            outbox.queue("access_expired", email, service=Service.SALES, request=request)


def explain_pending(email: str) -> None:
    """A forgotten password of somebody whose access is not open yet: say how far it is (R36)."""
    request = db.session.scalar(
        sa.select(AccessRequest).where(
            AccessRequest.email == email,
            AccessRequest.state.in_([state for state, ways in rules.TRANSITIONS.items() if ways]),
        )
    )
    if request is None:
        return
    if request.lacks_password:
        send_again(request)
    else:
        outbox.queue("access_pending", email, service=Service.SALES, request=request)


def _hashed(password: str) -> str:
    """The hash to keep, made outside any transaction; what follows writes."""
    db.session.commit()
    hashed = passwords.hash_password(password)
    database.writing()
    return hashed


def _principal(account: Account) -> User | None:
    return db.session.scalar(
        sa.select(User).where(
            User.account_id == account.id, User.is_principal.is_(True), User.disabled_at.is_(None)
        )
    )


def _tell_sales(request: AccessRequest, title: str, body: str) -> None:
    account = request.account
    writer = Writer(name=account.trade_name, email=account.email, account_id=account.id)
    conversations.open_thread(
        writer, Service.SALES, subject="acces", title=f"{title} : compte {account.number}", body=body
    )


def _record(account: Account, kind: Kind, payload: dict[str, Any], token: str) -> AccessRequest:
    request = AccessRequest(
        token_hash=tokens.hash_of(token),
        kind=kind,
        state=rules.FIRST_STATE[kind],
        account_id=account.id,
        account=account,
        expires_at=rules.expires_at(kind, clock.now()),
        asked_at=clock.now(),
        **{key: payload[key] for key in ("email", "first_name", "last_name", "words", "password_hash")},
    )
    db.session.add(request)
    db.session.flush()
    return request


def _replace_older(account: Account, email: str, kind: Kind) -> None:
    """A newer request ends the older one: of the account for a first access, else of the person."""
    older = sa.select(AccessRequest).where(
        AccessRequest.account_id == account.id, AccessRequest.state == rules.FIRST_STATE[kind]
    )
    if kind is Kind.COLLEAGUE:
        older = older.where(AccessRequest.email == email)
    for request in db.session.scalars(older):
        _act(request, Action.REPLACE, late=True)


def _send_link(request: AccessRequest, token: str, principal: User | None) -> None:
    outbox.queue(
        f"access_{request.kind.value}",
        principal.email if principal else request.account.email,
        service=Service.SALES,
        account_id=request.account_id,
        is_secret=True,
        request=request,
        principal=principal,
        address=_address(token),
    )


def _address(token: str) -> str:
    return links.absolute("onboarding.show_request", token=token)


def _plan(request: AccessRequest) -> None:
    payload = {"request_id": request.id}
    jobs.enqueue(EXPIRE_JOB, payload, rules.given_up_at(request.asked_at))
    if request.kind is Kind.COLLEAGUE:
        for kind, days in (
            (REMIND_JOB, rules.REMIND_AFTER_WORKING_DAYS),
            (TELL_SALES_JOB, rules.TELL_SALES_AFTER_WORKING_DAYS),
        ):
            jobs.enqueue(kind, payload, rules.working_days_later(request.asked_at, days))


def _act(request: AccessRequest, action: Action, by: User | None = None, *, late: bool = False) -> None:
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


def _make_user(
    request: AccessRequest, rights: frozenset[Right], *, is_principal: bool, ends_on: dt.date | None
) -> User:
    if db.session.scalar(sa.select(User.id).where(User.email == request.email)):
        raise EmailTaken(
            "Connectez-vous avec elle, ou demandez un accès avec une autre adresse.",
            ("Se connecter", links.path("access.log_in")),
        )
    user = User(
        email=request.email,
        first_name=request.first_name,
        last_name=request.last_name,
        password_hash=request.password_hash,
        account_id=request.account_id,
        rights=rights,
        is_principal=is_principal,
        ends_on=ends_on,
    )
    db.session.add(user)
    db.session.flush()
    request.password_hash = ""
    return user


JOBS: dict[str, jobs.Handler] = {
    SEND_JOB: send,
    REMIND_JOB: remind,
    TELL_SALES_JOB: hand_to_sales,
    EXPIRE_JOB: expire,
}
"""What the worker does for this area."""

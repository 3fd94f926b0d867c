"""Ask for access, confirm it, approve or refuse it (R1–R21); what nobody answers is in `unanswered`."""

import datetime as dt
from typing import Any

import sqlalchemy as sa

from harmattan.access import passwords
from harmattan.access.models import Account, User
from harmattan.access.rules import Permission, Right
from harmattan.conversations import service as conversations
from harmattan.conversations.service import Writer
from harmattan.core import audit, clock, database, jobs, links, throttle, tokens
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.settings import house
from harmattan.onboarding import requests, rules
from harmattan.onboarding.models import AccessRequest
from harmattan.onboarding.rules import Action, Kind
from harmattan.outbox import service as outbox
from harmattan.people.service import principal_of

SEND_JOB = "onboarding.send_request"


class EmailTaken(Refusal):
    title = "Cette adresse e-mail a déjà un accès"


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
    principal = principal_of(account.id)
    kind = rules.kind_of(principal is not None)
    token = tokens.new()
    _replace_older(account, payload["email"], kind)
    request = requests.record(account, kind, payload, token)
    requests.send_link(request, token, principal)
    audit.record("onboarding.ask", request.email, actor=request.name, account_id=account.id)
    _plan(request)


def may_approve(user: User) -> bool:
    """The principal user, or whoever holds « administration » (R16)."""
    return user.may(Permission.MANAGE_USERS)


def prepare_first_access(account: Account, first_name: str, last_name: str, by: User) -> str:
    """The access of a new account's principal user, who chooses the password by the link (R26).

    The link goes to the address on file, with the caller's mail; nobody has to ask first.
    """
    token = tokens.new()
    person = {"email": account.email, "first_name": first_name, "last_name": last_name}
    request = requests.record(account, Kind.FIRST_ACCESS, person | {"words": "", "password_hash": ""}, token)
    audit.record("onboarding.prepare", request.email, actor=by.name, account_id=account.id)
    _plan(request)
    return requests.address_of(token)


def activate(request: AccessRequest, password: str | None = None) -> User:
    """The address on file confirms: the person becomes the account's principal user (R7).

    Where sales prepared the access, the password is chosen just now, and hashed outside any transaction.
    """
    hashed = _hashed(password) if password else request.password_hash
    requests.act(request, Action.ACTIVATE)
    request.password_hash = hashed
    user = _make_user(request, frozenset(Right), is_principal=True, ends_on=None)
    request.account.activated_at = request.account.activated_at or clock.now()
    outbox.queue("access_granted", user.email, service=Service.SALES, account_id=user.account_id, user=user)
    return user


def disown(request: AccessRequest) -> None:
    """« Ce n’est pas moi »: the password never opens anything, and sales are told (R9)."""
    requests.act(request, Action.DISOWN)
    tell_sales(
        request,
        "« Ce n’est pas moi »",
        f"L’adresse enregistrée n’a pas reconnu la demande d’accès de {request.name} ({request.email}). "
        "Le mot de passe choisi n’ouvre rien.",
    )


def approve(request: AccessRequest, rights: frozenset[Right], ends_on: dt.date | None, by: User) -> User:
    """The principal user lets a colleague in, with these rights (R16–R18)."""
    requests.act(request, Action.APPROVE, by)
    user = _make_user(request, rights, is_principal=False, ends_on=ends_on)
    outbox.queue("access_granted", user.email, service=Service.SALES, account_id=user.account_id, user=user)
    return user


def refuse(request: AccessRequest, by: User) -> None:
    """The principal user does not; the person is told, without a reason (R20)."""
    requests.act(request, Action.REFUSE, by)
    outbox.queue("access_refused", request.email, service=Service.SALES, request=request)


def send_again(request: AccessRequest) -> None:
    """A fresh link to the address on file, for a first access whose link is too old (R8)."""
    requests.act(request, Action.RENEW, late=True)
    token = tokens.new()
    request.token_hash = tokens.hash_of(token)
    request.expires_at = rules.expires_at(request.kind, clock.now(), house().activation_hours)
    requests.send_link(request, token, None)


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


def tell_sales(request: AccessRequest, title: str, body: str) -> None:
    """A message on the sales' desk, as from the shop."""
    account = request.account
    writer = Writer(name=account.trade_name, email=account.email, account_id=account.id)
    conversations.open_thread(
        writer, Service.SALES, subject="acces", title=f"{title} : compte {account.number}", body=body
    )


def _replace_older(account: Account, email: str, kind: Kind) -> None:
    """A newer request ends the older one: of the account for a first access, else of the person."""
    older = sa.select(AccessRequest).where(
        AccessRequest.account_id == account.id, AccessRequest.state == rules.FIRST_STATE[kind]
    )
    if kind is Kind.COLLEAGUE:
        older = older.where(AccessRequest.email == email)
    for request in db.session.scalars(older):
        requests.act(request, Action.REPLACE, late=True)


def _plan(request: AccessRequest) -> None:
    payload = {"request_id": request.id}
    jobs.enqueue(rules.EXPIRE_JOB, payload, rules.given_up_at(request.asked_at))
    if request.kind is Kind.COLLEAGUE:
        for kind, days in (
            (rules.REMIND_JOB, rules.REMIND_AFTER_WORKING_DAYS),
            (rules.TELL_SALES_JOB, rules.TELL_SALES_AFTER_WORKING_DAYS),
        ):
            jobs.enqueue(kind, payload, rules.working_days_later(request.asked_at, days))


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

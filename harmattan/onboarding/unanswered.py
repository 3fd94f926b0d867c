"""What the worker does about requests that nobody answers: reminds, tells sales, ends them (R20)."""

from typing import Any

from harmattan.core import jobs, tokens
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.onboarding import requests, rules, service
from harmattan.onboarding.models import AccessRequest
from harmattan.onboarding.rules import Action, Kind
from harmattan.outbox import service as outbox
from harmattan.people.service import principal_of


def remind(payload: dict[str, Any]) -> None:
    """After 2 working days without an answer, the principal user is written to again (R20)."""
    request = db.session.get(AccessRequest, payload["request_id"])
    if request is None or not requests.is_open(request):
        return
    token = tokens.new()
    request.token_hash = tokens.hash_of(token)
    requests.send_link(request, token, principal_of(request.account_id))


def hand_to_sales(payload: dict[str, Any]) -> None:
    """After 5 working days without an answer, sales are told (R20)."""
    request = db.session.get(AccessRequest, payload["request_id"])
    if request is None or not requests.is_open(request):
        return
    service.tell_sales(
        request,
        "Demande d’accès sans réponse",
        f"{request.name} ({request.email}) attend l’accord de l’utilisateur principal depuis 5 jours ouvrés.",
    )


def expire(payload: dict[str, Any]) -> None:
    """What nobody answered in time ends; both are told (R20)."""
    request = db.session.get(AccessRequest, payload["request_id"])
    if request is None or not rules.TRANSITIONS[request.state]:
        return
    requests.act(request, Action.EXPIRE, late=True)
    if request.kind is Kind.COLLEAGUE:
        principal = principal_of(request.account_id)
        for email in {request.email, principal.email if principal else request.account.email}:
            outbox.queue("access_expired", email, service=Service.SALES, request=request)


JOBS: dict[str, jobs.Handler] = {
    service.SEND_JOB: service.send,
    rules.REMIND_JOB: remind,
    rules.TELL_SALES_JOB: hand_to_sales,
    rules.EXPIRE_JOB: expire,
}
"""What the worker does for this area."""

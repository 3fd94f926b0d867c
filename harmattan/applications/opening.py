"""Open the account of an application: number, terms, delivery address and invitation in one act (R26)."""

import sqlalchemy as sa

from harmattan.access.models import Account, User
from harmattan.accounts.models import Invitation
from harmattan.applications import service
from harmattan.applications.models import Application
from harmattan.applications.rules import Action, Terms
from harmattan.core import clock, numbering
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.places import territory
from harmattan.core.services import Service
from harmattan.deliveries.models import DeliveryAddress
from harmattan.onboarding import service as onboarding
from harmattan.outbox import service as outbox
from harmattan.people.rules import DETAILS

SERIES = "compte"


class EmailTaken(Refusal):
    """The address logs somebody in already: the new account needs another."""

    title = "Cette adresse e-mail a déjà un accès"


def open_account(application: Application, terms: Terms, by: User, seen: int) -> Account:
    """The account, its delivery address, and the mail with which its principal user comes in."""
    if db.session.scalar(sa.select(User.id).where(User.email == application.email)):
        raise EmailTaken(
            f"{application.email} sert déjà à se connecter : demandez une autre adresse au libraire, ou "
            "ajoutez-le au compte qu’il a."
        )
    account = _account(application, terms)
    service.act(
        application, Action.OPEN, by, seen, f"Numéro de compte {account.number}", account_id=account.id
    )
    db.session.add(
        Invitation(account_id=account.id, sent_to=account.email, sent_by=by.name, sent_at=clock.now())
    )
    invitation = onboarding.prepare_first_access(account, application.first_name, application.last_name, by)
    outbox.queue(
        "account_opened",
        account.email,
        service=Service.SALES,
        account_id=account.id,
        reference=application.reference,
        is_secret=True,
        application=application,
        account=account,
        address=invitation,
    )
    return account


def _account(application: Application, terms: Terms) -> Account:
    account = Account(
        number=_free_number(),
        discount_bp=terms.discount_bp,
        payment_term=terms.payment_term,
        **{name: getattr(application, name) for name in DETAILS},
    )
    db.session.add(account)
    db.session.flush()
    address = DeliveryAddress(
        account_id=account.id,
        recipient=terms.recipient,
        street=terms.street,
        postal_code=terms.postal_code,
        city=terms.city,
        territory=territory(terms.postal_code),
        is_default=True,
    )
    db.session.add(address)
    return account


def _free_number() -> str:
    """The six digits after the highest that an account has."""
    six_digits = sa.func.length(Account.number) == 6
    highest = db.session.scalar(sa.select(sa.func.max(Account.number)).where(six_digits))
    return str(numbering.next_number(SERIES, above=int(highest or 100_000)))

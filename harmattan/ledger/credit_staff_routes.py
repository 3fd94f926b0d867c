"""Credit notes by hand: invoices chosen, what is credited and why, seen, then issued (R82)."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask import Blueprint, Response, abort, flash, request, url_for
from flask_login import current_user

from harmattan.access.models import Account
from harmattan.access.scope import account_or_404
from harmattan.billing import creditable, drafts
from harmattan.billing.creditable import Creditable
from harmattan.billing.models import Document
from harmattan.billing.rules import Facts, Kind
from harmattan.core import answers, database, isbn, once
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.ledger import crediting
from harmattan.ledger.credit_forms import CreditForm, form_for
from harmattan.staff.guard import for_services

bp = Blueprint("credits", __name__, url_prefix="/comptabilite/comptes/<number>/avoir")

accounting = for_services(Service.ACCOUNTING)
MOST_AT_ONCE = 10
ISSUE = "emettre"


@bp.get("")
@accounting
def write(number: str) -> Response:
    """The invoices to choose from; once chosen, what is left of them and the form."""
    account = account_or_404(number)
    choice = _chosen(account)
    return _page(account, choice, form_for(choice))


@bp.post("")
@accounting
def issue(number: str) -> Response:
    """See what is typed as the credit note that it makes; then issue exactly that."""
    account = account_or_404(number)
    choice = _chosen(account)
    form = form_for(choice)
    if made := once.result_of(form.once.data):
        return answers.leave(made)
    if not choice or not form.validate():
        return _page(account, choice, form, status=422)
    facts = drafts.credit_note_facts(account, form.credits(), reason=form.reason)
    if request.form.get("bouton") != ISSUE or form.vu.data != crediting.mark(facts, choice):
        return _page(account, choice, form, facts=facts)
    db.session.commit()
    database.reading()  # the papers are set outside any writing transaction (ADR 7)
    draft = drafts.of(account, facts)
    database.writing()
    document = crediting.issue(draft, choice, deduct=form.deduire.data, by=current_user)
    url = url_for("billing.show", number=document.number)
    once.remember(form.once.data, url)
    db.session.commit()
    flash(f"Avoir {document.number} émis et envoyé à {account.email}.", "fait")
    return answers.leave(url)


def _chosen(account: Account) -> list[Creditable]:
    """The invoices named in the address; one that is not this account's is a 404 (R72)."""
    numbers = list(dict.fromkeys(request.args.getlist("facture")))[:MOST_AT_ONCE]
    own = sa.select(Document).where(Document.account_id == account.id, Document.kind == Kind.INVOICE)
    rows = own.where(Document.number.in_(numbers)).order_by(Document.issued_on, Document.id)
    found = db.session.scalars(rows).all() if numbers else []
    if len(found) != len(numbers):
        abort(404)
    choice = [creditable.left_of(invoice, _isbn()) for invoice in found]
    crediting.refuse_impossible(
        choice, ("Choisir d’autres factures", url_for(".write", number=account.number))
    )
    return choice


def _isbn() -> str:
    try:
        return isbn.parse(request.args.get("isbn", ""))
    except isbn.UnreadableIsbn:
        return ""


def _page(
    account: Account,
    choice: Sequence[Creditable],
    form: CreditForm,
    facts: Facts | None = None,
    status: int = 200,
) -> Response:
    return answers.show(
        "ledger/credit.html",
        "ledger/_credit.html",
        status,
        account=account,
        choice=choice,
        form=form,
        facts=facts,
        mark=crediting.mark(facts, choice) if facts else "",
        was_issued=facts is not None and request.form.get("bouton") == ISSUE,
        invoices=[] if choice else creditable.invoices_of(account.id),
        isbn=request.args.get("isbn", ""),
        address=url_for(
            ".issue",
            number=account.number,
            facture=[each.invoice.number for each in choice],
            isbn=request.args.get("isbn") or None,
        ),
        most_lines=creditable.MOST_LINES,
    )

"""The statement's page and files, of booksellers (their own) and of our services (any account's)."""

from typing import Any

from flask import Response, request

from harmattan.access.models import Account
from harmattan.billing import bank, statement_paper, statement_table, statements
from harmattan.billing.ageing import AGES
from harmattan.billing.forms import StatementForm
from harmattan.billing.statements import Statement
from harmattan.core import answers
from harmattan.core.errors import Refusal
from harmattan.core.settings import house


class TooLongToWaitFor(Refusal):
    """The worker sets it instead (`harmattan.dossiers`)."""

    title = "Ce relevé est long à mettre en page"


PAGE, FRAGMENT = "billing/statement.html", "billing/_statement.html"


def shown(account: Account, **own: str) -> Response:
    """The period asked for, this year's unless another is: a page of its lines.

    `own` is what the addresses of this account's statement need.
    """
    form = StatementForm(request.args)
    page = request.args.get("page", 1, type=int)
    told = statements.statement(account.id, *form.period(), page=page)
    transfer = bank.transfer(house(), account.number, told.to_pay_cents)
    context: dict[str, Any] = {"account": account, "filter": form, "told": told, "ages": AGES}
    asked = {**own, "du": told.first.isoformat(), "au": told.last.isoformat()}
    return answers.show(PAGE, FRAGMENT, own=own, asked=asked, transfer=transfer, **context)


def export(account: Account) -> Response:
    """The same statement for a spreadsheet, all its lines."""
    told = statements.statement(account.id, *StatementForm(request.args).period())
    return answers.saved(statement_table.content(told), _name(account, told, "csv"), "text/csv")


def paper(account: Account) -> Response:
    """The same statement on paper; raises `TooLongToWaitFor`."""
    told = statements.statement(account.id, *StatementForm(request.args).period())
    if told.is_long:
        raise TooLongToWaitFor(
            "Ouvrez le relevé à l’écran et faites-le préparer : vous le retrouverez ensuite."
        )
    return answers.paper(statement_paper.pdf(account, told), _name(account, told, "pdf"))


def _name(account: Account, told: Statement, extension: str) -> str:
    return f"releve-{account.number}-{told.first}-{told.last}.{extension}"

"""Accounting's exports `/equipe/comptabilite/exports`: what the ledger's software takes.

They are made while the browser waits: a year of sales is read in pieces and is ready in some seconds (the
form takes no longer period), so nothing has to be prepared, kept and found again.
"""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for

from harmattan.bookkeeping import accounts, fec, lookups, sales_table
from harmattan.bookkeeping.forms import PeriodForm
from harmattan.core import answers, clock, identifiers
from harmattan.core.errors import Refusal
from harmattan.core.services import Service
from harmattan.core.settings import house
from harmattan.core.terms import months_later
from harmattan.core.typography import month_name
from harmattan.staff.guard import for_services

bp = Blueprint("bookkeeping", __name__, url_prefix="/comptabilite/exports")

accounting = for_services(Service.ACCOUNTING)

LATEST_MONTHS = 3


class OurSirenIsUnknown(Refusal):
    """The layout names its file after it."""

    title = "Notre SIREN n’est pas renseigné"


@bp.get("")
@accounting
def index() -> Response:
    """What the days asked for hold, and the files to take."""
    form = PeriodForm(request.args)
    is_valid = form.validate()
    return answers.show(
        "bookkeeping/index.html",
        "bookkeeping/_exports.html",
        200 if is_valid else 422,
        form=form,
        held=lookups.held(form.period) if is_valid else None,
        accounts=accounts.of_the_house(),
        usual=_usual(),
    )


@bp.get("/ventes.csv")
@accounting
def sales() -> Response:
    """Invoices and credit notes for a spreadsheet."""
    form = PeriodForm(request.args)
    if not form.validate():
        return _back()
    period = form.period
    content = sales_table.content(lookups.sales(period))
    return answers.saved(content, f"ventes-{period.first}-{period.last}.csv", "text/csv")


@bp.get("/ecritures.txt")
@accounting
def entries() -> Response:
    """The same, and the payments, as entries in the FEC layout."""
    form, siren = PeriodForm(request.args), identifiers.compact(house().siren)
    if not form.validate():
        return _back()
    if not siren:
        raise OurSirenIsUnknown(
            "Le nom du fichier commence par lui : il se règle avec les faits de la maison."
        )
    content = fec.content(lookups.entries(form.period, form.chosen_journal))
    response = answers.saved(content, fec.file_name(siren, form.period.last), "text/plain")
    response.mimetype_params["charset"] = fec.ENCODING
    return response


def _back() -> Response:
    """The page says what is to be corrected in the days asked for."""
    return answers.leave(f"{url_for('.index')}?{urlencode(request.args.to_dict())}")


def _usual() -> list[tuple[str, dict[str, Any]]]:
    """The periods that are asked for most, by name."""
    today = clock.today()
    months = [months_later(today, -back, 1) for back in range(1, LATEST_MONTHS + 1)]
    years = [today.replace(year=today.year - back, month=1, day=1) for back in (0, 1)]
    return [
        *((month_name(first), {"du": first, "au": months_later(first, 0, 31)}) for first in months),
        *((str(first.year), {"du": first, "au": first.replace(month=12, day=31)}) for first in years),
    ]

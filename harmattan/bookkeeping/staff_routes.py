"""Accounting's exports `/equipe/comptabilite/exports`: what the ledger's software takes.

They are made while the browser waits: a year of sales is read in pieces and is ready in some seconds (the
form takes no longer period), so nothing has to be prepared, kept and found again.
"""

from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for

from harmattan.bookkeeping import accounts, fec, lookups, sales_table
from harmattan.bookkeeping.forms import PeriodForm
from harmattan.core import answers, clock, identifiers, periods
from harmattan.core.errors import Refusal
from harmattan.core.services import Service
from harmattan.core.settings import house
from harmattan.staff.guard import for_services

bp = Blueprint("bookkeeping", __name__, url_prefix="/comptabilite/exports")

accounting = for_services(Service.ACCOUNTING)


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
        usual=periods.usual(clock.today(), with_this_month=False),
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

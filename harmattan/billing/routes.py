"""Documents of an account: the lists, one document, its files (R68, R72). Staff read along."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import joinedload

from harmattan.access.gate import needs
from harmattan.access.rules import Permission
from harmattan.access.scope import visible, visible_or_404
from harmattan.billing import lookups, rules
from harmattan.billing.forms import DocumentFilter
from harmattan.billing.models import Document, Form
from harmattan.billing.rules import Kind
from harmattan.core import answers, clock
from harmattan.core.paging import Sheet

bp = Blueprint("billing", __name__, url_prefix="/documents")


@bp.get("", endpoint="invoices", defaults={"kind": Kind.INVOICE})
@bp.get("/avoirs", endpoint="credit_notes", defaults={"kind": Kind.CREDIT_NOTE})
@needs(Permission.READ_DOCUMENTS, staff_may_read=True)
def index(kind: Kind) -> Response:
    """The invoices, or the credit notes, latest first, narrowed by the filters in the address."""
    form = DocumentFilter(request.args)
    form.offer(kind, is_staff=current_user.is_staff)
    filters, today = form.narrowed(), clock.today()
    documents = lookups.narrowed(visible(Document).where(Document.kind == kind), filters, today)
    page = lookups.page_of(
        documents.options(joinedload(Document.account)), before=request.args.get("avant", "")
    )
    isbn = rules.sought(filters["q"], today).isbn if filters.get("q") else ""
    lines = lookups.of_isbn(page.documents, isbn)
    return answers.show(
        "billing/index.html",
        "billing/_list.html",
        kind=kind,
        filter=form,
        filters=filters,
        found=page,
        lines=lines,
    )


@bp.get("/<number>")
@needs(Permission.READ_DOCUMENTS, staff_may_read=True)
def show(number: str) -> Response:
    """One document: what it states, what is left of it, what settled it (R82)."""
    document = visible_or_404(Document, joinedload(Document.account), number=number)
    sheet = Sheet.of(request.args.get("page", 1, type=int), document.line_count, lookups.LINES_A_PAGE)
    return make_response(
        render_template(
            "billing/show.html",
            document=document,
            lines=lookups.lines_of(document, sheet),
            sheet=sheet,
            allocations=lookups.allocations_of(document),
            corrections=lookups.corrections_of(document),
        )
    )


@bp.get("/<number>.pdf", defaults={"form": Form.PDF})
@bp.get("/<number>.cii.xml", defaults={"form": Form.CII})
@bp.get("/<number>.ubl.xml", defaults={"form": Form.UBL})
@needs(Permission.READ_DOCUMENTS, staff_may_read=True)
def file(number: str, form: Form) -> Response:
    """The very bytes that were issued: a duplicate is the original (R68)."""
    document = visible_or_404(Document, number=number)
    return answers.paper(lookups.content(document, form), f"{number}.{form.extension}", form.mimetype)


@bp.get("/releve")
@needs(Permission.READ_DOCUMENTS)
def moved_statement() -> Response:
    """Where the statement stood at first: an address that was kept leads on."""
    du, au = request.args.get("du"), request.args.get("au")
    return make_response(redirect(url_for("statements.show", du=du, au=au), 301))

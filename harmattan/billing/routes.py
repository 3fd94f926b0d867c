"""Documents of an account: duplicates as they were issued (R68, R72)."""

from flask import Blueprint, Response, make_response

from harmattan.access.gate import needs
from harmattan.access.rules import Permission
from harmattan.access.scope import visible_or_404
from harmattan.billing import lookups
from harmattan.billing.models import Document, Form

bp = Blueprint("billing", __name__, url_prefix="/documents")


@bp.get("/<number>.<any('pdf', 'cii.xml', 'ubl.xml'):extension>")
@needs(Permission.READ_DOCUMENTS, staff_may_read=True)
def file(number: str, extension: str) -> Response:
    """The very bytes that were issued: a duplicate is the original (R68)."""
    document = visible_or_404(Document, number=number)
    form = next(form for form in Form if form.extension == extension)
    response = make_response(lookups.content(document, form))
    response.mimetype = form.mimetype
    response.headers.set("Content-Disposition", "inline", filename=f"{number}.{extension}")
    return response

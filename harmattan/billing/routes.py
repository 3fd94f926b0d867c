"""Documents of an account: duplicates as they were issued (R68, R72)."""

from flask import Blueprint, Response, make_response

from harmattan.access.gate import needs
from harmattan.access.rules import Permission
from harmattan.access.scope import visible_or_404
from harmattan.billing import lookups
from harmattan.billing.models import Document, Form

bp = Blueprint("billing", __name__, url_prefix="/documents")


@bp.get("/<number>.pdf", defaults={"form": Form.PDF})
@bp.get("/<number>.cii.xml", defaults={"form": Form.CII})
@bp.get("/<number>.ubl.xml", defaults={"form": Form.UBL})
@needs(Permission.READ_DOCUMENTS, staff_may_read=True)
def file(number: str, form: Form) -> Response:
    """The very bytes that were issued: a duplicate is the original (R68)."""
    document = visible_or_404(Document, number=number)
    response = make_response(lookups.content(document, form))
    response.mimetype = form.mimetype
    response.headers.set("Content-Disposition", "inline", filename=f"{number}.{form.extension}")
    return response

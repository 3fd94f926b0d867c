"""Documents as pages and other areas look for them."""

import sqlalchemy as sa

from harmattan.billing.models import Document, DocumentFile, Form
from harmattan.core.extensions import db


def content(document: Document, form: Form) -> bytes:
    """The bytes of a document as they were issued."""
    its = (DocumentFile.document_id == document.id, DocumentFile.form == form)
    return db.session.scalars(sa.select(DocumentFile.content).where(*its)).one()

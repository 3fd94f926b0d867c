"""Documents as pages and other areas look for them."""

import sqlalchemy as sa

from harmattan.billing.models import Document, DocumentFile, Form
from harmattan.core.extensions import db
from harmattan.outbox.attachments import FileContent


def content(document: Document, form: Form) -> bytes:
    """The bytes of a document as they were issued."""
    its = (DocumentFile.document_id == document.id, DocumentFile.form == form)
    return db.session.scalars(sa.select(DocumentFile.content).where(*its)).one()


def document_file(number: str) -> FileContent | None:
    """The very bytes of a document, for the mail that carries it (R39)."""
    its = sa.select(DocumentFile.content).join(DocumentFile.document)
    found = db.session.scalar(its.where(Document.number == number, DocumentFile.form == Form.PDF))
    return FileContent(Form.PDF.mimetype, found) if found is not None else None

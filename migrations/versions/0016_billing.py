"""Tables of billing."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invoice", "credit_note", name="kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("term", sa.String(length=60), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("billed_to", sa.JSON(), nullable=False),
        sa.Column("delivery_address", sa.JSON(), nullable=True),
        sa.Column("order_reference", sa.String(length=20), nullable=False),
        sa.Column("own_reference", sa.String(length=40), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("collected_at_counter", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column(
            "regime",
            sa.Enum(
                "taxed",
                "overseas_export",
                "export",
                "intra_community",
                name="regime",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("goods_cents", sa.Integer(), nullable=False),
        sa.Column("carriage_cents", sa.Integer(), nullable=False),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.Column("vat", sa.JSON(), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("open_cents", sa.Integer(), nullable=False),
        sa.Column("credited_cents", sa.Integer(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("pdf_octets", sa.Integer(), nullable=False),
        sa.CheckConstraint("credited_cents BETWEEN 0 AND net_cents", name=op.f("ck_documents_credited")),
        sa.CheckConstraint("open_cents BETWEEN 0 AND total_cents", name=op.f("ck_documents_open")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_documents_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("number", name=op.f("uq_documents_number")),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(
            "ix_documents_account_id_kind_issued_on", ["account_id", "kind", "issued_on", "id"], unique=False
        )
        batch_op.create_index(
            "ix_documents_account_id_total_cents", ["account_id", "total_cents"], unique=False
        )
        batch_op.create_index("ix_documents_kind_issued_on", ["kind", "issued_on"], unique=False)
        batch_op.create_index(
            "ix_documents_open",
            ["account_id", "due_on"],
            unique=False,
            sqlite_where=sa.text("open_cents > 0"),
            postgresql_where=sa.text("open_cents > 0"),
        )
        batch_op.create_index("ix_documents_order_reference", ["order_reference"], unique=False)

    op.create_table(
        "payments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column(
            "means",
            sa.Enum(
                "transfer",
                "cheque",
                "online",
                "lcr",
                "counter",
                name="means",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("open_cents", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=140), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_payments_amount")),
        sa.CheckConstraint("open_cents BETWEEN 0 AND amount_cents", name=op.f("ck_payments_open")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_payments_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("reference", name=op.f("uq_payments_reference")),
    )
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.create_index(
            "ix_payments_account_id_received_on", ["account_id", "received_on", "id"], unique=False
        )

    op.create_table(
        "allocations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("credit_note_id", sa.Integer(), nullable=True),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "(payment_id IS NULL) <> (credit_note_id IS NULL)", name=op.f("ck_allocations_one_source")
        ),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_allocations_amount")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_allocations_account_id")),
        sa.ForeignKeyConstraint(
            ["credit_note_id"], ["documents.id"], name=op.f("fk_allocations_credit_note_id")
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["documents.id"], name=op.f("fk_allocations_invoice_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_allocations_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocations")),
    )
    with op.batch_alter_table("allocations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_allocations_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_allocations_credit_note_id"), ["credit_note_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_allocations_invoice_id"), ["invoice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_allocations_payment_id"), ["payment_id"], unique=False)

    op.create_table(
        "citations",
        sa.Column("credit_note_id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["credit_note_id"], ["documents.id"], name=op.f("fk_citations_credit_note_id")
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["documents.id"], name=op.f("fk_citations_invoice_id")),
        sa.PrimaryKeyConstraint("credit_note_id", "invoice_id", name=op.f("pk_citations")),
    )
    with op.batch_alter_table("citations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_citations_invoice_id"), ["invoice_id"], unique=False)

    op.create_table(
        "document_files",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column(
            "form",
            sa.Enum("pdf", "cii", "ubl", name="form", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_files_document_id")
        ),
        sa.PrimaryKeyConstraint("document_id", "form", name=op.f("pk_document_files")),
    )
    op.create_table(
        "document_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("isbn", sa.String(length=13), nullable=False),
        sa.Column("designation", sa.String(length=600), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("discount_bp", sa.Integer(), nullable=False),
        sa.Column("net_unit_micros", sa.BigInteger(), nullable=False),
        sa.Column("line_cents", sa.Integer(), nullable=False),
        sa.Column("vat_bp", sa.Integer(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("credited_quantity", sa.Integer(), nullable=False),
        sa.Column("credited_cents", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "credited_cents BETWEEN 0 AND line_cents", name=op.f("ck_document_lines_credited")
        ),
        sa.CheckConstraint(
            "credited_quantity BETWEEN 0 AND quantity", name=op.f("ck_document_lines_credited_quantity")
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["document_lines.id"], name=op.f("fk_document_lines_corrects_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_lines_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_lines")),
    )
    with op.batch_alter_table("document_lines", schema=None) as batch_op:
        batch_op.create_index("ix_document_lines_account_id_isbn", ["account_id", "isbn"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_lines_document_id"), ["document_id"], unique=False)


def downgrade() -> None:
    for table in ("document_lines", "document_files", "citations", "allocations", "payments", "documents"):
        op.drop_table(table)

"""Return slips, and the invoiced copies that are on their way back."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "return_slips",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "issued",
                "received",
                "checked",
                "credited",
                "refused",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("status_since", sa.DateTime(), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=True),
        sa.Column(
            "route",
            sa.Enum(
                "prisme",
                "prepaid",
                "counter",
                name="route",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("parcel_count", sa.Integer(), nullable=False),
        sa.Column("own_reference", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_return_slips_account_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_return_slips_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_slips")),
        sa.UniqueConstraint("reference", name=op.f("uq_return_slips_reference")),
    )
    with op.batch_alter_table("return_slips", schema=None) as batch_op:
        batch_op.create_index(
            "ix_return_slips_account_id_issued_at", ["account_id", "issued_at", "id"], unique=False
        )
        batch_op.create_index("ix_return_slips_status_issued_at", ["status", "issued_at"], unique=False)
        batch_op.create_index(
            "uq_return_slips_draft",
            ["account_id"],
            unique=True,
            sqlite_where=sa.text("status = 'draft'"),
            postgresql_where=sa.text("status = 'draft'"),
        )

    op.create_table(
        "return_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slip_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "issue",
                "cancel",
                "receive",
                "check",
                "credit",
                "refuse",
                name="action",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "issued",
                "received",
                "checked",
                "credited",
                "refused",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["slip_id"], ["return_slips.id"], name=op.f("fk_return_events_slip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_events")),
    )
    with op.batch_alter_table("return_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_return_events_slip_id"), ["slip_id"], unique=False)

    op.create_table(
        "return_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slip_id", sa.Integer(), nullable=False),
        sa.Column("invoice_line_id", sa.Integer(), nullable=False),
        sa.Column("invoice_number", sa.String(length=20), nullable=False),
        sa.Column("invoiced_on", sa.Date(), nullable=False),
        sa.Column("isbn", sa.String(length=13), nullable=False),
        sa.Column("title", sa.String(length=600), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("net_unit_micros", sa.Integer(), nullable=False),
        sa.Column("vat_bp", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=True),
        sa.Column("accepted", sa.Integer(), nullable=True),
        sa.Column(
            "refused",
            sa.Enum(
                "labelled",
                "damaged",
                "marked",
                "missing",
                "not_ours",
                name="refused",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("remark", sa.String(length=200), nullable=False),
        sa.Column("credit_note_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("accepted BETWEEN 0 AND received", name=op.f("ck_return_lines_accepted")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_return_lines_quantity")),
        sa.CheckConstraint("received BETWEEN 0 AND quantity", name=op.f("ck_return_lines_received")),
        sa.ForeignKeyConstraint(
            ["credit_note_id"], ["documents.id"], name=op.f("fk_return_lines_credit_note_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_line_id"], ["document_lines.id"], name=op.f("fk_return_lines_invoice_line_id")
        ),
        sa.ForeignKeyConstraint(["slip_id"], ["return_slips.id"], name=op.f("fk_return_lines_slip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_lines")),
    )
    with op.batch_alter_table("return_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_return_lines_credit_note_id"), ["credit_note_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_return_lines_invoice_line_id"), ["invoice_line_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_return_lines_slip_id"), ["slip_id"], unique=False)

    op.create_table(
        "return_wishes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slip_id", sa.Integer(), nullable=False),
        sa.Column("isbn", sa.String(length=13), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_return_wishes_quantity")),
        sa.ForeignKeyConstraint(["slip_id"], ["return_slips.id"], name=op.f("fk_return_wishes_slip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_wishes")),
        sa.UniqueConstraint("slip_id", "isbn", name=op.f("uq_return_wishes_slip_id_isbn")),
    )
    op.create_table(
        "return_photos",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["return_lines.id"], name=op.f("fk_return_photos_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_photos")),
        sa.UniqueConstraint("key", name=op.f("uq_return_photos_key")),
    )
    with op.batch_alter_table("return_photos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_return_photos_line_id"), ["line_id"], unique=False)

    with op.batch_alter_table("document_lines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_quantity", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("document_lines", schema=None) as batch_op:
        batch_op.alter_column("held_quantity", server_default=None)
        batch_op.create_check_constraint(
            "held_quantity", "held_quantity BETWEEN 0 AND quantity - credited_quantity"
        )


def downgrade() -> None:
    with op.batch_alter_table("document_lines", schema=None) as batch_op:
        batch_op.drop_constraint("held_quantity", type_="check")
        batch_op.drop_column("held_quantity")

    with op.batch_alter_table("return_photos", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_return_photos_line_id"))

    op.drop_table("return_photos")
    op.drop_table("return_wishes")
    with op.batch_alter_table("return_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_return_lines_slip_id"))
        batch_op.drop_index(batch_op.f("ix_return_lines_invoice_line_id"))
        batch_op.drop_index(batch_op.f("ix_return_lines_credit_note_id"))

    op.drop_table("return_lines")
    with op.batch_alter_table("return_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_return_events_slip_id"))

    op.drop_table("return_events")
    with op.batch_alter_table("return_slips", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_return_slips_draft",
            sqlite_where=sa.text("status = 'draft'"),
            postgresql_where=sa.text("status = 'draft'"),
        )
        batch_op.drop_index("ix_return_slips_status_issued_at")
        batch_op.drop_index("ix_return_slips_account_id_issued_at")

    op.drop_table("return_slips")

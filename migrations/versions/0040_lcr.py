"""Payment by LCR: mandates, remittances, bills; a payment that the bank took back."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payments", sa.Column("undone_on", sa.Date(), nullable=True))
    op.create_table(
        "lcr_remittances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "prepared",
                "sent",
                "booked",
                "dropped",
                name="remittancestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(), nullable=False),
        sa.Column("prepared_by", sa.String(length=121), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=True),
        sa.Column("total_cents", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lcr_remittances")),
        sa.UniqueConstraint("reference", name=op.f("uq_lcr_remittances_reference")),
    )
    op.create_index("ix_lcr_remittances_state", "lcr_remittances", ["state", "id"], unique=False)
    op.create_index(
        "uq_lcr_remittances_prepared",
        "lcr_remittances",
        ["due_on"],
        unique=True,
        sqlite_where=sa.text("state = 'prepared'"),
        postgresql_where=sa.text("state = 'prepared'"),
    )
    op.create_table(
        "lcr_mandates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "active",
                "suspended",
                "refused",
                "ended",
                name="mandatestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("asked_by", sa.String(length=121), nullable=False),
        sa.Column("holder", sa.String(length=70), nullable=False),
        sa.Column("iban", sa.Text(), nullable=True),
        sa.Column("masked_iban", sa.String(length=20), nullable=False),
        sa.Column("bank_name", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_lcr_mandates_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lcr_mandates")),
        sa.UniqueConstraint("reference", name=op.f("uq_lcr_mandates_reference")),
    )
    op.create_index("ix_lcr_mandates_account_id", "lcr_mandates", ["account_id", "id"], unique=False)
    op.create_index("ix_lcr_mandates_state", "lcr_mandates", ["state", "id"], unique=False)
    op.create_index(
        "uq_lcr_mandates_live",
        "lcr_mandates",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('asked', 'active', 'suspended')"),
        postgresql_where=sa.text("state IN ('asked', 'active', 'suspended')"),
    )
    op.create_table(
        "lcr_bills",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=10), nullable=False),
        sa.Column("remittance_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "presented",
                "paid",
                "unpaid",
                name="billstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "no_funds",
                "details",
                "closed",
                "blocked",
                "disputed",
                "postponed",
                "no_order",
                "other",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("bank_code", sa.String(length=10), nullable=False),
        sa.Column("rejected_on", sa.Date(), nullable=True),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_lcr_bills_amount")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_lcr_bills_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["lcr_mandates.id"], name=op.f("fk_lcr_bills_mandate_id_lcr_mandates")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_lcr_bills_payment_id_payments")
        ),
        sa.ForeignKeyConstraint(
            ["remittance_id"], ["lcr_remittances.id"], name=op.f("fk_lcr_bills_remittance_id_lcr_remittances")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lcr_bills")),
        sa.UniqueConstraint("reference", name=op.f("uq_lcr_bills_reference")),
    )
    op.create_index("ix_lcr_bills_account_id", "lcr_bills", ["account_id", "id"], unique=False)
    op.create_index(op.f("ix_lcr_bills_mandate_id"), "lcr_bills", ["mandate_id"], unique=False)
    op.create_index(op.f("ix_lcr_bills_payment_id"), "lcr_bills", ["payment_id"], unique=False)
    op.create_index(op.f("ix_lcr_bills_remittance_id"), "lcr_bills", ["remittance_id"], unique=False)
    op.create_index("ix_lcr_bills_state", "lcr_bills", ["state", "id"], unique=False)
    op.create_table(
        "lcr_files",
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["lcr_mandates.id"], name=op.f("fk_lcr_files_mandate_id_lcr_mandates")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lcr_files")),
        sa.UniqueConstraint("key", name=op.f("uq_lcr_files_key")),
    )
    op.create_index(op.f("ix_lcr_files_mandate_id"), "lcr_files", ["mandate_id"], unique=False)
    op.create_table(
        "lcr_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("remittance_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("bill_id", sa.Integer(), nullable=True),
        sa.Column("amount_cents", sa.Integer(), nullable=True),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_lcr_items_amount")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_lcr_items_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(["bill_id"], ["lcr_bills.id"], name=op.f("fk_lcr_items_bill_id_lcr_bills")),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["documents.id"], name=op.f("fk_lcr_items_invoice_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["remittance_id"], ["lcr_remittances.id"], name=op.f("fk_lcr_items_remittance_id_lcr_remittances")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lcr_items")),
    )
    op.create_index(op.f("ix_lcr_items_account_id"), "lcr_items", ["account_id"], unique=False)
    op.create_index(op.f("ix_lcr_items_bill_id"), "lcr_items", ["bill_id"], unique=False)
    op.create_index(op.f("ix_lcr_items_invoice_id"), "lcr_items", ["invoice_id"], unique=False)
    op.create_index(op.f("ix_lcr_items_remittance_id"), "lcr_items", ["remittance_id"], unique=False)
    op.create_index(
        "uq_lcr_items_held",
        "lcr_items",
        ["invoice_id"],
        unique=True,
        sqlite_where=sa.text("is_held"),
        postgresql_where=sa.text("is_held"),
    )


def downgrade() -> None:
    for table in ("lcr_items", "lcr_files", "lcr_bills", "lcr_mandates", "lcr_remittances"):
        op.drop_table(table)
    op.drop_column("payments", "undone_on")

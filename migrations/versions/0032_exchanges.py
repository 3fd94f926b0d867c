"""The interchange that an order list came in; which files an account wants with its mails."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("order_lists") as batch_op:
        batch_op.add_column(sa.Column("interchange", sa.String(length=80), nullable=False, server_default=""))
    with op.batch_alter_table("order_lists") as batch_op:
        batch_op.alter_column("interchange", server_default=None)
    op.create_table(
        "exchange_choices",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                *("order", "response", "shipment", "document"),
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "form",
            sa.Enum("csv", "edi", "txt", name="format", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_exchange_choices_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("account_id", "kind", name=op.f("pk_exchange_choices")),
    )


def downgrade() -> None:
    op.drop_table("exchange_choices")
    with op.batch_alter_table("order_lists") as batch_op:
        batch_op.drop_column("interchange")

"""Tables of lists."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "order_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pasted",
                "text",
                "workbook",
                "dilicom",
                name="listkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source_name", sa.String(length=120), nullable=False),
        sa.Column("order_number", sa.String(length=40), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "applied",
                name="liststate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("applied", sa.JSON(), nullable=False),
        sa.Column("cart_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_order_lists_account_id")),
        sa.ForeignKeyConstraint(["cart_id"], ["carts.id"], name=op.f("fk_order_lists_cart_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_order_lists_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_lists")),
        sa.UniqueConstraint("key", name=op.f("uq_order_lists_key")),
    )
    with op.batch_alter_table("order_lists", schema=None) as batch_op:
        batch_op.create_index(
            "ix_order_lists_account_id_created_at", ["account_id", "created_at"], unique=False
        )
        batch_op.create_index(
            "ix_order_lists_account_id_order_number", ["account_id", "order_number"], unique=False
        )


def downgrade() -> None:

    with op.batch_alter_table("order_lists", schema=None) as batch_op:
        batch_op.drop_index("ix_order_lists_account_id_order_number")
        batch_op.drop_index("ix_order_lists_account_id_created_at")

    op.drop_table("order_lists")

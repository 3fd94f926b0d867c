"""Tables of orders."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("cart_id", sa.Integer(), nullable=True),
        sa.Column("placed_by_id", sa.Integer(), nullable=False),
        sa.Column("placed_at", sa.DateTime(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "recorded",
                "details_requested",
                "validated",
                "preparing",
                "partly_shipped",
                "shipped",
                "delivered",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("status_since", sa.DateTime(), nullable=False),
        sa.Column("own_reference", sa.String(length=40), nullable=False),
        sa.Column(
            "folded_own_reference",
            sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "standard",
                "express",
                "prisme",
                "counter",
                name="deliverymode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "territory",
            sa.Enum(
                "mainland",
                "corsica",
                "overseas",
                "european_union",
                "world",
                name="territory",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("address", sa.JSON(), nullable=False),
        sa.Column("deliver_by", sa.Date(), nullable=True),
        sa.Column(
            "urgent_date_state",
            sa.Enum(
                "none",
                "requested",
                "confirmed",
                "impossible",
                name="urgentdatestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("not_before", sa.Date(), nullable=True),
        sa.Column("discount_bp", sa.Integer(), nullable=False),
        sa.Column("payment_term", sa.String(length=60), nullable=False),
        sa.Column("goods_cents", sa.Integer(), nullable=False),
        sa.Column("carriage_cents", sa.Integer(), nullable=True),
        sa.Column("vat", sa.JSON(), nullable=False),
        sa.Column("gross_cents", sa.Integer(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("copy_count", sa.Integer(), nullable=False),
        sa.Column("weight_g", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_orders_account_id")),
        sa.ForeignKeyConstraint(["cart_id"], ["carts.id"], name=op.f("fk_orders_cart_id")),
        sa.ForeignKeyConstraint(["placed_by_id"], ["users.id"], name=op.f("fk_orders_placed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("cart_id", name=op.f("uq_orders_cart_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_orders_reference")),
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index(
            "ix_orders_account_id_folded_own_reference", ["account_id", "folded_own_reference"], unique=False
        )
        batch_op.create_index(
            "ix_orders_account_id_placed_at", ["account_id", "placed_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_orders_account_id_status_placed_at",
            ["account_id", "status", "placed_at", "id"],
            unique=False,
        )
        batch_op.create_index("ix_orders_status_placed_at", ["status", "placed_at"], unique=False)

    op.create_table(
        "order_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "place",
                "ask_details",
                "answer_details",
                "validate",
                "cancel",
                "prepare",
                "ship_part",
                "ship",
                "deliver",
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
                "recorded",
                "details_requested",
                "validated",
                "preparing",
                "partly_shipped",
                "shipped",
                "delivered",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_events_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_events")),
    )
    with op.batch_alter_table("order_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_events_order_id"), ["order_id"], unique=False)

    op.create_table(
        "order_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("title_id", sa.Integer(), nullable=False),
        sa.Column("isbn", sa.String(length=13), nullable=False),
        sa.Column("title", sa.String(length=600), nullable=False),
        sa.Column("authors", sa.String(length=300), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column(
            "backorder_policy",
            sa.Enum(
                "note",
                "skip",
                "together",
                name="backorderpolicy",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("own_reference", sa.String(length=40), nullable=False),
        sa.Column(
            "availability",
            sa.Enum(
                "available",
                "on_demand",
                "forthcoming",
                "reprinting",
                "temporarily_unavailable",
                "missing_undated",
                "to_be_reissued",
                "no_longer_distributed",
                "out_of_print",
                "abandoned",
                "on_request",
                name="availability",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("vat_bp", sa.Integer(), nullable=False),
        sa.Column("discount_bp", sa.Integer(), nullable=False),
        sa.Column("net_unit_micros", sa.Integer(), nullable=False),
        sa.Column("line_cents", sa.Integer(), nullable=False),
        sa.Column("weight_g", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_lines_order_id")),
        sa.ForeignKeyConstraint(["title_id"], ["titles.id"], name=op.f("fk_order_lines_title_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_lines")),
    )
    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.create_index("ix_order_lines_account_id_isbn", ["account_id", "isbn"], unique=False)
        batch_op.create_index(batch_op.f("ix_order_lines_order_id"), ["order_id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_lines_order_id"))
        batch_op.drop_index("ix_order_lines_account_id_isbn")

    op.drop_table("order_lines")
    with op.batch_alter_table("order_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_events_order_id"))

    op.drop_table("order_events")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index("ix_orders_status_placed_at")
        batch_op.drop_index("ix_orders_account_id_status_placed_at")
        batch_op.drop_index("ix_orders_account_id_placed_at")
        batch_op.drop_index("ix_orders_account_id_folded_own_reference")

    op.drop_table("orders")

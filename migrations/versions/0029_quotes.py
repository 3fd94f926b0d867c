"""Tables of quotes."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quotes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("cart_id", sa.Integer(), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "requested",
                "offered",
                "countered",
                "accepted",
                "declined",
                "expired",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("status_since", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answer_by", sa.DateTime(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column(
            "event_kind",
            sa.Enum(
                "fair",
                "signing",
                "other",
                name="eventkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("event_name", sa.String(length=120), nullable=False),
        sa.Column("event_on", sa.Date(), nullable=True),
        sa.Column("wished_discount_bp", sa.Integer(), nullable=True),
        sa.Column("wished_term", sa.String(length=60), nullable=True),
        sa.Column("own_reference", sa.String(length=40), nullable=False),
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
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_quotes_account_id")),
        sa.ForeignKeyConstraint(["cart_id"], ["carts.id"], name=op.f("fk_quotes_cart_id")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["users.id"], name=op.f("fk_quotes_requested_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
        sa.UniqueConstraint("cart_id", name=op.f("uq_quotes_cart_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_quotes_reference")),
    )
    with op.batch_alter_table("quotes", schema=None) as batch_op:
        batch_op.create_index(
            "ix_quotes_account_id_requested_at", ["account_id", "requested_at", "id"], unique=False
        )
        batch_op.create_index("ix_quotes_status_answer_by", ["status", "answer_by"], unique=False)
        batch_op.create_index("ix_quotes_status_valid_until", ["status", "valid_until"], unique=False)

    op.create_table(
        "offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quote_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("term", sa.String(length=60), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "open",
                "accepted",
                "replaced",
                "countered",
                "declined",
                "expired",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("goods_cents", sa.Integer(), nullable=False),
        sa.Column("carriage_cents", sa.Integer(), nullable=True),
        sa.Column("gross_cents", sa.Integer(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["quote_id"], ["quotes.id"], name=op.f("fk_offers_quote_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        sa.UniqueConstraint("quote_id", "number", name=op.f("uq_offers_quote_id_number")),
    )
    op.create_table(
        "quote_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quote_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "request",
                "offer",
                "revise",
                "refuse",
                "accept",
                "decline",
                "counter",
                "withdraw",
                "keep",
                "expire",
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
                "requested",
                "offered",
                "countered",
                "accepted",
                "declined",
                "expired",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["quote_id"], ["quotes.id"], name=op.f("fk_quote_events_quote_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_events")),
    )
    with op.batch_alter_table("quote_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quote_events_quote_id"), ["quote_id"], unique=False)

    op.create_table(
        "quote_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quote_id", sa.Integer(), nullable=False),
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
        sa.Column("product_vat_bp", sa.Integer(), nullable=False),
        sa.Column("vat_bp", sa.Integer(), nullable=False),
        sa.Column("discount_bp", sa.Integer(), nullable=False),
        sa.Column("net_unit_micros", sa.Integer(), nullable=False),
        sa.Column("line_cents", sa.Integer(), nullable=False),
        sa.Column("weight_g", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["quote_id"], ["quotes.id"], name=op.f("fk_quote_lines_quote_id")),
        sa.ForeignKeyConstraint(["title_id"], ["titles.id"], name=op.f("fk_quote_lines_title_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_lines")),
    )
    with op.batch_alter_table("quote_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quote_lines_quote_id"), ["quote_id"], unique=False)

    op.create_table(
        "offer_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("discount_bp", sa.Integer(), nullable=False),
        sa.Column("is_set_aside", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["quote_lines.id"], name=op.f("fk_offer_parts_line_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_offer_parts_offer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_parts")),
        sa.UniqueConstraint("offer_id", "position", name=op.f("uq_offer_parts_offer_id_position")),
    )


def downgrade() -> None:
    op.drop_table("offer_parts")
    with op.batch_alter_table("quote_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quote_lines_quote_id"))

    op.drop_table("quote_lines")
    with op.batch_alter_table("quote_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quote_events_quote_id"))

    op.drop_table("quote_events")
    op.drop_table("offers")
    with op.batch_alter_table("quotes", schema=None) as batch_op:
        batch_op.drop_index("ix_quotes_status_valid_until")
        batch_op.drop_index("ix_quotes_status_answer_by")
        batch_op.drop_index("ix_quotes_account_id_requested_at")

    op.drop_table("quotes")

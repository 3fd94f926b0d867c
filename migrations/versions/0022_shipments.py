"""Tables of shipments."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TRACKED = sa.text("tracking_number <> ''")


def upgrade() -> None:
    op.create_table(
        "shipments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("delivery_on", sa.Date(), nullable=False),
        sa.Column("address", sa.JSON(), nullable=False),
        sa.Column("remaining", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_shipments_account_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_shipments_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipments")),
        sa.UniqueConstraint("order_id", "number", name=op.f("uq_shipments_order_id_number")),
        sa.UniqueConstraint("reference", name=op.f("uq_shipments_reference")),
    )
    op.create_table(
        "parcels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shipment_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("carrier", sa.String(length=20), nullable=False),
        sa.Column("tracking_number", sa.String(length=40), nullable=False),
        sa.Column("weight_g", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "sent",
                "received",
                "disputed",
                name="parcelstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("received_at", sa.DateTime(), nullable=True),
        sa.Column("received_by", sa.String(length=120), nullable=False),
        sa.Column("thread_reference", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_parcels_order_id")),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipments.id"], name=op.f("fk_parcels_shipment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcels")),
        sa.UniqueConstraint("order_id", "number", name=op.f("uq_parcels_order_id_number")),
    )
    with op.batch_alter_table("parcels", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parcels_shipment_id"), ["shipment_id"], unique=False)
        batch_op.create_index("ix_parcels_thread_reference", ["thread_reference"], unique=False)
        batch_op.create_index(
            "uq_parcels_tracking",
            ["carrier", "tracking_number"],
            unique=True,
            sqlite_where=TRACKED,
            postgresql_where=TRACKED,
        )
    op.create_table(
        "parcel_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parcel_id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("damaged", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "quantity > 0 AND missing >= 0 AND damaged >= 0 AND missing + damaged <= quantity",
            name=op.f("ck_parcel_lines_copies"),
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"], ["order_lines.id"], name=op.f("fk_parcel_lines_order_line_id")
        ),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcels.id"], name=op.f("fk_parcel_lines_parcel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel_lines")),
    )
    with op.batch_alter_table("parcel_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parcel_lines_parcel_id"), ["parcel_id"], unique=False)
    op.create_table(
        "watches",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("isbn", sa.String(length=13), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_watches_order_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_watches_user_id")),
        sa.PrimaryKeyConstraint("user_id", "order_id", "isbn", name=op.f("pk_watches")),
    )
    with op.batch_alter_table("watches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_watches_order_id"), ["order_id"], unique=False)


def downgrade() -> None:
    for table in ("watches", "parcel_lines", "parcels", "shipments"):
        op.drop_table(table)

"""Sales' desk: requests to change an order, answers on urgent dates, reserved copies, credit limits."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

DATE_STATES = ("none", "requested", "confirmed", "impossible")
REQUEST_STATES = ("pending", "applied", "refused", "withdrawn", "too_late")
ACTIONS = (
    *("place", "ask_details", "answer_details", "validate", "cancel"),
    *("prepare", "ship_part", "ship", "cancel_rest", "change_address", "deliver"),
)
NEW_ACTIONS = (
    *("request_change", "withdraw_change", "refuse_change", "change"),
    *("confirm_date", "propose_date", "refuse_date", "accept_date", "decline_date"),
)


def upgrade() -> None:
    op.add_column("titles", sa.Column("reserved", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("accounts", sa.Column("credit_limit_cents", sa.Integer(), nullable=True))
    op.add_column("order_lines", sa.Column("reserved", sa.Integer(), nullable=False, server_default="0"))
    noted = sa.text("reserved + cancelled < quantity")
    op.create_index(
        "ix_order_lines_noted", "order_lines", ["title_id"], sqlite_where=noted, postgresql_where=noted
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("proposed_date", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("invoice_number", sa.String(length=20), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_orders_invoice_number"), ["invoice_number"])
        _allow(batch_op, "ck_orders_urgentdatestate", "urgent_date_state", (*DATE_STATES, "proposed"))
    with op.batch_alter_table("order_events", schema=None) as batch_op:
        _allow(batch_op, "ck_order_events_action", "action", (*ACTIONS, *NEW_ACTIONS))
    _create_change_requests()


def _create_change_requests() -> None:
    op.create_table(
        "change_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                *REQUEST_STATES, name="requeststate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_change_requests_order_id")),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name=op.f("fk_change_requests_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_requests")),
        sa.UniqueConstraint("thread_id", name=op.f("uq_change_requests_thread_id")),
    )
    with op.batch_alter_table("change_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_requests_order_id"), ["order_id"], unique=False)
        batch_op.create_index(
            "uq_change_requests_pending",
            ["order_id"],
            unique=True,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )


def downgrade() -> None:
    op.drop_table("change_requests")
    op.execute(sa.text(f"DELETE FROM order_events WHERE action IN {NEW_ACTIONS}"))  # noqa: S608
    with op.batch_alter_table("order_events", schema=None) as batch_op:
        _allow(batch_op, "ck_order_events_action", "action", ACTIONS)
    op.execute("UPDATE orders SET urgent_date_state = 'impossible' WHERE urgent_date_state = 'proposed'")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        _allow(batch_op, "ck_orders_urgentdatestate", "urgent_date_state", DATE_STATES)
        batch_op.drop_constraint(op.f("uq_orders_invoice_number"), type_="unique")
        for name in ("invoice_number", "proposed_date", "version"):
            batch_op.drop_column(name)
    op.drop_index("ix_order_lines_noted", "order_lines")
    op.drop_column("order_lines", "reserved")
    op.drop_column("accounts", "credit_limit_cents")
    op.drop_column("titles", "reserved")


def _allow(batch_op: BatchOperations, constraint: str, column: str, values: tuple[str, ...]) -> None:
    """Let an enum's column hold these values."""
    batch_op.drop_constraint(op.f(constraint), type_="check")
    batch_op.create_check_constraint(op.f(constraint), sa.column(column).in_(values))

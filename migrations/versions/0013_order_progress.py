"""The five quantities of an order's line, and the day announced for the next step."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ACTIONS = (
    *("place", "ask_details", "answer_details", "validate", "cancel", "prepare", "ship_part", "ship"),
    *("cancel_rest", "change_address", "deliver"),
)
BEFORE = tuple(action for action in ACTIONS if action not in ("cancel_rest", "change_address"))


def _actions(*known: str) -> sa.Enum:
    return sa.Enum(*known, name="action", native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("promised_on", sa.Date(), nullable=True))
    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        for name in ("shipped", "cancelled", "returned"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("news_on", sa.Date(), nullable=True))
    op.execute(
        "UPDATE order_lines SET cancelled = quantity"
        " WHERE order_id IN (SELECT id FROM orders WHERE status = 'cancelled')"
    )
    op.execute(
        "UPDATE order_lines SET shipped = quantity"
        " WHERE order_id IN (SELECT id FROM orders WHERE status IN ('shipped', 'delivered'))"
    )
    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        for name in ("shipped", "cancelled", "returned"):
            batch_op.alter_column(name, server_default=None)
        batch_op.create_check_constraint(
            "copies", "shipped >= 0 AND cancelled >= 0 AND shipped + cancelled <= quantity"
        )
        batch_op.create_check_constraint("copies_returned", "returned >= 0 AND returned <= shipped")
    with op.batch_alter_table("order_events", schema=None) as batch_op:
        batch_op.drop_constraint("action", type_="check")
        batch_op.create_check_constraint("action", sa.column("action").in_(ACTIONS))


def downgrade() -> None:
    op.execute("DELETE FROM order_events WHERE action IN ('cancel_rest', 'change_address')")
    with op.batch_alter_table("order_events", schema=None) as batch_op:
        batch_op.drop_constraint("action", type_="check")
        batch_op.create_check_constraint("action", sa.column("action").in_(BEFORE))
    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.drop_constraint("copies", type_="check")
        batch_op.drop_constraint("copies_returned", type_="check")
        for name in ("news_on", "returned", "cancelled", "shipped"):
            batch_op.drop_column(name)
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_column("promised_on")

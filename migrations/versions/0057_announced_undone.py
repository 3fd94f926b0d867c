"""An announced payment may come back: the events say which payment came for it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

STATUSES = ("awaited", "refused", "withdrawn", "to_check", "booked")
ACTIONS = ("book", "doubt", "refuse", "withdraw", "clear")


def upgrade() -> None:
    _one_of("payment_orders", "status", (*STATUSES, "undone"))
    _one_of("payment_events", "status", (*STATUSES, "undone"))
    _one_of("payment_events", "action", (*ACTIONS, "undo"))
    with op.batch_alter_table("payment_events") as batch:
        batch.add_column(sa.Column("payment_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            batch.f("fk_payment_events_payment_id_payments"), "payments", ["payment_id"], ["id"]
        )
        batch.create_index(batch.f("ix_payment_events_payment_id"), ["payment_id"])


def downgrade() -> None:
    with op.batch_alter_table("payment_events") as batch:
        batch.drop_index(batch.f("ix_payment_events_payment_id"))
        batch.drop_constraint(batch.f("fk_payment_events_payment_id_payments"), type_="foreignkey")
        batch.drop_column("payment_id")
    op.execute("DELETE FROM payment_events WHERE status = 'undone' OR action = 'undo'")
    op.execute("UPDATE payment_orders SET status = 'booked' WHERE status = 'undone'")
    _one_of("payment_events", "action", ACTIONS)
    _one_of("payment_events", "status", STATUSES)
    _one_of("payment_orders", "status", STATUSES)


def _one_of(table: str, column: str, values: Sequence[str]) -> None:
    with op.batch_alter_table(table) as batch:
        name = batch.f(f"ck_{table}_{column}")
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, sa.column(column).in_(values))

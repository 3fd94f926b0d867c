"""Lists that come from a past order, or from an EDIFACT message."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

BEFORE = ("pasted", "text", "workbook", "dilicom")


def _kinds(*kinds: str) -> None:
    with op.batch_alter_table("order_lists") as batch_op:
        name = batch_op.f("ck_order_lists_listkind")
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, sa.column("kind").in_(kinds))


def upgrade() -> None:
    _kinds(*BEFORE, "edifact", "again")


def downgrade() -> None:
    op.execute("UPDATE order_lists SET kind = 'pasted' WHERE kind IN ('edifact', 'again')")
    _kinds(*BEFORE)

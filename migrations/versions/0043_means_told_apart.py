"""Cash and card at the counter are told apart; a cheque has its number and its bank."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

BEFORE = ("transfer", "cheque", "online", "lcr", "counter")


def _means(batch_op, *means: str) -> None:  # type: ignore[no-untyped-def]
    name = batch_op.f("ck_payments_means")
    batch_op.drop_constraint(name, type_="check")
    batch_op.create_check_constraint(name, sa.column("means").in_(means))


def upgrade() -> None:
    with op.batch_alter_table("payments", schema=None) as batch_op:
        for name, length in (("cheque_number", 20), ("cheque_bank", 60)):
            batch_op.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))
        _means(batch_op, *BEFORE, "cash", "card")
    with op.batch_alter_table("payments", schema=None) as batch_op:
        for name, length in (("cheque_number", 20), ("cheque_bank", 60)):
            batch_op.alter_column(name, existing_type=sa.String(length), server_default=None)


def downgrade() -> None:
    op.execute("UPDATE payments SET means = 'counter' WHERE means IN ('cash', 'card')")
    with op.batch_alter_table("payments", schema=None) as batch_op:
        _means(batch_op, *BEFORE)
        batch_op.drop_column("cheque_bank")
        batch_op.drop_column("cheque_number")

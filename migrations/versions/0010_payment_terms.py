"""Payment terms as one value: « 60 days after » instead of days and a flag."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("payment_term", sa.String(length=60), nullable=False, server_default="30 days after")
        )
    op.execute(
        "UPDATE accounts SET payment_term = CAST(payment_days AS VARCHAR(10))"
        " || CASE WHEN payment_at_end_of_month THEN ' days after' ELSE ' days none' END"
    )
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.alter_column("payment_term", server_default=None)
        batch_op.drop_column("payment_at_end_of_month")
        batch_op.drop_column("payment_days")
    op.execute(
        "UPDATE orders SET payment_term ="
        " replace(replace(payment_term, ' jours fin de mois', ' days after'), ' jours', ' days none')"
    )


def downgrade() -> None:
    """Terms that days and a flag cannot say become 30 days end of month."""
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("payment_days", sa.Integer(), nullable=False, server_default="30"))
        batch_op.add_column(
            sa.Column("payment_at_end_of_month", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    op.execute(
        "UPDATE accounts SET payment_at_end_of_month = (payment_term NOT LIKE '% none'),"
        " payment_days = CAST(substr(payment_term, 1, position(' ' in payment_term) - 1) AS INTEGER)"
        if op.get_context().dialect.name == "postgresql"
        else "UPDATE accounts SET payment_at_end_of_month = (payment_term NOT LIKE '% none'),"
        " payment_days = CAST(payment_term AS INTEGER)"
    )
    op.execute(
        "UPDATE orders SET payment_term ="
        " replace(replace(payment_term, ' days after', ' jours fin de mois'), ' days none', ' jours')"
    )
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.alter_column("payment_days", server_default=None)
        batch_op.alter_column("payment_at_end_of_month", server_default=None)
        batch_op.drop_column("payment_term")

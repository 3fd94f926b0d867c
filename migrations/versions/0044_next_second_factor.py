"""Another second factor is offered in the place of the one that still serves."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("second_factors") as batch_op:
        batch_op.add_column(sa.Column("next_secret", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("next_codes", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("next_until", sa.DateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("second_factors") as batch_op:
        for column in ("next_until", "next_codes", "next_secret"):
            batch_op.drop_column(column)

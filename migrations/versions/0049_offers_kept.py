"""What a shop kept of an offer is told in lists."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("offers") as batch_op:
        batch_op.add_column(sa.Column("kept_cents", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE offers SET kept_cents = (SELECT orders.gross_cents FROM orders"
        " JOIN quotes ON quotes.cart_id = orders.cart_id WHERE quotes.id = offers.quote_id)"
        " WHERE outcome = 'accepted'"
    )


def downgrade() -> None:
    with op.batch_alter_table("offers") as batch_op:
        batch_op.drop_column("kept_cents")

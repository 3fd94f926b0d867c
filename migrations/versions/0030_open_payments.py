"""What is left of payments is found without reading those that are used up."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_OPEN = sa.text("open_cents > 0")


def upgrade() -> None:
    op.create_index(
        "ix_payments_open", "payments", ["account_id"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )


def downgrade() -> None:
    op.drop_index("ix_payments_open", "payments")

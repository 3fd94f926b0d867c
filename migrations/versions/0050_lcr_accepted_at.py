"""A mandate keeps when it was accepted: a request withdrawn before never paid anything."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lcr_mandates", sa.Column("accepted_at", sa.DateTime(), nullable=True))
    op.execute(
        "UPDATE lcr_mandates SET accepted_at = asked_at WHERE state IN ('active', 'suspended', 'ended')"
    )


def downgrade() -> None:
    with op.batch_alter_table("lcr_mandates") as batch:
        batch.drop_column("accepted_at")

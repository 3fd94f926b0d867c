"""Files of our bank that say which LCR came back, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lcr_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("received_by", sa.String(length=121), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lcr_notices")),
        sa.UniqueConstraint("reference", name=op.f("uq_lcr_notices_reference")),
        sa.UniqueConstraint("sha256", name=op.f("uq_lcr_notices_sha256")),
    )


def downgrade() -> None:
    op.drop_table("lcr_notices")

"""Titles of a rare subject are found by its code."""

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_titles_clil"), "titles", ["clil"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_titles_clil"), table_name="titles")

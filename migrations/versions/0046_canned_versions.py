"""What canned answers said before they were changed."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "canned_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(length=120), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["canned_answers.id"], name=op.f("fk_canned_versions_answer_id_canned_answers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_versions")),
    )
    op.create_index(op.f("ix_canned_versions_answer_id"), "canned_versions", ["answer_id"], unique=False)


def downgrade() -> None:
    op.drop_table("canned_versions")

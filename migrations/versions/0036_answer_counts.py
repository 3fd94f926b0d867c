"""How often the portal's own answers are read, help, or are followed by a message all the same."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_counts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column(
            "said",
            sa.Enum(
                "shown",
                "helped",
                "no_help",
                "written",
                name="said",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "question", "subject", "said", name=op.f("pk_answer_counts")),
    )


def downgrade() -> None:
    op.drop_table("answer_counts")

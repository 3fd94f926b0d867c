"""Changes of details that shops ask for."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "details_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "applied",
                "refused",
                name="changestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_by", sa.String(length=121), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("wished", sa.JSON(), nullable=False),
        sa.Column("decided_by", sa.String(length=121), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_details_changes_account_id")),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name=op.f("fk_details_changes_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_details_changes")),
        sa.UniqueConstraint("thread_id", name=op.f("uq_details_changes_thread_id")),
    )
    with op.batch_alter_table("details_changes", schema=None) as batch_op:
        batch_op.create_index(
            "ix_details_changes_account_id_asked_at", ["account_id", "asked_at"], unique=False
        )
        batch_op.create_index("ix_details_changes_state_asked_at", ["state", "asked_at"], unique=False)


def downgrade() -> None:
    op.drop_table("details_changes")

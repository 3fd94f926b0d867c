"""Order files that were refused are kept as they came, for whoever helps the shop."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refused_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("refused_at", sa.DateTime(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("octets", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_refused_files_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(["sent_by_id"], ["users.id"], name=op.f("fk_refused_files_sent_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_files")),
        sa.UniqueConstraint("account_id", "sha256", name=op.f("uq_refused_files_account_id_sha256")),
        sa.UniqueConstraint("key", name=op.f("uq_refused_files_key")),
    )
    op.create_index("ix_refused_files_refused_at", "refused_files", ["refused_at"], unique=False)


def downgrade() -> None:
    op.drop_table("refused_files")

"""Everybody who asked for a dossier is told when it is ready."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dossier_askers",
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossiers.id"], name=op.f("fk_dossier_askers_dossier_id_dossiers")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_dossier_askers_user_id_users")),
        sa.PrimaryKeyConstraint("dossier_id", "user_id", name=op.f("pk_dossier_askers")),
    )


def downgrade() -> None:
    op.drop_table("dossier_askers")

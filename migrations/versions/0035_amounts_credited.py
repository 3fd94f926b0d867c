"""An amount that a credit note gives back says which invoice it is for."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("document_lines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cites_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_document_lines_cites_id_documents"), "documents", ["cites_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_document_lines_cites_id"), ["cites_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("document_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_lines_cites_id"))
        batch_op.drop_constraint(batch_op.f("fk_document_lines_cites_id_documents"), type_="foreignkey")
        batch_op.drop_column("cites_id")

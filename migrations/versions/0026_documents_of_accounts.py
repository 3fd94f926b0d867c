"""Documents of an account, latest first, whatever their kind; of a kind, whatever their account."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index("ix_documents_account_id_issued_on", ["account_id", "issued_on", "id"])
        batch_op.drop_index("ix_documents_kind_issued_on")
        batch_op.create_index("ix_documents_kind_issued_on", ["kind", "issued_on", "id"])


def downgrade() -> None:
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_index("ix_documents_kind_issued_on")
        batch_op.create_index("ix_documents_kind_issued_on", ["kind", "issued_on"])
        batch_op.drop_index("ix_documents_account_id_issued_on")

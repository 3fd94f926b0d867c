"""Whether dossiers that are ready are told by mail is a matter of choice."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

BEFORE = ("messages", "orders", "titles", "quotes")


def _topics(*topics: str) -> None:
    with op.batch_alter_table("mail_preferences") as batch_op:
        name = batch_op.f("ck_mail_preferences_topic")
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, sa.column("topic").in_(topics))


def upgrade() -> None:
    _topics(*BEFORE, "documents")


def downgrade() -> None:
    op.execute("DELETE FROM mail_preferences WHERE topic = 'documents'")
    _topics(*BEFORE)

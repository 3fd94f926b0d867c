"""News of titles and reminders of quotes are a matter of choice too."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

BEFORE = ("messages", "orders")


def _topics(*topics: str) -> None:
    with op.batch_alter_table("mail_preferences") as batch_op:
        name = batch_op.f("ck_mail_preferences_topic")
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, sa.column("topic").in_(topics))


def upgrade() -> None:
    _topics(*BEFORE, "titles", "quotes")


def downgrade() -> None:
    op.execute("DELETE FROM mail_preferences WHERE topic IN ('titles', 'quotes')")
    _topics(*BEFORE)

"""Why an LCR came back is the code that its bank gave, of the CFONB's list; our own list goes."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

BILLS = sa.table("lcr_bills", sa.column("reason"), sa.column("bank_code"), sa.column("rejected_on"))
CODES = {
    "no_funds": "20",
    "details": "12",
    "closed": "14",
    "blocked": "34",
    "disputed": "80",
    "postponed": "75",
    "no_order": "31",
    "other": "59",
}


def upgrade() -> None:
    for reason, code in CODES.items():
        op.execute(BILLS.update().where(BILLS.c.reason == reason).values(bank_code=code))
    with op.batch_alter_table("lcr_bills") as batch:
        batch.drop_constraint("reason", type_="check")
        batch.drop_column("reason")


def downgrade() -> None:
    with op.batch_alter_table("lcr_bills") as batch:
        batch.add_column(sa.Column("reason", sa.String(40), nullable=True))
        batch.create_check_constraint("reason", sa.column("reason").in_(tuple(CODES)))
    op.execute(BILLS.update().where(BILLS.c.rejected_on.is_not(None)).values(reason="other"))
    for reason, code in CODES.items():
        op.execute(BILLS.update().where(BILLS.c.bank_code == code).values(reason=reason))

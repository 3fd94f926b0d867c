"""A unit price in millionths of a euro needs eight octets from two thousand euros on."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_TABLES = ("order_lines", "quote_lines", "return_lines")


def upgrade() -> None:
    _retype(sa.Integer(), sa.BigInteger())


def downgrade() -> None:
    _retype(sa.BigInteger(), sa.Integer())


def _retype(old: sa.Integer, new: sa.Integer) -> None:
    for table in _TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("net_unit_micros", existing_type=old, type_=new, existing_nullable=False)

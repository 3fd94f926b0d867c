"""A copy that does not come back as it arrived is « altered »: the word said something else before."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_KEPT = ("labelled", "damaged", "marked", "missing")


def upgrade() -> None:
    _rename("not_ours", "altered")


def downgrade() -> None:
    _rename("altered", "not_ours")


def _rename(before: str, after: str) -> None:
    with op.batch_alter_table("return_lines", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_return_lines_refused"), type_="check")
    lines = sa.table("return_lines", sa.column("refused"))
    op.execute(lines.update().where(lines.c.refused == before).values(refused=after))
    with op.batch_alter_table("return_lines", schema=None) as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_return_lines_refused"), sa.column("refused").in_((*_KEPT, after))
        )

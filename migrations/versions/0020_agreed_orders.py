"""Orders agreed on a quote; the rate within each line's public price; carts that became quotes."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def _cart_states(*states: str) -> None:
    with op.batch_alter_table("carts", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_carts_cartstate"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_carts_cartstate"), sa.column("state").in_(states))


def upgrade() -> None:
    _cart_states("open", "ordered", "quoted")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("quote_reference", sa.String(length=20), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("event_name", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("event_on", sa.Date(), nullable=True))
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.alter_column("quote_reference", server_default=None)
        batch_op.alter_column("event_name", server_default=None)
    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("product_vat_bp", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE order_lines SET product_vat_bp ="
        " (SELECT titles.vat_bp FROM titles WHERE titles.id = order_lines.title_id)"
    )
    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.alter_column("product_vat_bp", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.drop_column("product_vat_bp")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_column("event_on")
        batch_op.drop_column("event_name")
        batch_op.drop_column("quote_reference")
    op.execute("UPDATE carts SET state = 'ordered' WHERE state = 'quoted'")
    _cart_states("open", "ordered")

"""Delivery addresses of orders by their parts: the country decides VAT."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

orders = sa.table("orders", sa.column("id", sa.Integer), sa.column("address", sa.JSON))


def upgrade() -> None:
    for row in _rows():
        recipient, *street, town = ("", *row.address) if len(row.address) < 3 else row.address
        postal_code, _, city = town.partition(" ")
        parts = {"recipient": recipient, "street": ", ".join(street), "postal_code": postal_code}
        _write(row.id, parts | {"city": city, "country": "FR"})


def downgrade() -> None:
    for row in _rows():
        parts = row.address
        _write(row.id, [parts["recipient"], parts["street"], f"{parts['postal_code']} {parts['city']}"])


def _rows() -> list[sa.Row]:
    return op.get_bind().execute(sa.select(orders.c.id, orders.c.address)).all()


def _write(order_id: int, address: object) -> None:
    op.execute(orders.update().where(orders.c.id == order_id).values(address=address))

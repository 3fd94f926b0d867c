"""Prices announced for a later day wait beside their title; an import says how many it noted."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coming_prices",
        sa.Column("title_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("vat_bp", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["title_id"], ["titles.id"], name=op.f("fk_coming_prices_title_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("title_id", "valid_from", name=op.f("pk_coming_prices")),
    )
    op.create_index(op.f("ix_coming_prices_valid_from"), "coming_prices", ["valid_from"], unique=False)
    op.add_column(
        "catalogue_imports", sa.Column("coming_prices", sa.Integer(), nullable=False, server_default="0")
    )


def downgrade() -> None:
    with op.batch_alter_table("catalogue_imports") as batch:
        batch.drop_column("coming_prices")
    op.drop_index(op.f("ix_coming_prices_valid_from"), table_name="coming_prices")
    op.drop_table("coming_prices")

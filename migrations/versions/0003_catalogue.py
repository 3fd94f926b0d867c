"""Tables of catalogue."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "titles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_reference", sa.String(length=100), nullable=False),
        sa.Column("isbn", sa.String(length=13), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("subtitle", sa.String(length=300), nullable=False),
        sa.Column("authors", sa.String(length=300), nullable=False),
        sa.Column("contributors", sa.JSON(), nullable=False),
        sa.Column("imprint", sa.String(length=120), nullable=False),
        sa.Column("collection", sa.String(length=200), nullable=False),
        sa.Column("form", sa.String(length=4), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("clil", sa.String(length=4), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column(
            "availability",
            sa.Enum(
                "available",
                "on_demand",
                "forthcoming",
                "reprinting",
                "temporarily_unavailable",
                "missing_undated",
                "to_be_reissued",
                "no_longer_distributed",
                "out_of_print",
                "abandoned",
                "on_request",
                name="availability",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("price_cents", sa.Integer(), nullable=True),
        sa.Column("vat_bp", sa.Integer(), nullable=False),
        sa.Column("weight_g", sa.Integer(), nullable=True),
        sa.Column("stock", sa.Integer(), nullable=False),
        sa.Column("popularity", sa.Integer(), nullable=False),
        sa.Column("folded_title", sa.Text(), nullable=False),
        sa.Column("folded_authors", sa.Text(), nullable=False),
        sa.Column("folded_other", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_titles")),
        sa.UniqueConstraint("isbn", name=op.f("uq_titles_isbn")),
        sa.UniqueConstraint("record_reference", name=op.f("uq_titles_record_reference")),
    )


def downgrade() -> None:

    op.drop_table("titles")

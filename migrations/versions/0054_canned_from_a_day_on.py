"""Every text of a canned answer holds from a day on, the present one among them."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

TEXT = "title", "body", "written_by", "written_at"


def upgrade() -> None:
    with op.batch_alter_table("canned_versions") as batch:
        batch.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("valid_from", sa.Date(), nullable=True))
        batch.add_column(sa.Column("withdrawn_by", sa.String(length=120), nullable=True))
        batch.add_column(sa.Column("withdrawn_at", sa.DateTime(), nullable=True))
        batch.drop_index("ix_canned_versions_answer_id")
    op.execute(
        "INSERT INTO canned_versions (answer_id, title, body, written_by, written_at)"
        " SELECT id, title, body, written_by, written_at FROM canned_answers"
    )
    op.execute(
        "UPDATE canned_versions SET valid_from = date(written_at), number = (SELECT count(*)"
        " FROM canned_versions AS said"
        " WHERE said.answer_id = canned_versions.answer_id AND said.id <= canned_versions.id)"
    )
    with op.batch_alter_table("canned_versions") as batch:
        batch.alter_column("number", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("valid_from", existing_type=sa.Date(), nullable=False)
        batch.create_unique_constraint(op.f("uq_canned_versions_answer_id_number"), ["answer_id", "number"])
    with op.batch_alter_table("canned_answers") as batch:
        batch.drop_index("ix_canned_answers_service_title")
        for column in TEXT:
            batch.drop_column(column)
        batch.create_index(op.f("ix_canned_answers_service"), ["service"], unique=False)


def downgrade() -> None:
    """A text to come is lost; an answer that says nothing yet goes with it."""
    op.execute("DELETE FROM canned_versions WHERE withdrawn_at IS NOT NULL OR valid_from > CURRENT_DATE")
    with op.batch_alter_table("canned_answers") as batch:
        batch.drop_index(op.f("ix_canned_answers_service"))
        batch.add_column(sa.Column("title", sa.String(length=80), nullable=True))
        batch.add_column(sa.Column("body", sa.Text(), nullable=True))
        batch.add_column(sa.Column("written_by", sa.String(length=120), nullable=True))
        batch.add_column(sa.Column("written_at", sa.DateTime(), nullable=True))
    op.execute(
        "UPDATE canned_answers SET (title, body, written_by, written_at) ="
        " (SELECT said.title, said.body, said.written_by, said.written_at FROM canned_versions AS said"
        " WHERE said.answer_id = canned_answers.id ORDER BY said.valid_from DESC, said.number DESC LIMIT 1)"
    )
    op.execute(
        "DELETE FROM canned_versions WHERE NOT EXISTS (SELECT 1 FROM canned_versions AS later"
        " WHERE later.answer_id = canned_versions.answer_id"
        " AND (later.valid_from, later.number) > (canned_versions.valid_from, canned_versions.number))"
    )
    op.execute("DELETE FROM canned_answers WHERE title IS NULL")
    with op.batch_alter_table("canned_versions") as batch:
        batch.drop_constraint(op.f("uq_canned_versions_answer_id_number"), type_="unique")
        for column in ("number", "valid_from", "withdrawn_by", "withdrawn_at"):
            batch.drop_column(column)
        batch.create_index(op.f("ix_canned_versions_answer_id"), ["answer_id"], unique=False)
    with op.batch_alter_table("canned_answers") as batch:
        batch.alter_column("title", existing_type=sa.String(length=80), nullable=False)
        batch.alter_column("body", existing_type=sa.Text(), nullable=False)
        batch.alter_column("written_by", existing_type=sa.String(length=120), nullable=False)
        batch.alter_column("written_at", existing_type=sa.DateTime(), nullable=False)
        batch.create_index("ix_canned_answers_service_title", ["service", "title"], unique=False)

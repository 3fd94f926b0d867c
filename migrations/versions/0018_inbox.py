"""Sleeping and merged threads, who is at a thread, canned answers."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

STATES_BEFORE = ("open", "waiting_for_customer", "closed")
STATES = ("open", "waiting_for_customer", "snoozed", "closed", "merged")
SERVICES = ("sales", "after_sales", "accounting", "settings")


def _allow(batch_op: BatchOperations, states: tuple[str, ...]) -> None:
    batch_op.drop_constraint(op.f("ck_threads_threadstate"), type_="check")
    batch_op.create_check_constraint(op.f("ck_threads_threadstate"), sa.column("state").in_(states))


def upgrade() -> None:
    with op.batch_alter_table("threads", schema=None) as batch_op:
        _allow(batch_op, STATES)
        batch_op.add_column(sa.Column("wakes_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_threads_merged_into_id"), "threads", ["merged_into_id"], ["id"])
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("by_mail", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "thread_readers",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name=op.f("fk_thread_readers_thread_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_thread_readers_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_thread_readers")),
    )
    op.create_index(op.f("ix_thread_readers_thread_id"), "thread_readers", ["thread_id"])
    op.create_table(
        "canned_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column(
            "service",
            sa.Enum(*SERVICES, name="service", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(length=120), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_answers")),
        sa.UniqueConstraint("key", name=op.f("uq_canned_answers_key")),
    )
    op.create_index("ix_canned_answers_service_title", "canned_answers", ["service", "title"])


def downgrade() -> None:
    op.drop_table("canned_answers")
    op.drop_table("thread_readers")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_column("by_mail")
    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_threads_merged_into_id"), type_="foreignkey")
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("wakes_at")
        _allow(batch_op, STATES_BEFORE)

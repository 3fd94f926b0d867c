"""Mails that come in, what comes back about ours, and which mails a person wants."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

DELIVERIES = ("now", "digest", "portal")
SERVICES = ("sales", "after_sales", "accounting", "settings")
STATES = ("joined", "quarantined", "dropped", "noted")
REASONS = ("unknown_sender", "bad_signature", "no_thread", "too_heavy", "unreadable")
TOPICS = ("messages", "orders")


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("remark", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("delivery", _choice("delivery", DELIVERIES), nullable=False, server_default="now")
        )
    op.execute("UPDATE outbox_messages SET key = substr(message_id, 2, 32)")
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.alter_column("key", existing_type=sa.String(length=32), nullable=False)
        batch_op.create_unique_constraint(op.f("uq_outbox_messages_key"), ["key"])
    op.create_table(
        "incoming_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.String(length=210), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("sender_name", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("service", _choice("service", SERVICES), nullable=False),
        sa.Column("state", _choice("mailstate", STATES), nullable=False),
        sa.Column("reason", _choice("reason", REASONS), nullable=True),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("joined_as_id", sa.Integer(), nullable=True),
        sa.Column("octets", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["joined_as_id"], ["messages.id"], name=op.f("fk_incoming_mails_joined_as_id")
        ),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name=op.f("fk_incoming_mails_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_mails")),
        sa.UniqueConstraint("key", name=op.f("uq_incoming_mails_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_incoming_mails_message_id")),
    )
    op.create_index(op.f("ix_incoming_mails_joined_as_id"), "incoming_mails", ["joined_as_id"])
    op.create_index("ix_incoming_mails_state_service", "incoming_mails", ["state", "service"])
    op.create_table(
        "mail_preferences",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("topic", _choice("topic", TOPICS), nullable=False),
        sa.Column("delivery", _choice("delivery", DELIVERIES), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_mail_preferences_user_id")),
        sa.PrimaryKeyConstraint("user_id", "topic", name=op.f("pk_mail_preferences")),
    )


def downgrade() -> None:
    op.drop_table("mail_preferences")
    op.drop_table("incoming_mails")
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_outbox_messages_key"), type_="unique")
        batch_op.drop_constraint(op.f("ck_outbox_messages_delivery"), type_="check")
        batch_op.drop_column("delivery")
        batch_op.drop_column("remark")
        batch_op.drop_column("key")

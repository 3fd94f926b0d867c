"""Applications for an account, their links, what was said and sent."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

STATES = ("submitted", "details_requested", "opened", "refused", "withdrawn")


def upgrade() -> None:
    op.create_table(
        "applications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="applicationstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("first_answer_by", sa.Date(), nullable=False),
        sa.Column("first_answered_at", sa.DateTime(), nullable=True),
        sa.Column("trade_name", sa.String(length=120), nullable=False),
        sa.Column("legal_name", sa.String(length=120), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=False),
        sa.Column("vat_number", sa.String(length=16), nullable=False),
        sa.Column("gln", sa.String(length=13), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("postal_code", sa.String(length=12), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("first_name", sa.String(length=60), nullable=False),
        sa.Column("last_name", sa.String(length=60), nullable=False),
        sa.Column("iban", sa.Text(), nullable=False),
        sa.Column("refusal_reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_applications_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("reference", name=op.f("uq_applications_reference")),
    )
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_applications_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications_postal_code"), ["postal_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications_siret"), ["siret"], unique=False)
        batch_op.create_index("ix_applications_state_answer_by", ["state", "answer_by"], unique=False)

    op.create_table(
        "application_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=121), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "submit",
                "ask_details",
                "answer",
                "open",
                "refuse",
                "withdraw",
                name="action",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="applicationstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_application_events_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_events")),
    )
    with op.batch_alter_table("application_events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_application_events_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "application_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_application_links_application_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_application_links")),
    )
    with op.batch_alter_table("application_links", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_application_links_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "application_pieces",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["application_events.id"], name=op.f("fk_application_pieces_event_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_pieces")),
        sa.UniqueConstraint("key", name=op.f("uq_application_pieces_key")),
    )
    with op.batch_alter_table("application_pieces", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_pieces_event_id"), ["event_id"], unique=False)


def downgrade() -> None:
    for table in ("application_pieces", "application_links", "application_events", "applications"):
        op.drop_table(table)

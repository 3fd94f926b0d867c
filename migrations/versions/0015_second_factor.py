"""Steps of a log-in, known browsers, the second factor of staff, « voir comme le client »."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STAGES = sa.Enum(
    "open",
    "new_password",
    "second_factor",
    name="stage",
    native_enum=False,
    create_constraint=True,
    length=40,
)


def upgrade() -> None:
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_log_in_at", sa.DateTime(), nullable=True))
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stage", STAGES, nullable=False, server_default="open"))
        batch_op.add_column(sa.Column("viewed_user_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key("fk_login_sessions_viewed_user_id", "users", ["viewed_user_id"], ["id"])
    op.execute("UPDATE login_sessions SET stage = 'new_password' WHERE must_choose_password")
    op.execute(
        "UPDATE users SET last_log_in_at = (SELECT max(at) FROM audit_entries"
        " WHERE action = 'access.log_in' AND subject = users.email)"
    )
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.alter_column("stage", server_default=None)
        batch_op.drop_column("must_choose_password")
    op.create_table(
        "known_browsers",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("last_used_at", sa.DateTime(), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_known_browsers_user_id")),
        sa.PrimaryKeyConstraint("user_id", "key_hash", name=op.f("pk_known_browsers")),
    )
    op.create_table(
        "second_factors",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("offered_codes", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_second_factors_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_codes")),
    )
    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_codes_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    for table in ("recovery_codes", "second_factors", "known_browsers"):
        op.drop_table(table)
    op.execute("DELETE FROM login_sessions WHERE stage = 'second_factor'")
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("must_choose_password", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute("UPDATE login_sessions SET must_choose_password = (stage = 'new_password')")
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.alter_column("must_choose_password", server_default=None)
        batch_op.drop_constraint("fk_login_sessions_viewed_user_id", type_="foreignkey")
        batch_op.drop_column("viewed_user_id")
        batch_op.drop_constraint("stage", type_="check")
        batch_op.drop_column("stage")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_column("last_log_in_at")

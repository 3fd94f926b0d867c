"""The word index of SQLite may be kept by hand during a bulk write: its triggers rest while a row says so."""

from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

INDEXED = ("folded_title", "folded_authors", "folded_collection", "folded_other")
COLUMNS = ", ".join(INDEXED)
TAKE_OUT = (
    f"INSERT INTO title_words (title_words, rowid, {COLUMNS})"  # noqa: S608
    f" VALUES ('delete', old.id, {', '.join('old.' + column for column in INDEXED)})"
)
PUT_IN = (
    f"INSERT INTO title_words (rowid, {COLUMNS})"  # noqa: S608
    f" VALUES (new.id, {', '.join('new.' + column for column in INDEXED)})"
)
CHANGED = " OR ".join(f"old.{column} IS NOT new.{column}" for column in INDEXED)
FOLLOWED = "NOT EXISTS (SELECT 1 FROM title_words_paused)"


def upgrade() -> None:
    if op.get_context().dialect.name != "sqlite":
        return
    op.execute("CREATE TABLE title_words_paused (paused INTEGER NOT NULL)")
    _follow(f"WHEN {FOLLOWED}", f"WHEN ({CHANGED}) AND {FOLLOWED}")


def downgrade() -> None:
    if op.get_context().dialect.name != "sqlite":
        return
    _follow("", f"WHEN {CHANGED}")
    op.execute("DROP TABLE title_words_paused")


def _follow(when_inserted: str, when_updated: str) -> None:
    op.execute("DROP TRIGGER title_words_insert")
    op.execute("DROP TRIGGER title_words_update")
    op.execute(
        f"CREATE TRIGGER title_words_insert AFTER INSERT ON titles {when_inserted} BEGIN {PUT_IN}; END"
    )
    op.execute(
        f"CREATE TRIGGER title_words_update AFTER UPDATE OF {COLUMNS} ON titles {when_updated}"
        f" BEGIN {TAKE_OUT}; {PUT_IN}; END"
    )

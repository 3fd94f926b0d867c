"""Tables of catalogue, and the word index that each database keeps in step by itself."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


FOLDED = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")

INDEXED = ("folded_title", "folded_authors", "folded_collection", "folded_other")
COLUMNS = ", ".join(INDEXED)

# The index holds no text of its own (content='titles'): a change first takes the old words out.
TAKE_OUT = (
    f"INSERT INTO title_words (title_words, rowid, {COLUMNS})"  # noqa: S608
    f" VALUES ('delete', old.id, {', '.join('old.' + column for column in INDEXED)})"
)
PUT_IN = (
    f"INSERT INTO title_words (rowid, {COLUMNS})"  # noqa: S608
    f" VALUES (new.id, {', '.join('new.' + column for column in INDEXED)})"
)
CHANGED = " OR ".join(f"old.{column} IS NOT new.{column}" for column in INDEXED)
SQLITE_INDEX = (
    f"CREATE VIRTUAL TABLE title_words USING fts5({COLUMNS}, content='titles', content_rowid='id',"
    " tokenize='unicode61 remove_diacritics 0', prefix='2 3')",
    f"CREATE TRIGGER title_words_insert AFTER INSERT ON titles BEGIN {PUT_IN}; END",
    f"CREATE TRIGGER title_words_delete AFTER DELETE ON titles BEGIN {TAKE_OUT}; END",
    f"CREATE TRIGGER title_words_update AFTER UPDATE OF {COLUMNS} ON titles"
    f" WHEN {CHANGED} BEGIN {TAKE_OUT}; {PUT_IN}; END",
)

# Words are cut at spaces, as `rules.fold` leaves them, and not by PostgreSQL's own parser.
WORDS = " || ".join(f"string_to_array({column}, ' ')" for column in INDEXED)
POSTGRESQL_INDEX = (
    f"ALTER TABLE titles ADD COLUMN words tsvector"
    f" GENERATED ALWAYS AS (array_to_tsvector(array_remove({WORDS}, ''))) STORED",
    "CREATE INDEX ix_titles_words ON titles USING gin (words) WITH (fastupdate = off)",
)


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
        sa.Column("folded_title", FOLDED, nullable=False),
        sa.Column("folded_authors", FOLDED, nullable=False),
        sa.Column("folded_collection", FOLDED, nullable=False),
        sa.Column("folded_other", FOLDED, nullable=False),
        sa.Column("content_hash", sa.String(length=32), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_titles")),
        sa.UniqueConstraint("isbn", name=op.f("uq_titles_isbn")),
        sa.UniqueConstraint("record_reference", name=op.f("uq_titles_record_reference")),
    )

    for columns in (
        ["published_on", "id"],
        ["folded_collection", "published_on"],
        ["folded_title"],
    ):
        op.create_index(op.f(f"ix_titles_{'_'.join(columns)}"), "titles", columns)

    op.create_table(
        "title_relations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("isbn", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["title_id"], ["titles.id"], name=op.f("fk_title_relations_title_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_title_relations")),
        sa.UniqueConstraint("title_id", "code", "isbn", name=op.f("uq_title_relations_title_id_code_isbn")),
    )
    op.create_table(
        "words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("word", FOLDED, nullable=False),
        sa.Column("titles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_words")),
        sa.UniqueConstraint("word", name=op.f("uq_words_word")),
    )
    op.create_table(
        "word_keys",
        sa.Column("key", FOLDED, nullable=False),
        sa.Column("word_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["word_id"], ["words.id"], name=op.f("fk_word_keys_word_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", "word_id", name=op.f("pk_word_keys")),
    )
    op.create_index(op.f("ix_word_keys_word_id"), "word_keys", ["word_id"])

    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_INDEX if sqlite else POSTGRESQL_INDEX:
        op.execute(statement)


def downgrade() -> None:

    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE title_words")
    for table in ("word_keys", "words", "title_relations", "titles"):
        op.drop_table(table)

"""Which article is a copy of which, found by the signatures of their texts."""

from alembic import op

revision = "0003"
down_revision = "0002"

TABLES = """
CREATE TABLE copy_article (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    algorithm text NOT NULL,
    story text NOT NULL,
    first text NOT NULL,
    first_story text NOT NULL,
    sketch bytea NOT NULL
);

CREATE TABLE copy_key (
    key bigint NOT NULL,
    number bigint NOT NULL REFERENCES copy_article ON DELETE CASCADE,
    PRIMARY KEY (key, number)
);
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(TABLES)

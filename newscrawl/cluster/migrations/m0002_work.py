"""Workers, runs, parts of a bulk, the tick, the engine's own tables."""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = """
CREATE TABLE worker (
    name text PRIMARY KEY,
    machine text NOT NULL,
    pid integer NOT NULL,
    queues text[] NOT NULL,
    slots integer NOT NULL,
    began timestamptz NOT NULL DEFAULT now(),
    seen timestamptz NOT NULL DEFAULT now(),
    doing text[] NOT NULL DEFAULT '{}'
) WITH (fillfactor = 70);

CREATE TABLE crawl_run (
    job bigint PRIMARY KEY,
    site text NOT NULL,
    host text NOT NULL,
    worker text NOT NULL,
    epoch bigint NOT NULL,
    began timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended timestamptz,
    code integer,
    outcome text,
    why text NOT NULL DEFAULT ''
);
CREATE INDEX crawl_run_site ON crawl_run (site, began DESC);
CREATE INDEX crawl_run_ended ON crawl_run (ended);

CREATE TABLE clean_part (
    run text NOT NULL,
    part text NOT NULL,
    task jsonb NOT NULL,
    state text NOT NULL DEFAULT 'todo' CHECK (state IN ('todo', 'doing', 'done', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    job bigint,
    worker text,
    result jsonb,
    sha256 text,
    lines bigint,
    reason text NOT NULL DEFAULT '',
    changed timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (run, part)
);
CREATE INDEX clean_part_open ON clean_part (run, state);

CREATE TABLE ticking (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    last timestamptz,
    reap_after timestamptz,
    pruned timestamptz
) WITH (fillfactor = 50);
INSERT INTO ticking DEFAULT VALUES;

CREATE TABLE engine_schema (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    version text NOT NULL
);
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(TABLES)

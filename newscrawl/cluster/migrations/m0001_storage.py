"""Leases, the schedule, segments, what is stored, what is known of hosts."""

from alembic import op

revision = "0001"
down_revision = None

TABLES = """
CREATE TABLE site_lease (
    host text PRIMARY KEY,
    owner text NOT NULL,
    epoch bigint NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE TABLE site_schedule (
    site text PRIMARY KEY,
    host text NOT NULL DEFAULT '',
    cron text,
    interval_s double precision,
    jitter double precision NOT NULL DEFAULT 0.1,
    next_due timestamptz,
    fails integer NOT NULL DEFAULT 0,
    last_run timestamptz,
    last_ok timestamptz,
    last_code integer,
    disabled_reason text
);
CREATE INDEX site_schedule_due ON site_schedule (next_due) WHERE disabled_reason IS NULL;

-- A folder holds a part of the archive; its name in here is a number that lies in it.
-- committed: bytes that are acknowledged. sealed_len: bytes once nothing more is added.
CREATE TABLE segment (
    number bigint GENERATED ALWAYS AS IDENTITY,
    folder uuid NOT NULL,
    path text NOT NULL,
    host text,
    epoch bigint,
    committed bigint NOT NULL DEFAULT 0,
    sealed_len bigint,
    begun timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (folder, path)
);
CREATE INDEX segment_open ON segment (folder, host) WHERE sealed_len IS NULL;

CREATE TABLE stored (
    stream text NOT NULL,
    id text NOT NULL,
    story text NOT NULL,
    version text NOT NULL,
    site text NOT NULL,
    number bigint NOT NULL,
    nth bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (stream, id)
);
CREATE INDEX stored_story ON stored (story, number DESC, nth DESC) WHERE stream = 'articles';

-- digest: SHA-256 of the key or address, which may be longer than an index takes.
CREATE TABLE host_state (
    kind text NOT NULL,
    digest bytea NOT NULL,
    key text NOT NULL,
    value text NOT NULL,
    expires double precision,
    PRIMARY KEY (kind, digest)
);
CREATE INDEX host_state_expires ON host_state (expires) WHERE expires IS NOT NULL;

CREATE TABLE host_attempt (
    digest bytea PRIMARY KEY,
    url text NOT NULL,
    starts integer NOT NULL,
    at double precision NOT NULL,
    reason text NOT NULL DEFAULT ''
);

CREATE TABLE host_slot (
    host text PRIMARY KEY,
    next_at timestamptz NOT NULL
) WITH (fillfactor = 70);
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(TABLES)


def downgrade() -> None:
    """Nothing: an index can be built again from the segments, a lease cannot."""
    raise NotImplementedError

"""A PostgreSQL server of our own, and what tries to make many machines lose a record, store one twice, or meet."""

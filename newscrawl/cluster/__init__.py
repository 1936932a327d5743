"""The storage that several machines share: leases with a fence, and the index and the facts in PostgreSQL.

Needs the extra `newscrawl[cluster]`; nothing outside imports it before a database was named (NEWSCRAWL_INDEX).
"""

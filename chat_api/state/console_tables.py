"""The tables of the console; in one schema with the others, so that one chain of migrations makes them all."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, String, Table, Text

from chat_api.state.tables import METADATA

STAFF = Table(
    "staff",
    METADATA,
    Column("name", String(64), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("token_hash", String(255), nullable=False),
    Column("created_at_s", BigInteger, nullable=False),
    Column("is_disabled", Boolean, nullable=False, default=False),
)
STAFF_SESSIONS = Table(
    "staff_sessions",
    METADATA,
    # Of the cookie only a checksum: who reads the database can log in as nobody.
    Column("token_sha256", String(64), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("form_token", String(64), nullable=False),
    Column("expires_at_s", BigInteger, nullable=False, index=True),
)
LOGIN_FAILURES = Table(
    "login_failures",
    METADATA,
    Column("id", Integer, primary_key=True),
    # A checksum of the name or the address that failed: neither is kept.
    Column("who_sha256", String(64), nullable=False, index=True),
    Column("failed_at_s", BigInteger, nullable=False, index=True),
)
AUDIT = Table(
    "audit",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at_s", BigInteger, nullable=False),
    Column("name", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
)
WORDINGS = Table(
    "wordings",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("handbook_id", String(64), nullable=False),
    # "" for a negative question.
    Column("section_id", String(64), nullable=False),
    Column("wording", String(500), nullable=False),
    Column("change", String(8), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("proposed_by", String(64), nullable=False),
    Column("proposed_at_s", BigInteger, nullable=False),
    Column("decided_by", String(64), nullable=False, default=""),
    Column("decided_at_s", BigInteger, nullable=False, default=0),
    Column("finding", Text, nullable=False, default=""),
)
DOCUMENTS = Table(
    "documents",
    METADATA,
    # "" for what concerns no single handbook.
    Column("handbook_id", String(64), primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("text", Text, nullable=False),
    Column("changed_by", String(64), nullable=False),
    Column("changed_at_s", BigInteger, nullable=False),
)
PUBLICATIONS = Table(
    "publications",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", String(64), nullable=False),
    Column("is_rollback", Boolean, nullable=False),
    Column("published_by", String(64), nullable=False),
    Column("published_at_s", BigInteger, nullable=False),
    # Which changes it holds, as JSON.
    Column("content", Text, nullable=False),
)
JOBS = Table(
    "jobs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("requested_by", String(64), nullable=False),
    Column("requested_at_s", BigInteger, nullable=False),
    Column("finished_at_s", BigInteger, nullable=False, default=0),
    Column("progress", String(255), nullable=False, default=""),
    Column("result", Text, nullable=False, default=""),
)

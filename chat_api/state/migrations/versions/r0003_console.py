"""What staff see and change in the console."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    _make_people()
    _make_work()


def _make_people() -> None:
    op.create_table(
        "staff",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("token_hash", sa.String(255), nullable=False),
        sa.Column("created_at_s", sa.BigInteger, nullable=False),
        sa.Column("is_disabled", sa.Boolean, nullable=False),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("token_sha256", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("form_token", sa.String(64), nullable=False),
        sa.Column("expires_at_s", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_staff_sessions_expires_at_s", "staff_sessions", ["expires_at_s"])
    op.create_table(
        "login_failures",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("who_sha256", sa.String(64), nullable=False),
        sa.Column("failed_at_s", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_login_failures_who_sha256", "login_failures", ["who_sha256"])
    op.create_index("ix_login_failures_failed_at_s", "login_failures", ["failed_at_s"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at_s", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
    )


def _make_work() -> None:
    op.create_table(
        "wordings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("handbook_id", sa.String(64), nullable=False),
        sa.Column("section_id", sa.String(64), nullable=False),
        sa.Column("wording", sa.String(500), nullable=False),
        sa.Column("change", sa.String(8), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("proposed_by", sa.String(64), nullable=False),
        sa.Column("proposed_at_s", sa.BigInteger, nullable=False),
        sa.Column("decided_by", sa.String(64), nullable=False),
        sa.Column("decided_at_s", sa.BigInteger, nullable=False),
        sa.Column("finding", sa.Text, nullable=False),
    )
    op.create_index("ix_wordings_state", "wordings", ["state"])
    op.create_table(
        "documents",
        sa.Column("handbook_id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("changed_by", sa.String(64), nullable=False),
        sa.Column("changed_at_s", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("is_rollback", sa.Boolean, nullable=False),
        sa.Column("published_by", sa.String(64), nullable=False),
        sa.Column("published_at_s", sa.BigInteger, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("requested_by", sa.String(64), nullable=False),
        sa.Column("requested_at_s", sa.BigInteger, nullable=False),
        sa.Column("finished_at_s", sa.BigInteger, nullable=False),
        sa.Column("progress", sa.String(255), nullable=False),
        sa.Column("result", sa.Text, nullable=False),
    )

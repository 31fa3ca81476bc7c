"""The tables as they were before there were migrations; a database that has them already is taken over as it is."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables that are missing."""
    op.create_table(
        "feedback",
        sa.Column("answer_id", sa.String(32), primary_key=True),
        sa.Column("useful", sa.Boolean, nullable=False),
        sa.Column("reason", sa.String(600), nullable=True),
        sa.Column("created_on", sa.Date, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "sessions",
        sa.Column("token_sha256", sa.String(64), primary_key=True),
        sa.Column("openid", sa.String(128), nullable=False),
        sa.Column("expires_at_s", sa.BigInteger, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "wechat_messages",
        sa.Column("message_sha256", sa.String(64), primary_key=True),
        sa.Column("reply", sa.Text, nullable=True),
        sa.Column("expires_at_s", sa.BigInteger, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "wechat_choices",
        sa.Column("sender_hmac", sa.String(64), primary_key=True),
        sa.Column("choices", sa.Text, nullable=False),
        sa.Column("expires_at_s", sa.BigInteger, nullable=False),
        if_not_exists=True,
    )
    op.create_index("ix_sessions_openid", "sessions", ["openid"], if_not_exists=True)
    for table in ("sessions", "wechat_messages", "wechat_choices"):
        op.create_index(f"ix_{table}_expires_at_s", table, ["expires_at_s"], if_not_exists=True)

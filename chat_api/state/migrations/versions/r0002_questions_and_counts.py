"""The question log, and how many questions there were a day."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "questions",
        sa.Column("answer_id", sa.String(32), primary_key=True),
        sa.Column("asked_on", sa.Date, nullable=False),
        sa.Column("question", sa.String(1000), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("answer_probability", sa.Float, nullable=False),
        sa.Column("handbook_id", sa.String(64), nullable=False),
        sa.Column("section_id", sa.String(64), nullable=False),
        sa.Column("handled_as", sa.String(16), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
    )
    op.create_index("ix_questions_asked_on", "questions", ["asked_on"])
    op.create_table(
        "daily_answers",
        sa.Column("answered_on", sa.Date, primary_key=True),
        sa.Column("handbook_id", sa.String(64), primary_key=True),
        sa.Column("status", sa.String(16), primary_key=True),
        sa.Column("up_to_ms", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("answers", sa.Integer, nullable=False),
    )

"""The tables of the database."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Integer, MetaData, String, Table, Text

# Masking can lengthen a reason; what goes beyond this is cut.
MAX_REASON_CHARACTERS = 600
METADATA = MetaData()
FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("answer_id", String(32), primary_key=True),
    Column("useful", Boolean, nullable=False),
    Column("reason", String(MAX_REASON_CHARACTERS), nullable=True),
    # The day only: with the time of day a row could be tied to a person.
    Column("created_on", Date, nullable=False),
    Column("revision", Integer, nullable=False, default=1),
)
SESSIONS = Table(
    "sessions",
    METADATA,
    # Of the token only a checksum: who reads the database can log in as nobody.
    Column("token_sha256", String(64), primary_key=True),
    Column("openid", String(128), nullable=False, index=True),
    Column("expires_at_s", BigInteger, nullable=False, index=True),
)
# Of a message only a checksum of its number and sender is kept, and of its sender only a keyed checksum.
MESSAGES = Table(
    "wechat_messages",
    METADATA,
    Column("message_sha256", String(64), primary_key=True),
    Column("reply", Text, nullable=True),
    Column("expires_at_s", BigInteger, nullable=False, index=True),
)
CHOICES = Table(
    "wechat_choices",
    METADATA,
    Column("sender_hmac", String(64), primary_key=True),
    Column("choices", Text, nullable=False),
    Column("expires_at_s", BigInteger, nullable=False, index=True),
)
# Masking can lengthen a question; what goes beyond this is cut.
MAX_QUESTION_CHARACTERS = 1000
QUESTIONS = Table(
    "questions",
    METADATA,
    Column("answer_id", String(32), primary_key=True),
    # The day only, as for feedback.
    Column("asked_on", Date, nullable=False, index=True),
    Column("question", String(MAX_QUESTION_CHARACTERS), nullable=False),
    Column("status", String(16), nullable=False),
    Column("answer_probability", Float, nullable=False),
    # The best section, "" when none was found.
    Column("handbook_id", String(64), nullable=False),
    Column("section_id", String(64), nullable=False),
    # What staff made of it; "" while nobody has.
    Column("handled_as", String(16), nullable=False, default=""),
    Column("note", String(500), nullable=False, default=""),
)
DAILY_ANSWERS = Table(
    "daily_answers",
    METADATA,
    Column("answered_on", Date, primary_key=True),
    Column("handbook_id", String(64), primary_key=True),
    Column("status", String(16), primary_key=True),
    Column("up_to_ms", Integer, primary_key=True, autoincrement=False),
    Column("answers", Integer, nullable=False),
)

"""What the service remembers, in one database that many processes may share. Only these modules import SQLAlchemy."""

from chat_api.state.database import Database
from chat_api.state.feedback import FeedbackStore
from chat_api.state.messages import MessageStore
from chat_api.state.sessions import SessionStore

__all__ = ["Database", "FeedbackStore", "MessageStore", "SessionStore"]

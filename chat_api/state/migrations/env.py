"""What Alembic runs for every upgrade; the connection is the caller's, so that a lock can be held around it."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()

"""How the database of an earlier release becomes that of this one; run by Alembic when a database is opened."""

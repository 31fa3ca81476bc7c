"""Texts that staff edit beside the handbooks: errata, dictionaries, starter questions, whom to ask."""

from sqlalchemy import and_, select

from chat_api.state.console_tables import DOCUMENTS
from console.state.audit import Change, record
from console.state.store import Store

SHOWN_CHARACTERS = 4_000


class DocumentStore(Store):
    """Texts by handbook and name; the handbook is "" for what concerns no single one."""

    def of(self, handbook_id: str) -> dict[str, str]:
        """Return the texts of a handbook by name; empty where nobody edited any.

        Raises:
            StateUnavailable: If the database cannot be read.
        """
        query = select(DOCUMENTS.c.name, DOCUMENTS.c.text).where(DOCUMENTS.c.handbook_id == handbook_id)
        with self._transaction() as connection:
            rows = connection.execute(query.order_by(DOCUMENTS.c.name)).all()
        return {row.name: row.text for row in rows}

    def save(self, handbook_id: str, name: str, text: str, who: str, *, before: str) -> None:
        """Replace a text; `before` is what it was, for the list of changes.

        Raises:
            StateUnavailable: If the database cannot be written.
        """
        mine = and_(DOCUMENTS.c.handbook_id == handbook_id, DOCUMENTS.c.name == name)
        values = {"text": text, "changed_by": who, "changed_at_s": self._now()}
        change = Change(
            name=who,
            action="修改手册资料",
            subject=f"{handbook_id} {name}".strip(),
            before=before[:SHOWN_CHARACTERS],
            after=text[:SHOWN_CHARACTERS],
        )
        with self._transaction() as connection:
            if connection.execute(DOCUMENTS.update().where(mine).values(**values)).rowcount == 0:
                connection.execute(DOCUMENTS.insert().values(handbook_id=handbook_id, name=name, **values))
            record(connection, change, self._now())

"""Which index versions staff published or went back to, and which changes each holds."""

import json
from dataclasses import dataclass, field

from sqlalchemy import RowMapping, select

from chat_api.state.console_tables import PUBLICATIONS
from console.state.audit import Change, record
from console.state.store import Store

SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One switch of the served index.

    Attributes:
        version: The index version.
        is_rollback: Whether it is an earlier version that was taken back.
        published_by: Who.
        published_at_s: When, in seconds since 1970.
        wording_ids: The approved changes of wordings it holds.
        documents: Checksums of the edited texts it holds, by "handbook/name".
    """

    version: str
    published_by: str
    is_rollback: bool = False
    published_at_s: int = 0
    wording_ids: frozenset[int] = frozenset()
    documents: dict[str, str] = field(default_factory=dict)


class PublicationStore(Store):
    """Publications in the order in which they happened."""

    def add(self, publication: Publication) -> None:
        """Write down a publication, together with its line in the list of changes.

        Raises:
            StateUnavailable: If the database cannot be written.
        """
        content = {"wordings": sorted(publication.wording_ids), "documents": publication.documents}
        row = {
            "version": publication.version,
            "is_rollback": publication.is_rollback,
            "published_by": publication.published_by,
            "published_at_s": self._now(),
            "content": json.dumps(content, ensure_ascii=False),
        }
        newest = select(PUBLICATIONS.c.version).order_by(PUBLICATIONS.c.id.desc()).limit(1)
        with self._transaction() as connection:
            before: str | None = connection.execute(newest).scalar_one_or_none()
            connection.execute(PUBLICATIONS.insert().values(**row))
            change = Change(
                name=publication.published_by,
                action="退回版本" if publication.is_rollback else "发布版本",
                subject=publication.version,
                before=before or "",
                after=publication.version,
            )
            record(connection, change, self._now())

    def newest(self, limit: int = SHOWN) -> tuple[Publication, ...]:
        """Return the newest publications, newest first.

        Raises:
            StateUnavailable: If the database cannot be read.
        """
        with self._transaction() as connection:
            rows = connection.execute(select(PUBLICATIONS).order_by(PUBLICATIONS.c.id.desc()).limit(limit)).mappings()
            return tuple(map(_publication, rows))

    def of_version(self, version: str) -> Publication | None:
        """Return the newest publication of an index version, or None when the console knows of none.

        Raises:
            StateUnavailable: If the database cannot be read.
        """
        query = select(PUBLICATIONS).where(PUBLICATIONS.c.version == version).order_by(PUBLICATIONS.c.id.desc())
        with self._transaction() as connection:
            row = connection.execute(query.limit(1)).mappings().one_or_none()
            return _publication(row) if row else None


def _publication(row: RowMapping) -> Publication:
    content = json.loads(row["content"])
    return Publication(
        version=row["version"],
        is_rollback=row["is_rollback"],
        published_by=row["published_by"],
        published_at_s=row["published_at_s"],
        wording_ids=frozenset(content["wordings"]),
        documents=content["documents"],
    )

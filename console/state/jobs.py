"""Work that takes longer than a page may: measuring and publishing the draft, one at a time."""

import json
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, RowMapping, and_, select

from chat_api.state.console_tables import JOBS
from console.errors import JobRunning
from console.state.store import Store

JobKind = Literal["publish", "evaluate", "read", "take"]
JobState = Literal["running", "done", "failed"]
# What has run for longer than this died with its machine.
LONGEST_S: Final = 3600
MAX_PROGRESS_CHARACTERS: Final = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A piece of work.

    Attributes:
        id: Unique.
        kind: What is done.
        state: How far it has come.
        requested_by: Who wants it.
        requested_at_s: Since when, in seconds since 1970.
        finished_at_s: When it ended; 0 while it runs.
        progress: What is being done, or what went wrong, in Chinese.
        result: What came of it.
    """

    id: int
    kind: JobKind
    state: JobState
    requested_by: str
    requested_at_s: int
    finished_at_s: int
    progress: str
    result: dict[str, Any]


class JobStore(Store):
    """Jobs by id."""

    def start(self, kind: JobKind, name: str) -> int:
        """Return the id of a new job.

        Raises:
            JobRunning: If another one is going on.
            StateUnavailable: If the database cannot be written.
        """
        now_s = self._now()
        is_alive = and_(JOBS.c.state == "running", JOBS.c.requested_at_s > now_s - LONGEST_S)
        row = {"kind": kind, "state": "running", "requested_by": name, "requested_at_s": now_s, "progress": "准备中"}
        with self._transaction() as connection:
            if connection.execute(select(JOBS.c.id).where(is_alive)).first():
                raise JobRunning("另一项评测或发布还在进行，请等它结束再试。")
            [job_id] = connection.execute(JOBS.insert().values(**row)).inserted_primary_key or [0]
        return int(job_id)

    def show_progress(self, job_id: int, progress: str) -> None:
        """Say what is being done.

        Raises:
            StateUnavailable: If the database cannot be written.
        """
        with self._transaction() as connection:
            connection.execute(
                JOBS.update().where(_running(job_id)).values(progress=progress[:MAX_PROGRESS_CHARACTERS])
            )

    def finish(self, job_id: int, result: dict[str, Any]) -> None:
        """Say what came of a job.

        Raises:
            StateUnavailable: If the database cannot be written.
        """
        values = {"state": "done", "finished_at_s": self._now(), "progress": "完成"}
        with self._transaction() as connection:
            connection.execute(
                JOBS.update().where(_running(job_id)).values(**values, result=json.dumps(result, ensure_ascii=False))
            )

    def fail(self, job_id: int, why: str) -> None:
        """Say why a job ended without a result; one that has ended already stays as it is.

        Raises:
            StateUnavailable: If the database cannot be written.
        """
        values = {"state": "failed", "finished_at_s": self._now(), "progress": why[:MAX_PROGRESS_CHARACTERS]}
        with self._transaction() as connection:
            connection.execute(JOBS.update().where(_running(job_id)).values(**values))

    def newest(self, *kinds: JobKind) -> Job | None:
        """Return the newest job of some kinds, or None when there never was one.

        Raises:
            StateUnavailable: If the database cannot be read.
        """
        query = select(JOBS).where(JOBS.c.kind.in_(kinds)).order_by(JOBS.c.id.desc()).limit(1)
        with self._transaction() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return _job(row) if row else None


def _running(job_id: int) -> ColumnElement[bool]:
    return and_(JOBS.c.id == job_id, JOBS.c.state == "running")


def _job(row: RowMapping) -> Job:
    return Job(**{**row, "result": json.loads(row["result"] or "{}")})

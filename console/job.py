"""Starts long work in a process of its own, and notices when that process dies."""

import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from console.places import Places
from console.state.jobs import JobKind, JobStore
from console.uploads import Upload

REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOrder:
    """What a worker is told.

    Attributes:
        job_id: Under which number to say what came of it.
        kind: What to do.
        name: Who wants it.
        places: Where everything lies.
        upload: The file that is to be read or taken in; None for other work.
    """

    job_id: int
    kind: JobKind
    name: str
    places: Places
    upload: Upload | None = None


def start_job(kind: JobKind, name: str, places: Places, jobs: JobStore, upload: Upload | None = None) -> None:
    """Start a job in the background.

    Raises:
        JobRunning: If another one is going on.
        StateUnavailable: If the database cannot be written.
    """
    order = JobOrder(job_id=jobs.start(kind, name), kind=kind, name=name, places=places, upload=upload)
    # By standard input, because others on the machine can read a command line and the address may hold a password.
    worker = subprocess.Popen(
        [sys.executable, "-m", "console.worker"], cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    threading.Thread(target=_attend, args=(worker, order, jobs), daemon=True).start()


def _attend(worker: subprocess.Popen[bytes], order: JobOrder, jobs: JobStore) -> None:
    worker.communicate(TypeAdapter(JobOrder).dump_json(order))
    if worker.returncode:
        jobs.fail(order.job_id, "处理意外中断，原来的版本不受影响。请再试一次；总是这样就运行 wengong doctor 看看。")

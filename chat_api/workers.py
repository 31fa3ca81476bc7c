"""Several processes of the service behind one socket; uvicorn starts them, looks after them and stops them."""

import multiprocessing
import os
import signal
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from socket import socket
from typing import Final

from fastapi import FastAPI
from prometheus_client.multiprocess import mark_process_dead
from threadpoolctl import threadpool_limits
from uvicorn.supervisors import Multiprocess

from chat_api.app import create_app
from chat_api.limits.patient_protocol import ServerConfig
from chat_api.limits.settings import LimitSettings
from chat_api.settings import ServerSettings
from retriever.settings import RetrieverSettings

# Where prometheus-client looks, in each process, for the folder that all write to.
METRICS_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
READY_IN_S: Final = 60


@dataclass(frozen=True, kw_only=True)
class WorkerPlan:
    """What each worker serves; everything here can be sent to another process.

    Attributes:
        settings: What to say, and how many workers there are.
        retriever_settings: Where the index lies.
        limit_settings: How much is too much.
        extend: Puts more into the service; None for nothing.
        folder: Where the workers put their metrics together; None before they are started.
    """

    settings: ServerSettings
    retriever_settings: RetrieverSettings
    limit_settings: LimitSettings
    extend: Callable[[FastAPI], None] | None
    folder: Path | None = None

    def __call__(self) -> FastAPI:
        """Return the service."""
        threadpool_limits(1)
        app = create_app(
            self.settings, self.retriever_settings, limit_settings=self.limit_settings, worker_folder=self.folder
        )
        if self.extend is not None:
            self.extend(app)
        if self.folder is not None:
            _forget_the_dead(self.folder)
            _stop_with_the_parent()
        return app


def serve_with_workers(plan: WorkerPlan, listener: socket, announce: Callable[[], None]) -> None:
    """Serve with several processes until this one is told to stop; one that dies is replaced.

    Args:
        plan: What each of them serves.
        listener: Listens already; all accept from it.
        announce: Called once, when questions can be asked.

    Raises:
        WengongError: Whatever keeps a worker from starting; it is said here once, and not by each of them.
    """
    plan().state.services.database.close()
    with tempfile.TemporaryDirectory(prefix="wengong-workers-") as folder:
        os.environ[METRICS_VARIABLE] = folder  # noqa: TID251 -- what the processes that are started here will read
        config = ServerConfig(replace(plan, folder=Path(folder)), plan.limit_settings, plan.settings.workers)
        _AnnouncingSupervisor(config, listener, announce).run()


class _AnnouncingSupervisor(Multiprocess):
    def __init__(self, config: ServerConfig, listener: socket, on_started: Callable[[], None]) -> None:
        super().__init__(config, [listener])
        self._on_started = on_started

    def init_processes(self) -> None:
        super().init_processes()
        if all(process.wait_until_ready(READY_IN_S) for process in self.processes):
            self._on_started()


def _stop_with_the_parent() -> None:
    """Stop as if told to when the process that looks after this one is gone: nobody could stop or replace it later."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        # Ends however the parent ended, also by kill -9: the system closes what both hold.
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="parent-watch", daemon=True).start()


def _forget_the_dead(folder: Path) -> None:
    """Let gauges of processes that were killed count no longer."""
    for path in folder.glob("gauge_live*_*.db"):
        number = path.stem.rsplit("_", 1)[1]
        with suppress(ValueError, OSError):
            if not Path("/proc", number).exists():
                mark_process_dead(int(number), str(folder))  # type: ignore[no-untyped-call]

"""The retriever that is being served, replaced when another index version is published."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from chat_api.free_memory import give_back_memory
from corpus.errors import IndexProblem
from retriever.encoder import Encoder
from retriever.pipeline import Retriever
from retriever.publish import CURRENT_NAME

CHECKED_EVERY_S = 1.0


class LiveRetriever:
    """Gives the retriever of the published version; opens a newly published one within about a second.

    A version that cannot be opened never replaces one that is being served. `on_opened` is called with the name of each
    version that is, `on_refused` with the code of what keeps one from being opened.

    Attributes:
        encoder: Opens every version.
    """

    def __init__(
        self,
        index_folder: Path,
        encoder: Encoder,
        logger: structlog.typing.FilteringBoundLogger,
        on_opened: Callable[[str], None],
        on_refused: Callable[[str], object] = lambda _code: None,
    ) -> None:
        self._index_folder = index_folder
        self.encoder = encoder
        self._logger = logger
        self._on_opened = on_opened
        self._on_refused = on_refused
        self._lock = threading.Lock()
        self._retriever: Retriever | None = None
        self._seen: tuple[int, int] | None = None
        self._checked_at_s = 0.0

    def get(self) -> Retriever:
        """Return the retriever to answer with.

        Raises:
            IndexProblem: If no version could be opened so far, saying why.
        """
        current = self._retriever
        if current is not None and time.monotonic() - self._checked_at_s < CHECKED_EVERY_S:
            return current
        with self._lock:
            return self._reopened()

    def _reopened(self) -> Retriever:
        self._checked_at_s = time.monotonic()
        seen = self._published_state()
        if self._retriever is not None and seen == self._seen:
            return self._retriever
        try:
            self._retriever = Retriever.open_current(self._index_folder, self.encoder)
        except IndexProblem as error:
            self._logger.warning("index not opened", code=error.code, detail=error.message)
            self._on_refused(error.code)
            if self._retriever is None:
                raise
        else:
            give_back_memory()
            version = self._retriever.index.manifest.version
            self._logger.info("index opened", version=version)
            self._on_opened(version)
        self._seen = seen
        return self._retriever

    def _published_state(self) -> tuple[int, int] | None:
        """Return what changes whenever a version is published, or None when there is none."""
        try:
            found = (self._index_folder / CURRENT_NAME).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino

"""So many answers at once, so many questions waiting, and none of them for long."""

import asyncio
import time
from types import TracebackType
from typing import Final

from chat_api.limits.settings import LimitSettings
from chat_api.observability import Metrics
from corpus.limit_errors import Overloaded

# Who was let in should get an answer: not so many are that the last of them would just run out of time.
EXPECTED_SHARE: Final = 0.5
MEAN_WEIGHT: Final = 0.1
MESSAGE: Final = "现在提问的人太多，请过几秒再试一次。"


class AnswerSlots:
    """What `async with` holds for the time of an answer.

    A search keeps a processor busy: more of them at once finish no sooner, and keep short requests waiting. A question
    that would wait for long is turned away at once, while the person can still be told so; how long that would be,
    the time that the last answers took says.
    """

    def __init__(self, settings: LimitSettings, metrics: Metrics) -> None:
        self._free = asyncio.Semaphore(settings.answers_at_once)
        self._queue = settings.answer_queue
        self._longest_wait_s = settings.answer_wait_s
        self._waiting = 0
        self._metrics = metrics
        self._at_once = settings.answers_at_once
        self._started_s: dict[asyncio.Task[object] | None, float] = {}
        # Of an answer; the newest counts most.
        self._mean_s = 0.0

    @property
    def is_full(self) -> bool:
        """Whether one more question would be turned away."""
        expected_s = self._waiting * self._mean_s / self._at_once
        return self._waiting >= self._queue or expected_s > EXPECTED_SHARE * self._longest_wait_s

    def turn_away(self) -> Overloaded:
        """Return the error for a question that finds all full, and count it."""
        self._metrics.refused.labels("queue_full").inc()
        return Overloaded(MESSAGE)

    async def __aenter__(self) -> None:
        """Wait for a slot.

        Raises:
            Overloaded: If there is none, and no sense in waiting.
        """
        if self._free.locked():
            await self._wait()
        else:
            await self._free.acquire()
        self._started_s[asyncio.current_task()] = time.monotonic()
        self._metrics.answers_running.inc()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the slot back."""
        self._metrics.answers_running.dec()
        # Cut off, so that one answer that hung is soon forgotten.
        took_s = min(time.monotonic() - self._started_s.pop(asyncio.current_task()), self._longest_wait_s)
        self._mean_s += (MEAN_WEIGHT if self._mean_s else 1.0) * (took_s - self._mean_s)
        self._free.release()

    async def _wait(self) -> None:
        if self.is_full:
            raise self.turn_away()
        self._waiting += 1
        self._metrics.answers_waiting.inc()
        try:
            async with asyncio.timeout(self._longest_wait_s):
                await self._free.acquire()
        except TimeoutError:
            self._metrics.refused.labels("waited_too_long").inc()
            raise Overloaded(MESSAGE) from None
        finally:
            self._waiting -= 1
            self._metrics.answers_waiting.dec()

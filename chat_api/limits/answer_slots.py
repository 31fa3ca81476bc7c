"""So many answers at once, so many questions waiting, and none of them for long."""

import asyncio
from types import TracebackType

from chat_api.limits.settings import LimitSettings
from chat_api.observability import Metrics
from corpus.limit_errors import Overloaded

MESSAGE = "现在提问的人太多，请过几秒再试一次。"


class AnswerSlots:
    """What `async with` holds for the time of an answer.

    A search keeps a processor busy: more of them at once finish no sooner, and keep short requests waiting. A question
    that would wait for long is turned away at once, while the person can still be told so.
    """

    def __init__(self, settings: LimitSettings, metrics: Metrics) -> None:
        self._free = asyncio.Semaphore(settings.answers_at_once)
        self._queue = settings.answer_queue
        self._longest_wait_s = settings.answer_wait_s
        self._waiting = 0
        self._metrics = metrics

    async def __aenter__(self) -> None:
        """Wait for a slot.

        Raises:
            Overloaded: If there is none, and no sense in waiting.
        """
        if self._free.locked():
            await self._wait()
        else:
            await self._free.acquire()
        self._metrics.answers_running.inc()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the slot back."""
        self._metrics.answers_running.dec()
        self._free.release()

    async def _wait(self) -> None:
        if self._waiting >= self._queue:
            self._metrics.refused.labels("queue_full").inc()
            raise Overloaded(MESSAGE)
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

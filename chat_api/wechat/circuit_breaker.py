"""After many failures in a short time, stop asking for a while."""

import time
from collections import deque
from collections.abc import Callable

MAX_FAILURES = 5
WITHIN_S = 30.0
PAUSE_S = 30.0


class CircuitBreaker:
    """Opens after five failures within thirty seconds, and stays open for thirty.

    When the pause is over one more failure opens it again; a success forgets all failures. `now_s` is a clock that
    never goes back.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._failures_s: deque[float] = deque(maxlen=MAX_FAILURES)
        self._opened_at_s: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing should be asked now."""
        return self._opened_at_s is not None and self._now_s() - self._opened_at_s < PAUSE_S

    def succeeded(self) -> None:
        """Note a success."""
        self._failures_s.clear()
        self._opened_at_s = None

    def failed(self) -> None:
        """Note a failure."""
        now_s = self._now_s()
        self._failures_s.append(now_s)
        many = len(self._failures_s) == MAX_FAILURES and now_s - self._failures_s[0] <= WITHIN_S
        if many or self._opened_at_s is not None:
            self._opened_at_s = now_s

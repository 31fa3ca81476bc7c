"""How long each step of an answer takes, for whoever asks to know; nobody else pays for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import perf_counter

_watched: ContextVar[dict[str, float] | None] = ContextVar("watched", default=None)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Add the time spent inside to the step's milliseconds, when somebody around it watches."""
    milliseconds = _watched.get()
    if milliseconds is None:
        yield
        return
    started = perf_counter()
    try:
        yield
    finally:
        milliseconds[name] = milliseconds.get(name, 0.0) + (perf_counter() - started) * 1000


@contextmanager
def watched_steps() -> Iterator[dict[str, float]]:
    """Give the milliseconds of each step that is done inside, by name; a step done twice counts both times."""
    milliseconds: dict[str, float] = {}
    token = _watched.set(milliseconds)
    try:
        yield milliseconds
    finally:
        _watched.reset(token)

"""How long work says how far it has come."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, and how many there are."""


def silent(_doing: str, _done: int, _total: int) -> None:
    """Say nothing."""

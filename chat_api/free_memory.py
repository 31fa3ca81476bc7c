"""Memory that was needed for a moment only."""

import ctypes
from contextlib import suppress


def give_back_memory() -> None:
    """Give freed memory back to the system where the C library can be told to; elsewhere nothing happens.

    Opening an index needs more memory than keeping it, and glibc keeps what is freed in small pieces.
    Source: malloc_trim(3), the Linux manual pages.
    """
    with suppress(OSError, AttributeError):  # no glibc
        ctypes.CDLL(None).malloc_trim(0)

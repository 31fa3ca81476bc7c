"""Token buckets in one small file that all processes on a data folder map into memory."""

import fcntl
import mmap
import os
import secrets
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from chat_api.limits.buckets import Rate, digest, taken

# Its own checksum, the tokens that were left, and when, in seconds since 1970.
SLOT: Final = struct.Struct("<8sdd")
EMPTY: Final = bytes(8)
SALT_BYTES: Final = 16
SETS: Final = 4096
SLOTS_A_SET: Final = 8
FILE_BYTES: Final = SALT_BYTES + SETS * SLOTS_A_SET * SLOT.size
# A process that holds the lock may be kept from the processor for a while on a busy machine.
LOCK_TRIES: Final = 500
LOCK_PAUSE_S: Final = 0.0001


class SharedBuckets:
    """Buckets of fixed room: 32,768 of them in 768 KB, however many addresses somebody makes up.

    Where all slots for a name are taken, the one not used for the longest time is forgotten: a caller may then ask a
    little more often, never less. A file that cannot be made is replaced by memory of this process alone.
    """

    def __init__(self, path: Path, now_s: Callable[[], float] = time.time) -> None:
        self._now_s = now_s
        self._descriptor: int | None = None
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._table = self._mapped(self._descriptor)
        except OSError:
            self.close_file()
            self._table = mmap.mmap(-1, FILE_BYTES)
        self._salt = bytes(self._table[:SALT_BYTES])

    @property
    def is_shared(self) -> bool:
        """Whether other processes see the same buckets."""
        return self._descriptor is not None

    async def take(self, name: str, rate: Rate) -> float:
        """Return 0.0 after taking a token, or the seconds until there is one."""
        key = digest(name, 8, self._salt)
        with self._lock() as is_locked:
            # Another process that was stopped while it wrote must not stop this one, too.
            return self._take(key, rate) if is_locked else 0.0

    def close_file(self) -> None:
        """Give the file back; the buckets can still be used, by this process alone."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _take(self, key: bytes, rate: Rate) -> float:
        now_s, offset, tokens, elapsed_s = self._now_s(), 0, float(rate.capacity), 0.0
        first = SALT_BYTES + int.from_bytes(key[:4], "big") % SETS * SLOTS_A_SET * SLOT.size
        oldest_s = float("inf")
        for place in range(first, first + SLOTS_A_SET * SLOT.size, SLOT.size):
            known, left, at_s = SLOT.unpack_from(self._table, place)
            if known == key:
                offset, tokens, elapsed_s = place, left, now_s - at_s
                break
            used_s = at_s if known != EMPTY else 0.0
            if used_s < oldest_s:
                offset, oldest_s = place, used_s
        left, wait_s = taken(tokens, elapsed_s, rate)
        SLOT.pack_into(self._table, offset, key, left, now_s)
        return wait_s

    @contextmanager
    def _lock(self) -> Iterator[bool]:
        if self._descriptor is None:
            yield True
            return
        if not _locked(self._descriptor):
            yield False
            return
        try:
            yield True
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    @staticmethod
    def _mapped(descriptor: int) -> mmap.mmap:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            if os.fstat(descriptor).st_size != FILE_BYTES:
                os.ftruncate(descriptor, 0)
                # Written out, so that a full disk is an error here and no signal later.
                os.pwrite(descriptor, secrets.token_bytes(SALT_BYTES) + bytes(FILE_BYTES - SALT_BYTES), 0)
            return mmap.mmap(descriptor, FILE_BYTES)
        finally:
            fcntl.flock(descriptor, fcntl.LOCK_UN)


def _locked(descriptor: int) -> bool:
    for attempt in range(LOCK_TRIES):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if attempt < LOCK_TRIES - 1:
                time.sleep(LOCK_PAUSE_S)
        else:
            return True
    return False

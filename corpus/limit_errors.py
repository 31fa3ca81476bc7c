"""Requests that are turned away so that the others are served; a branch of the tree in `corpus/errors.py`.

WengongError
  TooManyRequests
    RateLimited           more requests of one key, person or address than are allowed
  ServingError
    Overloaded            more questions at once than are answered in time
    RedisExtraMissing     rate limits in Redis need a package that is not installed
    MachineUnfit          too little room, a wrong clock, or too few files at once
    BackupInvalid         a backup that is not whole, or cannot be put back here
"""

from corpus.access_errors import TooManyRequests
from corpus.errors import ServingError


class RateLimited(TooManyRequests):
    """More requests came from one key, person or address than are allowed.

    Attributes:
        retry_after_s: When the next one is allowed.
    """

    code = "too_many_requests"

    def __init__(self, message: str, *, retry_after_s: int = 1) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Overloaded(ServingError):
    """More questions wait than can be answered in time."""

    code = "overloaded"


class RedisExtraMissing(ServingError):
    """Rate limits in Redis need the optional package of the extra `redis`."""

    code = "redis_extra_missing"


class MachineUnfit(ServingError):
    """The machine has too little room, a wrong clock, or lets too few files be open."""

    code = "machine_unfit"


class BackupInvalid(ServingError):
    """A backup that is not whole, or cannot be put back here."""

    code = "backup_invalid"

"""Token buckets: so many requests a minute, and a handful at once."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, Protocol

LEAST_BURST: Final = 20
SECONDS_OF_BURST: Final = 10


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast a bucket fills.

    Attributes:
        per_minute: Tokens that are added in a minute.
    """

    per_minute: int

    @property
    def capacity(self) -> int:
        """Tokens of a full bucket: what ten seconds bring, and 20 at the least."""
        return max(LEAST_BURST, self.per_minute * SECONDS_OF_BURST // 60)

    @property
    def per_second(self) -> float:
        """Tokens that are added in a second."""
        return self.per_minute / 60


class Buckets(Protocol):
    """Buckets by name; a name that was never seen has a full one."""

    async def take(self, name: str, rate: Rate) -> float:
        """Return 0.0 after taking a token, or the seconds until there is one."""


def taken(tokens: float, elapsed_s: float, rate: Rate) -> tuple[float, float]:
    """Return what is left of so many tokens after some seconds and one request, and the seconds that it has to wait.

    A clock that went back counts as no time at all.
    """
    tokens = min(rate.capacity, tokens + max(0.0, elapsed_s) * rate.per_second)
    return (tokens - 1, 0.0) if tokens >= 1 else (tokens, (1 - tokens) / rate.per_second)


def digest(name: str, size: int, salt: bytes = b"") -> bytes:
    """Return a checksum that stands for a name, so that neither a file nor Redis holds an address or an openid."""
    return blake2b(name.encode("utf-8", "replace"), digest_size=size, key=salt).digest()

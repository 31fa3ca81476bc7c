"""Decides whether one more request of a key, a person or an address is too many."""

import math
import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Final, Literal

import structlog

from chat_api.limits.buckets import Rate
from chat_api.limits.redis_buckets import RedisBuckets
from chat_api.limits.settings import LimitSettings
from chat_api.limits.shared_buckets import SharedBuckets
from corpus.limit_errors import RateLimited

Kind = Literal["key", "user", "address"]
FILE_NAME: Final = "rate-limits.bin"
# While Redis is gone it is asked again this often; the buckets of this machine count meanwhile.
REDIS_AGAIN_S: Final = 5.0
# Whoever owns one address of a network of this size owns them all.
IPV6_NETWORK_BITS: Final = 64


class RateLimits:
    """The limits of one service, shared by all its processes, or by all replicas where there is a Redis.

    `on_event` is called with what happened: `redis_unavailable`, or the kind of a request that was too many.
    """

    def __init__(
        self,
        settings: LimitSettings,
        data_folder: Path,
        logger: structlog.typing.FilteringBoundLogger,
        on_event: Callable[[str], None],
    ) -> None:
        self._rates: dict[Kind, Rate] = {
            "key": Rate(settings.rate_limit_key),
            "user": Rate(settings.rate_limit_user),
            "address": Rate(settings.rate_limit_address),
        }
        self._is_on = settings.rate_limit == "on"
        url = settings.redis_url.get_secret_value()
        self._redis = RedisBuckets(url) if self._is_on and url else None
        self._local = SharedBuckets(data_folder / FILE_NAME) if self._is_on else None
        self._redis_from_s = 0.0
        self._logger = logger
        self._on_event = on_event

    async def admit(self, kind: Kind, who: str) -> None:
        """Return when a request may go on.

        Raises:
            RateLimited: If it may not, with the time after which it may.
        """
        if self._local is None:
            return
        wait_s = await self._wait_s(f"{kind} {network_of(who) if kind == 'address' else who}", self._rates[kind])
        if wait_s:
            self._on_event(kind)
            seconds = math.ceil(wait_s)
            raise RateLimited(f"操作太频繁了，请过 {seconds} 秒再试。", retry_after_s=seconds)

    async def close(self) -> None:
        """Give back connections and file."""
        if self._redis is not None:
            await self._redis.close()
        if self._local is not None:
            self._local.close_file()

    async def _wait_s(self, name: str, rate: Rate) -> float:
        assert self._local is not None  # noqa: S101 -- for the type checker
        if self._redis is not None and time.monotonic() >= self._redis_from_s:
            try:
                return await self._redis.take(name, rate)
            except OSError as error:
                self._redis_from_s = time.monotonic() + REDIS_AGAIN_S
                self._on_event("redis_unavailable")
                self._logger.warning("redis unavailable, counting on this machine", reason=str(error))
        return await self._local.take(name, rate)


def network_of(address: str) -> str:
    """Return what counts as one caller: an IPv4 address, or a network of IPv6 addresses."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return f"{int(parsed) >> (128 - IPV6_NETWORK_BITS):x}/{IPV6_NETWORK_BITS}"

"""Token buckets in Redis, for replicas on several machines."""

from typing import Any, Final

from chat_api.limits.buckets import Rate, digest
from corpus.errors import SettingsInvalid
from corpus.limit_errors import RedisExtraMissing

# A request waits for nothing longer than this, and a missing Redis is asked once.
TIMEOUT_S: Final = 0.25
KEY_PREFIX: Final = "wengong:rate:"
# As `buckets.taken` has it, in one step and by one clock: Redis' own.
TAKE: Final = """
local capacity, per_second = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local known = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local elapsed = math.max(0, now - (tonumber(known[2]) or now))
local tokens = math.min(capacity, (tonumber(known[1]) or capacity) + elapsed * per_second)
local wait = 0
if tokens >= 1 then tokens = tokens - 1 else wait = (1 - tokens) / per_second end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'at', string.format('%.6f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(capacity / per_second * 1000) + 1000)
return string.format('%.6f', wait)
"""


class RedisBuckets:
    """Buckets that every process with the same address of Redis shares; a full one is forgotten by itself."""

    def __init__(self, url: str) -> None:
        try:
            from redis.asyncio import Redis
            from redis.asyncio.retry import Retry
            from redis.backoff import NoBackoff
        except ImportError as error:
            raise RedisExtraMissing("WENGONG_REDIS_URL 需要 Redis 的驱动：pip install 'wengong[redis]'。") from error
        try:
            self._client: Any = Redis.from_url(
                url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, retry=Retry(NoBackoff(), 0)
            )
        except ValueError:
            # Without the cause: it would show the address, which may hold a password.
            raise SettingsInvalid("WENGONG_REDIS_URL 不是 Redis 的地址，应如 redis://127.0.0.1:6379/0。") from None
        self._script = self._client.register_script(TAKE)

    async def take(self, name: str, rate: Rate) -> float:
        """Return 0.0 after taking a token, or the seconds until there is one.

        Raises:
            OSError: If Redis cannot be reached, or answers with an error.
        """
        from redis.exceptions import RedisError

        key = KEY_PREFIX + digest(name, 16).hex()
        try:
            return float(await self._script(keys=[key], args=[rate.capacity, rate.per_second]))
        except (RedisError, TimeoutError) as error:
            raise OSError(type(error).__name__) from error

    async def close(self) -> None:
        """Give back all connections."""
        await self._client.aclose()

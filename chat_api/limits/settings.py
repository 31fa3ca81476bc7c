"""What can be set against too many requests and too slow ones."""

from ipaddress import ip_address, ip_network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _addresses(value: str) -> str:
    for part in _parts(value):
        if part != "*":
            ip_network(part, strict=False)
    return value


class LimitSettings(BaseSettings):
    """Settings of limits, read once from the environment and then frozen."""

    model_config = SettingsConfigDict(env_prefix="WENGONG_", frozen=True, extra="ignore", hide_input_in_errors=True)

    rate_limit: Literal["on", "off"] = Field(default="on", description="是否限制请求的频率；压测时可以 off。")
    rate_limit_address: int = Field(
        default=6000, ge=1, description="同一个地址每分钟最多多少次请求；一个厂区往往共用一个地址，不要设得太小。"
    )
    rate_limit_user: int = Field(default=60, ge=1, description="同一个登录的人每分钟最多提问、反馈多少次。")
    rate_limit_key: int = Field(default=12_000, ge=1, description="同一个密钥每分钟最多多少次请求。")
    redis_url: SecretStr = Field(
        default=SecretStr(""),
        description="频率记在哪个 Redis 里，如 redis://127.0.0.1:6379/0；空为只在本机各进程间共用。",
    )
    trusted_proxies: Annotated[str, AfterValidator(_addresses)] = Field(
        default="127.0.0.1,::1",
        description="哪些反向代理的 X-Forwarded-For 可信，地址或网段，逗号分隔；其他来源的一律不看。",
    )
    answers_at_once: int = Field(default=2, ge=1, le=64, description="一个进程同时答几个问题；处理器有几个核就设几。")
    answer_queue: int = Field(default=256, ge=0, description="一个进程里最多几个问题排队，再多就请对方稍后再试。")
    answer_wait_s: float = Field(default=2.0, gt=0, le=60, description="一个问题最多排队几秒。")
    max_connections: int = Field(default=4000, ge=10, description="一个进程最多接受多少个连接。")
    max_connections_per_address: int = Field(
        default=1000,
        ge=1,
        description="其中同一个地址最多多少个；反向代理替许多人连接，WENGONG_TRUSTED_PROXIES 里的地址不算。",
    )
    request_timeout_s: float = Field(
        default=15.0, gt=0, le=300, description="请求头最多用几秒发完；请求内容每过这么久至少要有每秒 1 KB。"
    )

    def trusts(self, address: str) -> bool:
        """Return whether an address is that of a reverse proxy, which speaks for many people."""
        parts = _parts(self.trusted_proxies)
        try:
            asked = ip_address(address.partition("%")[0])
        except ValueError:
            return "*" in parts
        asked = getattr(asked, "ipv4_mapped", None) or asked
        return any(part == "*" or asked in ip_network(part, strict=False) for part in parts)

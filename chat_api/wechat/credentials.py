"""Who the service is at WeChat."""

from dataclasses import dataclass

import structlog
from pydantic import SecretStr

from chat_api.wechat.platform import BUSY
from corpus.access_errors import WeChatUnavailable

# appid or secret wrong, missing, not allowed from this address, or the address waits for its owner's consent.
MISCONFIGURED = {
    40013: "检查 appid/secret",
    40125: "检查 appid/secret",
    41002: "检查 appid/secret",
    41004: "检查 appid/secret",
    40164: "把本机公网 IP 加入后台的 IP 白名单",
    89503: "请管理员在微信里确认本机的 IP",
    48001: "账号没有这个接口的权限",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The appid and secret of one app."""

    appid: str
    secret: SecretStr
    logger: structlog.typing.FilteringBoundLogger

    def fields(self) -> dict[str, str]:
        """Return what WeChat wants to know of the service."""
        return {"appid": self.appid, "secret": self.secret.get_secret_value()}

    def refused(self, code: int) -> WeChatUnavailable:
        """Return the error for a code that is no user's fault, once it is logged for the operator."""
        if code in MISCONFIGURED:
            self.logger.critical("wechat refuses this service", errcode=code, detail=MISCONFIGURED[code])
        else:
            self.logger.warning("wechat call failed", errcode=code)
        return WeChatUnavailable(BUSY)

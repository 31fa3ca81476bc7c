"""The login of a mini-program: a code of WeChat's becomes a token of ours."""

from typing import Final

from chat_api.wechat.credentials import Credentials
from chat_api.wechat.platform import WeChatPlatform, error_code
from corpus.access_errors import WeChatCodeInvalid, WeChatTooManyRequests, WeChatUserBlocked
from corpus.errors import WengongError

LOGIN_LIMIT_S: Final = 3.0
# A person must have used the mini-program within two hours for the content check to know the openid.
SESSION_LIFETIME_S: Final = 7200
LOGIN_EXPIRED: Final = "登录已过期，请重新打开小程序。"
# What a code is, beside what no user can help.
USER_ERRORS: Final[dict[int, tuple[type[WengongError], str]]] = {
    40029: (WeChatCodeInvalid, LOGIN_EXPIRED),
    40163: (WeChatCodeInvalid, LOGIN_EXPIRED),
    40226: (WeChatUserBlocked, "该微信账号暂时无法使用本服务。"),
    45011: (WeChatTooManyRequests, "操作太频繁，请稍后再试。"),
}


class Login:
    """Finds out who holds a login code."""

    def __init__(self, platform: WeChatPlatform, credentials: Credentials) -> None:
        self._platform = platform
        self._credentials = credentials

    async def openid_of(self, code: str) -> str:
        """Return the openid of the person to whom WeChat gave a code.

        Raises:
            WeChatCodeInvalid: If the code is unknown, used up or expired.
            WeChatUserBlocked: If WeChat holds the person for a risk.
            WeChatTooManyRequests: If the person logs in too often.
            WeChatUnavailable: If WeChat cannot say.
        """
        parameters = {**self._credentials.fields(), "js_code": code, "grant_type": "authorization_code"}
        reply = await self._platform.get("/sns/jscode2session", parameters, LOGIN_LIMIT_S)
        failed, openid = error_code(reply), reply.get("openid")
        if failed in USER_ERRORS:
            kind, message = USER_ERRORS[failed]
            raise kind(message)
        if failed or not isinstance(openid, str) or not openid:
            raise self._credentials.refused(failed)
        # The reply's session_key is dropped here: this service decrypts nothing.
        return openid

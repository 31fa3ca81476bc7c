"""Builds what a mini-program and an official account need, out of settings."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from chat_api.settings import Auth
from chat_api.state import MessageStore
from chat_api.wechat.access_token import AccessTokens
from chat_api.wechat.blocked_words import BlockedWords
from chat_api.wechat.callback import CallbackSeal
from chat_api.wechat.content_check import ContentCheck, Verdict, refuse_blocked
from chat_api.wechat.credentials import Credentials
from chat_api.wechat.crypt import MessageCipher
from chat_api.wechat.login import Login
from chat_api.wechat.official_account import OfficialAccount
from chat_api.wechat.platform import Transport, WeChatPlatform
from chat_api.wechat.settings import CLOUDRUN_API, WECHAT_API, WeChatSettings
from corpus.access_errors import WeChatExtraMissing
from corpus.errors import SettingsInvalid


@dataclass(frozen=True, slots=True, kw_only=True)
class WeChatServices:
    """The parts of a mini-program's backend.

    Attributes:
        platform: WeChat's servers.
        login: Turns codes into openids; None in WeChat's own cloud, where nobody logs in.
        content_check: None when it is switched off.
        blocked_words: Words that are refused before WeChat is asked.
        count: Called with the outcome of each check.
    """

    platform: WeChatPlatform
    login: Login | None
    content_check: ContentCheck | None
    blocked_words: BlockedWords
    count: Callable[[str], None]

    async def check(self, text: str, openid: str, earlier: list[str] | None = None) -> Verdict | None:
        """Return what is thought of a person's text; None when the check is off.

        Args:
            text: What was typed now.
            openid: Who typed it.
            earlier: What was typed before, and has been checked then; looked at for blocked words only.

        Raises:
            QuestionRejected: If it must not be searched for.
            NotLoggedIn: If the person must log in again.
            ContentCheckUnavailable: If it cannot be checked, and such texts are to be refused.
        """
        refuse_blocked(self.blocked_words, [text, *(earlier or [])], self.count)
        return await self.content_check.check(text, openid) if self.content_check else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialAccountServices:
    """The parts of an official account."""

    seal: CallbackSeal
    account: OfficialAccount


def build_official_account(settings: WeChatSettings, messages: MessageStore) -> OfficialAccountServices | None:
    """Return the parts, or None when no token is set.

    Raises:
        SettingsInvalid: If what the secure mode needs is missing or wrong.
    """
    token = settings.wechat_mp_token.get_secret_value()
    if not token:
        return None
    cipher = None
    if settings.wechat_mp_mode == "aes":
        if not settings.wechat_mp_appid:
            raise SettingsInvalid("公众号的安全模式需要 WENGONG_WECHAT_MP_APPID，在公众号后台的“基本配置”里查到。")
        cipher = MessageCipher(settings.wechat_mp_aes_key.get_secret_value(), settings.wechat_mp_appid)
    words = BlockedWords(settings.blocked_words)
    return OfficialAccountServices(
        seal=CallbackSeal(token, cipher),
        account=OfficialAccount(messages, settings.wechat_mp_welcome, words, token.encode()),
    )


def build_wechat(
    auth: Auth,
    settings: WeChatSettings,
    logger: structlog.typing.FilteringBoundLogger,
    count: Callable[[str], None],
) -> WeChatServices | None:
    """Return the parts for a way to ask, or None when it has nothing to do with WeChat.

    Raises:
        SettingsInvalid: If a setting is missing, or would trust what anybody can send.
    """
    if auth not in {"wechat", "cloudrun"}:
        return None
    check_settings(auth, settings)
    is_cloudrun = auth == "cloudrun"
    address = CLOUDRUN_API if is_cloudrun and settings.wechat_api == WECHAT_API else settings.wechat_api
    platform = WeChatPlatform(address, _transport())
    credentials = Credentials(appid=settings.wechat_appid, secret=settings.wechat_secret, logger=logger)
    check = ContentCheck(
        platform,
        None if is_cloudrun else AccessTokens(platform, credentials),
        credentials,
        refuses_when_down=settings.wechat_check_down == "refuse",
        count=count,
    )
    return WeChatServices(
        platform=platform,
        login=None if is_cloudrun else Login(platform, credentials),
        content_check=check if settings.wechat_content_check == "on" else None,
        blocked_words=BlockedWords(settings.blocked_words),
        count=count,
    )


def _transport() -> Transport:
    try:
        from chat_api.wechat.transport import HttpTransport
    except ImportError as error:
        raise WeChatExtraMissing("接微信需要可选依赖，请运行：pip install 'wengong[wechat]'") from error
    return HttpTransport()


def check_settings(auth: Auth, settings: WeChatSettings) -> None:
    """Return when a way to ask has the settings of WeChat that it needs.

    Raises:
        SettingsInvalid: If one is missing, or would trust what anybody can send.
    """
    if auth == "cloudrun" and not settings.wechat_trust_headers:
        raise SettingsInvalid(
            "WENGONG_AUTH=cloudrun 只能用在微信云托管里：请先关闭公网访问，再设 WENGONG_WECHAT_TRUST_HEADERS=true。"
        )
    if auth == "wechat" and settings.wechat_api == CLOUDRUN_API:
        raise SettingsInvalid("WENGONG_WECHAT_API 必须是 https 地址，否则 secret 会明文传输。")
    if auth == "wechat" and not (settings.wechat_appid and settings.wechat_secret.get_secret_value()):
        raise SettingsInvalid(
            "WENGONG_AUTH=wechat 需要 WENGONG_WECHAT_APPID 和 WENGONG_WECHAT_SECRET，在小程序后台的“开发设置”里查到。"
        )

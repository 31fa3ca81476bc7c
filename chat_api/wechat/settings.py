"""What can be set for WeChat."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

WECHAT_API = "https://api.weixin.qq.com"
# Inside WeChat's own cloud, where the platform adds the credentials (and encrypts) by itself.
CLOUDRUN_API = "http://api.weixin.qq.com"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
DEFAULT_WELCOME = "您好，这里是工会手册查询。直接发来想查的事，例如“农民工怎么提升学历”，就能看到手册原文和出处。"
NO_SECRET = SecretStr("")


def _safe_address(address: str) -> str:
    parts = urlsplit(address)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not (is_safe or address == CLOUDRUN_API) or not parts.hostname or parts.query:
        raise ValueError("the secret would travel unencrypted")
    return address.rstrip("/")


class WeChatSettings(BaseSettings):
    """Settings of everything WeChat, read once from the environment and then frozen; secrets never show in its repr."""

    model_config = SettingsConfigDict(env_prefix="WENGONG_", frozen=True, extra="ignore", hide_input_in_errors=True)

    wechat_appid: str = Field(default="", max_length=64, description="小程序的 appid。")
    wechat_secret: SecretStr = Field(default=NO_SECRET, description="小程序的 secret，只放在服务器上。")
    wechat_api: Annotated[str, AfterValidator(_safe_address)] = Field(
        default=WECHAT_API, description="微信服务器地址；换成本机的仿真平台可离线调试，除本机外必须是 https。"
    )
    wechat_trust_headers: bool = Field(
        default=False, description="是否相信 X-WX-OPENID 等请求头；只在云托管且关闭公网访问时设为 true。"
    )
    wechat_content_check: Literal["on", "off"] = Field(
        default="on", description="提问前是否先经微信内容安全检测（msgSecCheck）。"
    )
    wechat_check_down: Literal["answer_unlogged", "refuse"] = Field(
        default="answer_unlogged", description="检测服务不可用时：answer_unlogged 照常查手册；refuse 暂不回答。"
    )
    blocked_words: tuple[str, ...] = Field(
        default=(), description="本地屏蔽词，JSON 数组，加在随附的几个之外；含有的问题不查。"
    )
    wechat_mp_appid: str = Field(default="", max_length=64, description="公众号的 appid。")
    wechat_mp_token: SecretStr = Field(
        default=NO_SECRET, description="公众号后台“服务器配置”里的 Token；空为不接公众号。"
    )
    wechat_mp_aes_key: SecretStr = Field(default=NO_SECRET, description="公众号的 EncodingAESKey，43 个字符。")
    wechat_mp_mode: Literal["aes", "plain"] = Field(
        default="aes", description="公众号消息：aes 安全模式；plain 明文模式。"
    )
    wechat_mp_welcome: str = Field(
        default=DEFAULT_WELCOME, max_length=500, description="关注公众号、点菜单后的欢迎语。"
    )

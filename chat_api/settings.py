"""What can be set for serving."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_CONTACT = "可以问问您单位的工会，或拨打 12351 职工服务热线。"
DEFAULT_URGENT_CONTACT = (
    "如果您或身边的人正有危险，请马上拨打 110 或 120；心里难受、想找人说说，可拨打 12356 心理援助热线；"
    "受了工伤、遇到骚扰，可拨打 12351 职工服务热线。"
)
# Scheme, host and port alone: with a path behind it, no browser would ever find it equal.
ORIGIN = r"^(\*|https?://[A-Za-z0-9.*\-\[\]:]+)$"
MIN_API_KEY_CHARACTERS = 24
Auth = Literal["none", "api_key", "wechat", "cloudrun"]


class ServerSettings(BaseSettings):
    """Settings of the web service, read once from the environment and then frozen."""

    model_config = SettingsConfigDict(env_prefix="WENGONG_", frozen=True, extra="ignore", hide_input_in_errors=True)

    host: str = Field(default="127.0.0.1", description="监听地址；只给本机用时不要改。")
    port: int = Field(default=8000, ge=0, le=65535, description="监听端口；0 表示任选一个空闲端口。")
    workers: int = Field(default=1, ge=1, le=64, description="几个进程一起服务；处理器有几个核就设几。")
    contact: str = Field(default=DEFAULT_CONTACT, max_length=500, description="手册没有答案时告诉职工去问谁。")
    allowed_origins: tuple[Annotated[str, Field(pattern=ORIGIN)], ...] = Field(
        default=(),
        description='允许放问答小窗、跨域调用接口的网站，JSON 数组，如 ["https://example.com"]；默认一个也不允许。',
    )
    # Not shown: it may hold a password.
    database_url: str = Field(
        default="", repr=False, description="反馈存放的数据库，SQLAlchemy 地址；空为数据文件夹里的 SQLite 文件。"
    )
    urgent_contact: str = Field(
        default=DEFAULT_URGENT_CONTACT,
        max_length=500,
        description="问题里有轻生、受伤、骚扰等字眼时告诉职工去问谁；空为不说。",
    )
    auth: Auth = Field(
        default="none",
        description="谁可以提问：none 不限；api_key 带密钥的程序；wechat 小程序登录的人；cloudrun 微信云托管。",
    )
    question_log: bool = Field(
        default=False, description="是否记下职工问的话（先遮去个人信息，只记到日），供控制台整理未答问题；默认不记。"
    )
    question_log_days: int = Field(default=30, ge=1, le=180, description="问题记录保留几天，到期自动删除。")
    api_keys: tuple[Annotated[SecretStr, Field(min_length=MIN_API_KEY_CHARACTERS)], ...] = Field(
        default=(), description="程序提问用的密钥，JSON 数组，每个至少 24 个字符；none 以外的方式都可用。"
    )

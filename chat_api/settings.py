"""What can be set for serving."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_CONTACT = "可以问问您单位的工会，或拨打 12351 职工服务热线。"


class ServerSettings(BaseSettings):
    """Settings of the web service, read once from the environment and then frozen."""

    model_config = SettingsConfigDict(env_prefix="WENGONG_", frozen=True, extra="ignore")

    host: str = Field(default="127.0.0.1", description="监听地址；只给本机用时不要改。")
    port: int = Field(default=8000, ge=0, le=65535, description="监听端口；0 表示任选一个空闲端口。")
    contact: str = Field(default=DEFAULT_CONTACT, max_length=500, description="手册没有答案时告诉职工去问谁。")
    allowed_origins: tuple[str, ...] = Field(
        default=(), description='允许跨域调用接口的网站，JSON 数组，如 ["https://example.com"]；默认一个也不允许。'
    )
    database_url: str = Field(
        default="", description="反馈存放的数据库，SQLAlchemy 地址；空为数据文件夹里的 SQLite 文件。"
    )

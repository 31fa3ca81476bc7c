"""What can be set for searching: where the data lies and which encoder is used."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

_REPOSITORY = Path(__file__).resolve().parent.parent


def default_data_folder() -> Path:
    """Return `data/` beside the code when running from a checkout, else a folder in the user's home."""
    if (_REPOSITORY / "pyproject.toml").is_file():
        return _REPOSITORY / "data"
    return Path.home() / ".local" / "share" / "wengong"


class RetrieverSettings(BaseSettings):
    """Settings of the retriever, read once from the environment and then frozen."""

    model_config = SettingsConfigDict(env_prefix="WENGONG_", frozen=True, extra="ignore")

    data: Path = Field(
        default_factory=default_data_folder, description="数据文件夹：索引的各个版本、反馈数据库、自己添加的手册。"
    )
    encoder: str = Field(
        default="",
        description="向量模型：空为随附的静态模型；否则为 sentence-transformers 模型的文件夹或名称。",
    )

    @property
    def index_folder(self) -> Path:
        """Where index versions are published."""
        return self.data / "index"

    @property
    def handbooks_folder(self) -> Path:
        """Where handbooks that are not shipped with the program are kept."""
        return self.data / "handbooks"

"""What can be set for searching: where the data lies and which encoder is used."""

from pathlib import Path
from typing import TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from corpus.errors import SettingsInvalid

_REPOSITORY = Path(__file__).resolve().parent.parent
Settings = TypeVar("Settings", bound=BaseSettings)


def default_data_folder() -> Path:
    """Return `data/` beside the code when running from a checkout, else a folder in the user's home."""
    if (_REPOSITORY / "pyproject.toml").is_file():
        return _REPOSITORY / "data"
    return Path.home() / ".local" / "share" / "wengong"


class RetrieverSettings(BaseSettings):
    """Settings of the retriever, read once from the environment and then frozen."""

    model_config = SettingsConfigDict(env_prefix="WENGONG_", frozen=True, extra="ignore", hide_input_in_errors=True)

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

    @property
    def new_handbooks_folder(self) -> Path:
        """Where an added handbook goes: beside the shipped ones in a checkout whose data folder nobody named."""
        shipped = _REPOSITORY / "corpus" / "handbooks"
        is_checkout = (_REPOSITORY / "pyproject.toml").is_file() and "data" not in self.model_fields_set
        return shipped if is_checkout else self.handbooks_folder


def read_settings(kind: type[Settings]) -> Settings:
    """Return the settings that the environment gives.

    Raises:
        SettingsInvalid: If a variable has a value that cannot be used, naming it where it is known.
    """
    try:
        return kind()
    except ValidationError as error:
        name = f"WENGONG_{error.errors()[0]['loc'][0]}".upper()
        raise SettingsInvalid(f"环境变量 {name} 的值不对，请改正或去掉它。") from error
    except SettingsError as error:
        raise SettingsInvalid(f"环境变量的值不对，应是 JSON 的地方不是 JSON（{error}）。") from error

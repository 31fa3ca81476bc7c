"""What can be set for the console."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

import eval as evals

DEFAULT_GATES = Path(evals.__file__).resolve().parent / "gates.toml"


class ConsoleSettings(BaseSettings):
    """Settings of the console, read once from the environment and then frozen."""

    model_config = SettingsConfigDict(env_prefix="WENGONG_", frozen=True, extra="ignore", hide_input_in_errors=True)

    console_dataset: str = Field(default="worker-questions", description="“评测”用哪个评测集：名称，或文件夹的路径。")
    console_gates: Path = Field(default=DEFAULT_GATES, description="“评测”要达到的门槛，TOML 文件。")

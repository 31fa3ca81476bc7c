"""The health check of the container, against a running service."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chat_api import create_app
from chat_api.settings import ServerSettings
from retriever.settings import RetrieverSettings

READY = Path(__file__).resolve().parents[3] / "deploy" / "ready.py"


def ends(address: str) -> int:
    port = address.rsplit(":", 1)[1]
    return subprocess.run([sys.executable, READY], env={"WENGONG_PORT": port}, check=False).returncode


def test_a_service_that_can_answer_is_healthy(serve: Callable[[Any], str], small_data: Path) -> None:
    assert ends(serve(create_app(ServerSettings(), RetrieverSettings(data=small_data)))) == 0


def test_a_service_without_an_index_and_none_at_all_are_not(serve: Callable[[Any], str], tmp_path: Path) -> None:
    assert ends(serve(create_app(ServerSettings(), RetrieverSettings(data=tmp_path)))) == 1
    assert ends("http://127.0.0.1:1") == 1

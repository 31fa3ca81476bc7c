"""The packages of the extra `wechat` are needed only where WeChat is set up, and then their lack is said."""

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[4]
START_WITHOUT_THEM = """
import sys
sys.modules.update({"httpx": None, "cryptography": None, "cryptography.hazmat": None})
from chat_api import create_app
from corpus.errors import WengongError
try:
    create_app()
except WengongError as error:
    print(error.code, error.message)
else:
    print("started")
"""
MP = {"WENGONG_WECHAT_MP_TOKEN": "t", "WENGONG_WECHAT_MP_APPID": "wx1", "WENGONG_WECHAT_MP_AES_KEY": "A" * 43}
APP = {"WENGONG_AUTH": "wechat", "WENGONG_WECHAT_APPID": "wx1", "WENGONG_WECHAT_SECRET": "s"}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "started"),
        ({"WENGONG_AUTH": "api_key", "WENGONG_API_KEYS": '["key-of-the-union-backend-0001"]'}, "started"),
        ({**MP, "WENGONG_WECHAT_MP_MODE": "plain"}, "started"),
        (MP, "wechat_extra_missing"),
        (APP, "wechat_extra_missing"),
    ],
    ids=["none", "api-key", "plain-account", "account", "mini-program"],
)
def test_the_extra_is_asked_for_by_name_and_only_where_it_is_needed(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], expected: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    command = [sys.executable, "-c", START_WITHOUT_THEM]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.startswith(expected)
    assert expected == "started" or "wengong[wechat]" in done.stdout

"""The example mini-program: its own tests, and the whole chain page → HTTP → `wengong serve` → fake WeChat.

Skipped where Node.js is not installed; `.ci/run` installs it and then nothing is skipped.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.wechat_fake import APPID, SECRET

REPOSITORY = Path(__file__).resolve().parents[2]
PROJECT = REPOSITORY / "examples" / "miniprogram"
LIMIT_S = 120
pytestmark = [
    pytest.mark.xdist_group("miniprogram"),
    pytest.mark.skipif(
        shutil.which("node") is None, reason="Node.js 20.19 or later is not installed (apt: nodejs npm)"
    ),
    pytest.mark.skipif(
        shutil.which("node") is not None and not (PROJECT / "node_modules" / "jsdom").is_dir(),
        reason="the mini-program's test packages are not installed: make miniprogram",
    ),
]


def node(*files: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", "--test", "--test-reporter", "spec", *files],
        cwd=PROJECT,
        env={**os.environ, **environment},  # noqa: TID251 -- Node needs its own, such as PATH
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


@contextmanager
def running(command: list[str], announcement: str) -> Iterator[tuple[str, list[str]]]:
    """Run a program until its line that matches; give the address in it and all that it goes on to say."""
    with subprocess.Popen(
        [sys.executable, *command], cwd=REPOSITORY, stdout=-1, stderr=subprocess.STDOUT, text=True
    ) as process:
        said: list[str] = []
        assert process.stdout is not None
        address = None
        while address is None and (line := process.stdout.readline()):
            said.append(line)
            address = re.search(announcement, line)
        assert address, "".join(said)
        reader = threading.Thread(target=lambda: said.extend(process.stdout or []))
        reader.start()
        try:
            yield address[1], said
        finally:
            process.terminate()
            process.wait(30)
            reader.join(10)


def test_the_mini_programs_own_tests_pass() -> None:
    done = node(*sorted(str(path.relative_to(PROJECT)) for path in (PROJECT / "test").glob("*.test.js")))
    assert done.returncode == 0, done.stdout[-4000:]
    passed = re.search(r"pass (\d+)", done.stdout)
    assert passed
    assert int(passed[1]) >= 70
    assert re.search(r"skipped 0", done.stdout)


def test_the_whole_chain_from_a_page_to_wechat_and_back(
    data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    shutil.copytree(data_folder / "index", data / "index")
    with running(["-m", "tests.wechat_fake"], r'"(http://[\d.:]+)"') as (fake, _):
        settings = {"AUTH": "wechat", "WECHAT_APPID": APPID, "WECHAT_SECRET": SECRET, "WECHAT_API": fake, "DATA": data}
        for name, value in settings.items():
            monkeypatch.setenv(f"WENGONG_{name}", str(value))
        with running(["-m", "wengong", "serve", "--port", "0"], r"已启动.*?(http://[\d.:]+)") as (base, said):
            done = node("test/e2e.js", WENGONG_E2E_BASE=base, WENGONG_E2E_FAKE=fake)
            assert done.returncode == 0, done.stdout[-4000:]
            assert re.search(r"pass 6\b", done.stdout)
    logged = "".join(said)
    assert '"route": "/v1/wechat/login"' in logged
    kept_out = [SECRET, "o_worker_on_a_phone", "fake_token_", "session_key", "违禁示例", "Traceback"]
    assert [word for word in kept_out if word in logged + json.dumps(done.stdout)] == []

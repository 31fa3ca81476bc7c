"""Whatever is secret is set, everything is used and made to fail, and all that comes out is searched."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import SecretStr, TypeAdapter
from pydantic_settings import BaseSettings

from chat_api import create_app
from chat_api.limits.settings import LimitSettings
from chat_api.settings import ServerSettings
from chat_api.state import Database
from chat_api.wechat.settings import WeChatSettings
from chat_api.workers import WorkerPlan
from console.app import add_console
from console.job import JobOrder
from console.places import Places
from console.settings import ConsoleSettings
from corpus.errors import SettingsInvalid, StateUnavailable
from retriever.settings import RetrieverSettings, read_settings
from tests.conftest import PostgreSql, Redis

KINDS: list[type[BaseSettings]] = [ConsoleSettings, LimitSettings, RetrieverSettings, ServerSettings, WeChatSettings]
SECRET_NAME = re.compile("secret|token|key|password|url")
# Stands inside every secret, so that no piece of one comes out either.
MARK = "Zq7Xk9Wv"
KEY = f"{MARK}-api-key-of-a-program-0001"
GUESS = f"{MARK}-guessed-by-a-stranger-1"
AES_KEY = f"{MARK}{'A' * 35}"
SECRETS = {
    "WENGONG_API_KEYS": json.dumps([KEY]),
    "WENGONG_WECHAT_APPID": "wx0123456789abcdef",
    "WENGONG_WECHAT_SECRET": f"{MARK}-wechat-secret",
    "WENGONG_WECHAT_MP_APPID": "wx0123456789abcdee",
    "WENGONG_WECHAT_MP_TOKEN": f"{MARK}mptoken",
    "WENGONG_WECHAT_MP_AES_KEY": AES_KEY,
    "WENGONG_REDIS_URL": f"redis://someone:{MARK}-redis@127.0.0.1:1/0",
    "WENGONG_DATABASE_URL": f"postgresql+psycopg://someone:{MARK}-database@127.0.0.1:1/wengong",
}


@pytest.fixture
def _all_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


def test_every_setting_that_sounds_secret_hides_itself() -> None:
    hidden = set[str]()
    for kind in KINDS:
        for name, field in kind.model_fields.items():
            if SECRET_NAME.search(name) and field.annotation not in {int, float, bool}:
                kinds = [field.annotation, *get_args(field.annotation), *get_args(get_args(field.annotation) or None)]
                assert SecretStr in kinds or "SecretStr" in str(field.annotation) or not field.repr, name
                hidden.add(f"WENGONG_{name.upper()}")
    # Whoever adds a secret adds it to this test.
    assert hidden == {name for name in SECRETS if not name.endswith("APPID")}


@pytest.mark.usefixtures("_all_set")
def test_neither_settings_nor_what_is_built_of_them_shows_a_secret(small_data: Path) -> None:
    settings = {kind: read_settings(kind) for kind in KINDS}
    assert settings[ServerSettings].model_dump()["database_url"] == SECRETS["WENGONG_DATABASE_URL"]
    server, limits = read_settings(ServerSettings), read_settings(LimitSettings)
    places = Places.of(RetrieverSettings(data=small_data), server)
    plan = WorkerPlan(
        settings=server, retriever_settings=RetrieverSettings(data=small_data), limit_settings=limits, extend=None
    )
    order = JobOrder(job_id=1, kind="publish", name="某人", places=places)
    app = create_app(server.model_copy(update={"database_url": ""}), RetrieverSettings(data=small_data))
    add_console(app, places)
    services = app.state.services
    parts = [services, *(getattr(services, name) for name in services.__dataclass_fields__), app.state.console]
    shown = [*settings.values(), places, plan, order, app, *parts]
    services.database.close()
    assert [type(value).__name__ for value in shown if MARK in f"{value!r} {value}"] == []
    # Sent to a worker through a pipe it must be whole.
    assert MARK in TypeAdapter(JobOrder).dump_json(order).decode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WENGONG_API_KEYS", f'["{MARK}"]'),
        ("WENGONG_API_KEYS", f'["{KEY}"'),
        ("WENGONG_API_KEYS", KEY),
        ("WENGONG_DATABASE_URL", f"nonsense://someone:{MARK}@nowhere/x"),
        ("WENGONG_DATABASE_URL", f"postgresql+psycopg://someone:{MARK}@127.0.0.1:1/x"),
        ("WENGONG_REDIS_URL", f"nonsense://{MARK}"),
        ("WENGONG_WECHAT_MP_AES_KEY", MARK),
    ],
)
def test_a_wrong_secret_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, small_data: Path, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    if name == "WENGONG_WECHAT_MP_AES_KEY":
        for other in ("WENGONG_WECHAT_MP_APPID", "WENGONG_WECHAT_MP_TOKEN"):
            monkeypatch.setenv(other, SECRETS[other])
    with pytest.raises((SettingsInvalid, StateUnavailable)) as raised:
        create_app(retriever_settings=RetrieverSettings(data=small_data))
    assert name in raised.value.message or "api_keys" in raised.value.message
    assert MARK not in "".join(traceback.format_exception(raised.value))


def test_what_could_not_be_written_is_not_shown(database_url: str, tmp_path: Path) -> None:
    database = Database.open(database_url, tmp_path)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("drop table feedback")
    with pytest.raises(StateUnavailable) as raised:
        database.feedback.save("a_1", useful=False, reason=f"{MARK}说的话")
    database.close()
    assert MARK not in "".join(traceback.format_exception(raised.value))


@pytest.fixture
def serve_with_secrets(tmp_path: Path, small_data: Path) -> Iterator[Callable[..., tuple[int, int, Path]]]:
    """A function that serves with two workers and all secrets, and gives process, port and log."""
    with ExitStack() as stack:

        def serve(**given: str) -> tuple[int, int, Path]:
            log = tmp_path / "log"
            environment = {"PATH": os.environ["PATH"], "WENGONG_DATA": str(small_data), **SECRETS, **given}  # noqa: TID251
            command = [sys.executable, "-m", "wengong", "serve", "--port", "0", "--workers", "2"]
            with log.open("w") as written:
                process = subprocess.Popen(command, stdout=written, stderr=written, env=environment)
            stack.callback(process.wait, 30)
            stack.callback(process.terminate)
            while not (announced := re.search(r"http://127\.0\.0\.1:(\d+)", log.read_text())):
                assert process.poll() is None, log.read_text()
                time.sleep(0.05)
            return process.pid, int(announced[1]), log

        yield serve


def asked(port: int, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    content = body if isinstance(body, str | None) else json.dumps(body)
    kind = "application/json" if not isinstance(body, str) else "application/x-www-form-urlencoded"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, content and content.encode(), {"Content-Type": kind, **named})
    response = connection.getresponse()
    text = f"{response.getheaders()} {response.read().decode()}"
    connection.close()
    return response.status, text


def command_lines(parent: int) -> list[str]:
    """What others on the machine can read of a process and its children."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [Path(f"/proc/{pid}/cmdline").read_bytes().decode() for pid in [parent, *children]]


def test_no_answer_log_metric_command_line_or_file_holds_a_secret(
    serve_with_secrets: Callable[..., tuple[int, int, Path]], small_data: Path, postgresql: PostgreSql, redis: Redis
) -> None:
    database = postgresql.new_database().replace("wengong@", f"wengong:{MARK}-database@")
    redis_url = f"redis://someone:{MARK}-redis@127.0.0.1:{redis.port}/0"  # which this Redis refuses
    given = {"WENGONG_AUTH": "api_key", "WENGONG_DATABASE_URL": database, "WENGONG_REDIS_URL": redis_url}
    parent, port, log = serve_with_secrets(**given)
    question = {"question": "年休假有几天？"}
    key, guess = {"Authorization": f"Bearer {KEY}"}, {"Authorization": f"Bearer {GUESS}"}
    answers = [
        asked(port, "POST", "/v1/ask", question, **key),
        asked(port, "POST", "/v1/ask", question, **guess),
        asked(port, "POST", "/v1/ask", question, Authorization=f"Basic {GUESS}"),
        asked(port, "POST", "/v1/ask", {**question, "key": KEY}, **key),
        asked(port, "POST", "/v1/ask", "{", **key),
        asked(port, "GET", f"/v1/suggest?limit={KEY}", **key),
        asked(port, "GET", f"/v1/nowhere?access_code={KEY}"),
        asked(port, "POST", "/", f"question=x&access_code={GUESS}"),
        asked(port, "POST", "/", f"question=第1问&access_code={KEY}"),
        asked(port, "POST", "/v1/wechat/login", {"code": GUESS}),
        asked(port, "GET", f"/v1/wechat/mp?signature={GUESS}&timestamp=1&nonce=1&echostr={GUESS}"),
        asked(port, "POST", f"/v1/wechat/mp?msg_signature={GUESS}&timestamp=1&nonce=1", f"<xml>{GUESS}</xml>"),
        asked(port, "GET", "/console/login", Cookie=f"wengong_console={GUESS}"),
        asked(port, "POST", "/console/login", f"name={GUESS}&token={GUESS}"),
        *(asked(port, "GET", path) for path in ("/", "/metrics", "/readyz", "/healthz", "/openapi.json", "/console")),
    ]
    assert {200, 401, 404, 422} <= {status for status, _ in answers}
    assert 500 not in {status for status, _ in answers}
    logged = log.read_text()
    assert '"event": "request"' in logged
    assert "redis unavailable" in logged
    files = [path for path in small_data.rglob("*") if path.is_file()]
    found = {
        "answers": [text for _, text in answers if MARK in text],
        "log": [line for line in logged.splitlines() if MARK in line],
        "command lines": [line for line in command_lines(parent) if MARK in line],
        "files": [path.name for path in files if MARK.encode() in path.read_bytes()],
    }
    assert found == {"answers": [], "log": [], "command lines": [], "files": []}


@pytest.mark.parametrize("arguments", [["doctor", "--json"], ["staff", "list"]])
def test_no_command_says_a_secret(small_data: Path, arguments: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {"PATH": os.environ["PATH"], "WENGONG_DATA": str(small_data), "WENGONG_PORT": str(port), **SECRETS}  # noqa: TID251
    command = [sys.executable, "-m", "wengong", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stdout + done.stderr
    assert MARK not in done.stdout + done.stderr

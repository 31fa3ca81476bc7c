"""What many tests start from: a small fake encoder, the shipped handbook, a built index, a running app, databases."""

import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import redis
import uvicorn
from fastapi.testclient import TestClient

from chat_api import create_app
from chat_api.limits.settings import LimitSettings
from chat_api.settings import ServerSettings
from chat_api.wechat.settings import WeChatSettings
from console.settings import ConsoleSettings
from corpus.handbook import Handbook
from ingest.handbook import SHIPPED_HANDBOOKS, ingest_handbook
from ingest.pipeline import build_index
from retriever import Retriever
from retriever.artifact import FILES
from retriever.classifier_shelf import CLASSIFIER_FILES
from retriever.encoder import Encoder, Vectors
from retriever.encoder_choice import open_encoder
from retriever.publish import current_version_folder
from retriever.settings import RetrieverSettings

HANDBOOK_ID = "industrial-workers-50"
QUESTIONS = 50
SHIFT = 7
POSTGRESQL = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/usr/lib/postgresql"))


PROBLEM_FIELDS = {"type", "title", "status", "detail", "instance", "code", "request_id"}
CHINESE = re.compile("[\u4e00-\u9fff]")


def aside(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a function returns in a thread of its own: where a browser is driven, this one has an event loop already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *arguments).result()


class HashEncoder:
    """An encoder whose vectors are sums of one random direction a character: alike texts are near, none is learnt."""

    encoder_id = "hash-encoder"
    dimension = 64

    def encode(self, texts: list[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for character in text:
                seed = int.from_bytes(hashlib.sha256(character.encode("utf-8", "replace")).digest()[:8], "big")
                vectors[row] += np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)
            length = float(np.linalg.norm(vectors[row]))
            if length:
                vectors[row] /= length
        return vectors


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test reads the settings or touches the data of the machine it runs on."""
    for kind in (ConsoleSettings, LimitSettings, RetrieverSettings, ServerSettings, WeChatSettings):
        for name in kind.model_fields:
            monkeypatch.delenv(f"WENGONG_{name.upper()}", raising=False)
    monkeypatch.setenv("WENGONG_DATA", str(tmp_path / "data"))


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return open_encoder()


@pytest.fixture(scope="session")
def hash_encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture(scope="session")
def shipped_folder() -> Path:
    return SHIPPED_HANDBOOKS / HANDBOOK_ID


@pytest.fixture(scope="session")
def handbook(shipped_folder: Path) -> Handbook:
    return ingest_handbook(shipped_folder).handbook


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, shipped_folder: Path) -> Path:
    """A data folder with a published index of the shipped handbook; tests that change it work on a copy."""
    folder = tmp_path_factory.mktemp("data")
    build_index([shipped_folder], folder / "index", encoder)
    return folder


@pytest.fixture(scope="session")
def version_folder(data_folder: Path) -> Path:
    return current_version_folder(data_folder / "index")


@pytest.fixture(scope="session")
def retriever(version_folder: Path, encoder: Encoder) -> Retriever:
    return Retriever.open(version_folder, encoder)


@pytest.fixture(scope="session")
def scramble() -> Callable[[Path], None]:
    """Attach every text of an index version's folder to a question seven further on; checksums stay as they were."""

    def moved(section_id: str) -> str:
        is_question = section_id.startswith("q") and section_id[1:].isdigit()
        return f"q{(int(section_id[1:]) + SHIFT - 1) % QUESTIONS + 1}" if is_question else section_id

    def change(folder: Path) -> None:
        for path in (folder / FILES.sections, folder / FILES.classifiers / CLASSIFIER_FILES.sections):
            ids = [[moved(name) for name in names] for names in json.loads(path.read_bytes())]
            path.write_text(json.dumps(ids), encoding="utf-8")

    return change


@pytest.fixture(scope="session")
def client(data_folder: Path) -> Iterator[TestClient]:
    app = create_app(ServerSettings(), RetrieverSettings(data=data_folder))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def assert_problem() -> Callable[[Any, int, str], None]:
    """The one shape in which every error leaves the service, as a function of (response, status, code)."""

    def check(response: Any, status: int, code: str) -> None:
        assert response.status_code == status, response.text
        assert response.headers["content-type"] == "application/problem+json"
        body = response.json()
        assert set(body) == PROBLEM_FIELDS
        assert body["type"] == f"urn:wengong:error:{code}"
        assert body["title"] == HTTPStatus(status).phrase
        assert body["status"] == status
        assert CHINESE.search(body["detail"])
        assert body["instance"] == response.request.url.path
        assert body["code"] == code
        assert body["request_id"] == response.headers["x-request-id"]
        comes_again = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}
        assert ("retry-after" in response.headers) == (status in comes_again)
        assert ("www-authenticate" in response.headers) == (status == HTTPStatus.UNAUTHORIZED)

    return check


@pytest.fixture(scope="session")
def write_handbook() -> Callable[[Path, dict[str, str]], Path]:
    """A function that writes a small handbook folder: its name is the id, its text the questions with their answers."""

    def write(folder: Path, answers: dict[str, str]) -> Path:
        blocks = [
            f"第{number}问 {question}\n{answer}\n" for number, (question, answer) in enumerate(answers.items(), 1)
        ]
        content = "\n".join(blocks).encode()
        folder.mkdir(parents=True)
        (folder / "source.txt").write_bytes(content)
        (folder / "manifest.toml").write_text(
            f"""id = "{folder.name}"
title = "{folder.name} 手册"
edition = "试印本"
publisher = "某工会"
date = "2024"
source_file = "source.txt"
source_sha256 = "{hashlib.sha256(content).hexdigest()}"
expected_question_count = {len(answers)}
origin = "试验"
terms = "试验"
""",
            encoding="utf-8",
        )
        return folder

    return write


@pytest.fixture
def leave_handbook(tmp_path: Path, write_handbook: Callable[[Path, dict[str, str]], Path]) -> Path:
    """A handbook of three questions, which indexes in a moment."""
    return write_handbook(
        tmp_path / "folders" / "paid-leave",
        {
            "年休假有几天？": "职工累计工作已满1年不满10年的，年休假5天。",
            "加班费怎么算？": "平日加班按百分之一百五十支付。",
            "怎么加入工会？": "本人自愿申请，填写入会申请书。",
        },
    )


@pytest.fixture
def small_data(tmp_path: Path, encoder: Encoder, leave_handbook: Path) -> Path:
    """A data folder of one's own, with a published index of the small handbook."""
    folder = tmp_path / "data"
    build_index([leave_handbook], folder / "index", encoder)
    return folder


class PostgreSql(NamedTuple):
    """A running server, and how its databases are made."""

    socket_folder: str
    port: int

    def new_database(self) -> str:
        """The address of an empty database of its own."""
        name = f"wengong_{time.monotonic_ns()}"
        command = ["createdb", "-h", self.socket_folder, "-p", str(self.port), "-U", "wengong", name]
        subprocess.run([POSTGRESQL / command[0], *command[1:]], check=True)
        return f"postgresql+psycopg://wengong@127.0.0.1:{self.port}/{name}"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSql]:
    """Debian's PostgreSQL on a free port of this machine, in a folder of its own, gone after the tests."""
    # In CI it is installed first, so a missing one is a failure and no reason to skip.
    if not (POSTGRESQL / "initdb").exists() and "CI" not in os.environ:  # noqa: TID251 - of the test run
        pytest.skip("PostgreSQL is not installed; on Debian: apt-get install postgresql")
    # It refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="wengong-postgresql-") as folder:
        if user:
            shutil.chown(folder, user)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        data = f"{folder}/data"
        initdb = [POSTGRESQL / "initdb", "-D", data, "-U", "wengong", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(initdb, check=True, user=user, cwd=folder, capture_output=True)
        options = ["-h", "127.0.0.1", "-p", str(port), "-k", folder, "-c", "fsync=off", "-c", "max_connections=200"]
        with open(f"{folder}/log", "wb") as log:  # noqa: PTH123
            server = subprocess.Popen(
                [POSTGRESQL / "postgres", "-D", data, *options], user=user, cwd=folder, stderr=log
            )
        try:
            ready = [POSTGRESQL / "pg_isready", "-h", folder, "-p", str(port), "-q"]
            while subprocess.run(ready, check=False).returncode:
                assert server.poll() is None, Path(folder, "log").read_text(encoding="utf-8")
                time.sleep(0.05)
            yield PostgreSql(folder, port)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=20)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database: a test that takes it runs on both kinds."""
    if request.param == "sqlite":
        return ""
    return str(request.getfixturevalue("postgresql").new_database())


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """Serve an app on a free port of this machine until the end of the block, and give its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)


@pytest.fixture
def serve() -> Iterator[Callable[[Any], str]]:
    """A function that serves an app until the end of the test, and gives its address."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(serving(app))


class Redis:
    """Debian's Redis on a free port of this machine; it can go away and come back, empty."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._server: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._server = subprocess.Popen(
            ["redis-server", *options], stdout=subprocess.DEVNULL, cwd=tempfile.gettempdir()
        )
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                assert self._server.poll() is None
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """Stop at once."""
        if self._server is not None:
            self._server.kill()
            self._server.wait(20)
            self._server = None

    def command(self, *words: Any) -> Any:
        """What Redis answers to a command."""
        with redis.Redis(host="127.0.0.1", port=self.port) as client:
            return client.execute_command(*words)

    def names(self) -> list[bytes]:
        """The names of all keys."""
        return list(self.command("KEYS", "*"))


@pytest.fixture(name="redis")
def redis_server() -> Iterator[Redis]:
    """A Redis of one's own, gone after the test."""
    # As with PostgreSQL: in CI a missing one is a failure.
    if shutil.which("redis-server") is None and "CI" not in os.environ:  # noqa: TID251 - of the test run
        pytest.skip("Redis is not installed; on Debian: apt-get install redis-server")
    running = Redis()
    yield running
    running.stop()

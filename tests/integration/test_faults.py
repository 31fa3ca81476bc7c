"""What breaks while the service runs or starts: killed processes, a full disk, a database that is gone."""

import json
import os
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from benchmarks.soak import soak
from chat_api.state import Database
from chat_api.state.upgrade import LATEST_REVISION, MIGRATIONS
from tests.conftest import PostgreSql
from tests.integration.conftest import Start, apart

ANSWER = "a_{:016x}"
FEEDBACK = {"answer_id": ANSWER.format(1), "useful": True}


def run(data: Path, *words: str, timeout_s: float = 120) -> subprocess.CompletedProcess[str]:
    """A command of the program on a data folder."""
    environment = {"PATH": os.environ["PATH"], "WENGONG_DATA": str(data)}  # noqa: TID251
    command_line = [sys.executable, "-m", "wengong", *words]
    return subprocess.run(command_line, env=environment, capture_output=True, text=True, check=False, timeout=timeout_s)


def unmount(folder: Path) -> None:
    """Take away all that is mounted on a folder."""
    while folder.is_mount():
        subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A function that gives a disk of its own, of a size such as "30m"; only root may mount one."""
    with ExitStack() as stack:

        def mounted(size: str) -> Path:
            folder = tmp_path / "disk"
            folder.mkdir()
            if (
                os.geteuid() != 0
                or subprocess.run(
                    ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, check=False
                ).returncode
            ):
                pytest.skip("a disk of its own can only be mounted by root")
            stack.callback(unmount, folder)
            return folder

        yield mounted


def test_feedback_that_was_acknowledged_outlives_a_killed_service(start: Start, small_data: Path) -> None:
    service = start(small_data, 1, rate_limit="off")
    acknowledged: list[str] = []

    def give(number: int) -> None:
        with suppress(OSError):  # those that are on their way when the service is killed
            status, _ = service.ask("/v1/feedback", {"answer_id": ANSWER.format(number), "useful": True})
            if status == 200:
                acknowledged.append(ANSWER.format(number))

    with ThreadPoolExecutor(4) as pool:
        given = [pool.submit(give, number) for number in range(2_000)]
        while len(acknowledged) < 50:
            time.sleep(0.005)
        service.process.kill()
        for one in given:
            one.cancel()
    service.process.wait(20)
    again = start(small_data, 1)
    assert again.ask("/v1/feedback", FEEDBACK)[0] == 200
    with sqlite3.connect(small_data / "state.sqlite3") as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
        kept = {row[0] for row in database.execute("select answer_id from feedback")}
    database.close()
    assert set(acknowledged) <= kept


def test_a_migration_that_is_killed_at_any_moment_is_taken_up_again(tmp_path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    code = f"from pathlib import Path; from chat_api.state import Database; Database.open('', Path({str(tmp_path)!r}))"
    chance = random.Random(5)
    for attempt in range(10):
        path = tmp_path / "state.sqlite3"
        for leftover in tmp_path.glob("state.sqlite3*"):
            leftover.unlink()
        engine = create_engine(f"sqlite:///{path}")
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "0001")
            rows = [{"id": ANSWER.format(number)} for number in range(2_000)]
            connection.execute(text("insert into feedback values (:id, true, '好', '2026-01-02', 3)"), rows)
        engine.dispose()
        process = subprocess.Popen([sys.executable, "-c", code])
        # The interpreter and its imports take most of the time; the last moments are those of the migration.
        time.sleep(0.4 + 0.12 * attempt + 0.1 * chance.random())
        process.kill()
        process.wait(20)
        database = Database.open("", tmp_path)
        assert database.feedback.count(useful=True) == 2_000
        with database.engine.connect() as connection:
            assert connection.scalar(text("select version_num from alembic_version")) == LATEST_REVISION
        database.close()


def test_on_a_full_disk_the_served_version_stays_and_answers(
    start: Start, small_data: Path, small_disk: Callable[[str], Path]
) -> None:
    data = small_disk("24m") / "data"
    shutil.copytree(small_data, data)
    service = start(data, 1)
    assert service.ask("/v1/feedback", FEEDBACK)[0] == 200
    filler = data.parent / "filler"
    with filler.open("wb") as file, suppress(OSError):
        while True:
            file.write(b"\0" * 65_536)
            file.flush()
    before = (data / "index" / "current").read_text(encoding="utf-8")
    built = run(data, "index")
    assert built.returncode == 1
    assert "磁盘满了" in built.stderr
    assert "Traceback" not in built.stderr
    assert (data / "index" / "current").read_text(encoding="utf-8") == before
    status, body = service.ask("/v1/ask", {"question": "年休假有几天"})
    assert (status, json.loads(body)["status"]) == (200, "answered")
    status, body = service.ask("/v1/feedback", {"answer_id": ANSWER.format(2), "useful": False, "reason": "慢" * 400})
    assert status in {200, 503}  # a page of the database may still have room
    if status == 503:
        assert json.loads(body)["code"] == "state_unavailable"
    filler.unlink()
    assert service.ask("/v1/feedback", FEEDBACK)[0] == 200
    assert "Traceback" not in service.log.read_text()


def test_a_data_folder_that_turned_read_only_is_still_answered_from(
    start: Start, small_data: Path, small_disk: Callable[[str], Path]
) -> None:
    data = small_disk("64m") / "data"
    shutil.copytree(small_data, data)
    service = start(data, 1)
    assert service.ask("/v1/feedback", FEEDBACK)[0] == 200
    # A disk with files open for writing cannot be remounted; a read-only view laid over it can.
    remounted = subprocess.run(["mount", "-o", "remount,ro", data.parent], capture_output=True, check=False)
    if remounted.returncode:
        bound = ["mount", "--bind", "-o", "ro", data.parent, data.parent]
        if subprocess.run(bound, capture_output=True, check=False).returncode:
            pytest.skip("this machine does not let a disk in use turn read-only")
    status, body = service.ask("/v1/ask", {"question": "年休假有几天"})
    assert (status, json.loads(body)["status"]) == (200, "answered")
    built = run(data, "index")
    assert built.returncode == 1
    assert "Traceback" not in built.stderr
    assert "错误" in built.stderr


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_database_that_was_cut_short_is_an_expected_error(small_data: Path, share: float) -> None:
    database = Database.open("", small_data)
    for number in range(200):
        database.feedback.save(ANSWER.format(number), useful=True, reason="好" * 50)
    database.close()
    path = small_data / "state.sqlite3"
    os.truncate(path, int(path.stat().st_size * share))
    for leftover in (path.with_name("state.sqlite3-wal"), path.with_name("state.sqlite3-shm")):
        leftover.unlink(missing_ok=True)
    checked = run(small_data, "doctor")
    assert "Traceback" not in checked.stderr + checked.stdout
    if share:
        assert checked.returncode == 1
        assert "数据库" in checked.stdout
    asked = run(small_data, "ask", "年休假有几天")
    assert (asked.returncode, "5天" in asked.stdout) == (0, True)  # an answer needs no database


class Cable:
    """A connection between two ports of this machine that can be pulled out and put in again."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._ends: list[socket.socket] = []
        self._is_in = True
        threading.Thread(target=self._accept, daemon=True).start()

    def pull(self) -> None:
        """Cut everything that goes through it."""
        self._is_in = False
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._ends.clear()

    def plug(self) -> None:
        """Let connections through again."""
        self._is_in = True

    def close(self) -> None:
        """End it."""
        self.pull()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if not self._is_in:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._to_port))
                self._ends += [near, far]
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    @staticmethod
    def _carry(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError), source, target:
            while block := source.recv(65_536):
                target.sendall(block)


def test_a_database_that_is_gone_and_back_costs_feedback_only_and_no_restart(
    start: Start, small_data: Path, postgresql: PostgreSql
) -> None:
    cable = Cable(postgresql.port)
    url = postgresql.new_database().replace(f":{postgresql.port}/", f":{cable.port}/")
    service = start(small_data, 1, database_url=url, rate_limit="off")
    assert service.ask("/v1/feedback", FEEDBACK)[0] == 200
    cable.pull()
    for _ in range(3):
        status, body = service.ask("/v1/ask", {"question": "年休假有几天"})
        assert (status, json.loads(body)["status"]) == (200, "answered")
    status, body = service.ask("/v1/feedback", FEEDBACK)
    assert (status, json.loads(body)["code"]) == (503, "state_unavailable")
    assert service.ask("/healthz")[0] == 200
    cable.plug()
    assert service.ask("/v1/feedback", FEEDBACK)[0] == 200
    cable.close()


def test_publishing_under_load_fails_no_request_and_leaves_nothing_open(tmp_path: Path) -> None:
    figures = apart(soak, tmp_path, minutes=0.25, pause_s=0.7)
    assert figures.failed == 0
    assert figures.publications >= 10
    assert figures.answered > 100
    # Two versions may be open at once, some sixteen files each; a version that stayed open would count every time.
    assert figures.files_end <= figures.files_settled + 5 * figures.publications

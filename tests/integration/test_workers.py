"""Several processes of the service on one data folder, and replicas on PostgreSQL and Redis."""

import http.client
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest.pipeline import build_index
from retriever.artifact import FORMAT_VERSION
from retriever.encoder import Encoder
from retriever.publish import current_version_folder
from tests.conftest import PostgreSql, Redis
from tests.integration.conftest import WORKERS, Service, Start, stop
from tests.wechat_fake import MP_APPID, MP_TOKEN
from tests.wechat_fake.push import Pusher, message

PUBLISHED_WITHIN_S = 2.0


def workers_of(service: Service) -> list[int]:
    children = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children").read_text().split()
    lines = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children}
    return [pid for pid, line in lines.items() if b"spawn_main" in line]


def give_feedback(service: Service, count: int) -> list[int]:
    def give(number: int) -> int:
        body = {"answer_id": f"a_{number:016x}", "useful": True}
        return service.ask("/v1/feedback", body)[0]

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(give, range(count)))


def test_a_publish_reaches_every_worker_in_two_seconds(
    start: Start, small_data: Path, leave_handbook: Path, write_handbook: Callable[..., Path], encoder: Encoder
) -> None:
    service = start(small_data)
    [before] = service.versions()
    assert len(workers_of(service)) == WORKERS
    other = write_handbook(leave_handbook.parent / "safety", {"安全帽怎么戴？": "系紧下颏带。"})
    published = build_index([leave_handbook, other], small_data / "index", encoder).version
    time.sleep(PUBLISHED_WITHIN_S)
    assert service.versions() == {published} != {before}
    assert service.metric(f'wengong_index_info{{version="{published}"}}') == WORKERS
    assert service.metric(f'wengong_index_info{{version="{before}"}}') == 0


def test_feedback_limits_and_counts_are_right_across_workers(start: Start, small_data: Path) -> None:
    service = start(small_data, rate_limit_address="600")
    statuses = give_feedback(service, 160)
    # Ten a second come back to the bucket of a hundred while they are sent.
    assert 100 <= statuses.count(200) < 160
    assert set(statuses) == {200, 429}
    with sqlite3.connect(small_data / "state.sqlite3") as connection:
        assert connection.execute("select count(*) from feedback").fetchone() == (statuses.count(200),)
    connection.close()
    assert service.metric('wengong_feedback_total{useful="true"}') == statuses.count(200)
    assert service.metric('wengong_refused_total{reason="address"}') == statuses.count(429)


@pytest.mark.parametrize("kind", ["one-data-folder", "postgresql-and-redis"])
def test_replicas_answer_a_message_once_and_share_their_limits(
    start: Start, small_data: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    settings = {"wechat_mp_appid": MP_APPID, "wechat_mp_token": MP_TOKEN, "wechat_mp_mode": "plain"}
    if kind == "postgresql-and-redis":
        postgresql: PostgreSql = request.getfixturevalue("postgresql")
        redis: Redis = request.getfixturevalue("redis")
        settings |= {"database_url": postgresql.new_database(), "redis_url": redis.url}
    services = [start(small_data, 2, rate_limit_address="600", **settings) for _ in range(2)]
    xml = message(MsgType="text", Content="第1问")
    pushers = [Pusher(f"http://127.0.0.1:{service.port}/v1/wechat/mp", mode="plain") for service in services]
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda number: pushers[number % 2].deliver(xml), range(8)))
    # One process answers; the others say the same once it is known, or nothing.
    assert {reply.status for reply in replies} == {200}
    assert len({reply.text for reply in replies if "年休假" in reply.text}) == 1
    answered = sum(service.metric('wengong_answers_total{status="answered"}') for service in services)
    assert answered == 1
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda number: services[number % 2].ask("/v1/handbooks")[0], range(240)))
    assert 90 <= statuses.count(200) < 200
    assert statuses.count(429) >= 40


def test_a_killed_worker_is_replaced_and_its_gauges_forgotten(start: Start, small_data: Path) -> None:
    service = start(small_data, 2)
    [version] = service.versions()
    killed = workers_of(service)[0]
    os.kill(killed, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while len(set(workers_of(service)) - {killed}) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    line = f'wengong_index_info{{version="{version}"}}'
    while service.metric(line) != 2 and time.monotonic() < deadline:
        service.ask("/readyz")
    assert service.metric(line) == 2


def runs(pid: int) -> bool:
    """Whether a process is there and more than its exit code."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_workers_stop_when_their_parent_is_killed_and_finish_what_is_in_flight(start: Start, small_data: Path) -> None:
    service = start(small_data, 3)
    workers = workers_of(service)
    assert len(workers) == 3
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
    body = json.dumps({"question": "第1问"}).encode()
    connection.putrequest("POST", "/v1/ask")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body[:5])
    time.sleep(0.3)  # a worker has it
    service.process.kill()
    service.process.wait(10)
    try:
        time.sleep(0.3)  # the workers have noticed
        connection.send(body[5:])
        assert connection.getresponse().status == 200
        connection.close()
        deadline = time.monotonic() + 10
        while any(map(runs, workers)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert [pid for pid in workers if runs(pid)] == []
    finally:
        for pid in filter(runs, workers):
            os.kill(pid, signal.SIGKILL)
    with pytest.raises(OSError, match="refused"):
        http.client.HTTPConnection("127.0.0.1", service.port, timeout=5).request("GET", "/healthz")


@pytest.mark.parametrize("workers", [1, 3])
def test_a_stop_finishes_what_is_in_flight(start: Start, small_data: Path, workers: int) -> None:
    service = start(small_data, workers)
    connections = [http.client.HTTPConnection("127.0.0.1", service.port, timeout=30) for _ in range(12)]
    body = json.dumps({"question": "第1问"}).encode()
    for connection in connections:
        connection.putrequest("POST", "/v1/ask")
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body[:5])
    time.sleep(0.3)  # each is in a worker's hands by now
    done: list[int] = []
    waiting = threading.Thread(target=lambda: done.append(stop(service.process)))
    waiting.start()
    time.sleep(0.3)
    for connection in connections:
        connection.send(body[5:])
    assert [connection.getresponse().status for connection in connections] == [200] * 12
    for connection in connections:
        connection.close()
    waiting.join(30)
    # One process ends by the signal that it was sent, as uvicorn has it; the parent of several by itself.
    assert done[0] in {0, -signal.SIGTERM}
    with pytest.raises(OSError, match="refused"):
        http.client.HTTPConnection("127.0.0.1", service.port, timeout=5).request("GET", "/healthz")


def test_what_keeps_workers_from_starting_is_said_once(small_data: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],  # noqa: TID251
        "WENGONG_DATA": str(small_data),
        "WENGONG_ENCODER": "/no/such/model",
    }
    command = [sys.executable, "-m", "wengong", "serve", "--port", "0", "--workers", "3"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.count("encoder_missing") == 1


def test_an_index_of_an_earlier_format_is_built_anew_at_start(start: Start, small_data: Path) -> None:
    path = current_version_folder(small_data / "index") / "manifest.json"
    manifest = json.loads(path.read_text()) | {"format_version": FORMAT_VERSION - 1}
    path.write_text(json.dumps(manifest))
    service = start(small_data, 1)
    status, ready = service.ask("/readyz")
    assert status == 200
    assert json.loads(ready)["index_version"] not in {path.parent.name, ""}
    assert "重建" in service.log.read_text()

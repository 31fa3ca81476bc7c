"""The service as people run it: `wengong serve` as a process of its own, asked over a socket."""

import http.client
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from corpus.handbook import Handbook
from ingest.pipeline import build_index
from retriever.encoder import Encoder

# One server process serves the tests of this file, so they stay on one worker.
pytestmark = pytest.mark.xdist_group("service")
WENGONG = Path(sys.executable).with_name("wengong")
START_LIMIT_S = 60
TOO_LARGE = b" " * (64 * 1024 + 1)
# A published version is noticed within a second; a busy machine is given more.
NOTICE_LIMIT_S = 20


class Server:
    """A running `wengong serve`."""

    def __init__(self, process: subprocess.Popen[str], address: str, said: list[str]) -> None:
        self.process = process
        self.host, self.port = address.removeprefix("http://").split(":")
        self.said = said

    def request(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        connection = http.client.HTTPConnection(self.host, int(self.port), timeout=30)
        try:
            connection.request(method, path, body if body is None else json.dumps(body), headers or {})
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), json.loads(response.read())
        finally:
            connection.close()

    def ask(self, question: str) -> Any:
        return self.request("POST", "/v1/ask", {"question": question}, {"Content-Type": "application/json"})


@contextmanager
def serving(data: Path) -> Iterator[Server]:
    """Start `wengong serve` on a free port, wait for its address, and stop it by SIGTERM afterwards."""
    command = [str(WENGONG), "serve", "--port", "0"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WENGONG_DATA", str(data))
        started = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    with started as process:
        assert process.stderr is not None
        deadline = threading.Timer(START_LIMIT_S, process.kill)
        deadline.start()
        said: list[str] = []
        address = None
        while address is None and (line := process.stderr.readline()):
            said.append(line)
            address = re.search(r"http://127\.0\.0\.1:\d+", line)
        deadline.cancel()
        assert address, "".join(said)
        # Read on, so that the pipe never fills up.
        reader = threading.Thread(target=lambda: said.extend(process.stderr or []))
        reader.start()
        try:
            yield Server(process, address[0], said)
        finally:
            process.terminate()
            process.wait(30)
            reader.join(10)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that was started on an empty data folder."""
    data = tmp_path_factory.mktemp("served") / "data"
    with serving(data) as running:
        yield running


def test_a_server_without_an_index_builds_one_before_it_gives_its_address(server: Server) -> None:
    told = "".join(server.said)
    assert told.index("还没有索引") < told.index("已发布到") < told.index("问工已启动")
    assert server.request("GET", "/readyz")[2]["handbook_count"] == 1


def test_a_question_over_the_socket_is_cited_word_for_word(server: Server, handbook: Handbook) -> None:
    status, headers, body = server.ask("第三十八问")
    assert status == 200
    assert re.fullmatch("[0-9a-f]{16}", headers["x-request-id"])
    assert "server" not in headers
    citation = body["citations"][0]
    assert citation["question_number"] == 38
    whole = server.request("GET", citation["url"])[2]
    start = citation["start"] - whole["start"]
    assert whole["text"][start : start + len(citation["excerpt"])] == citation["excerpt"]
    assert handbook.text[citation["start"] : citation["end"]] == citation["excerpt"]


@pytest.mark.parametrize("content", [TOO_LARGE, [TOO_LARGE]], ids=["with-length", "chunked"])
def test_a_body_over_the_limit_is_refused_over_the_socket(server: Server, content: bytes | list[bytes]) -> None:
    connection = http.client.HTTPConnection(server.host, int(server.port), timeout=30)
    connection.request("POST", "/v1/ask", content, encode_chunked=True)
    response = connection.getresponse()
    assert (response.status, json.loads(response.read())["code"]) == (413, "body_too_large")
    connection.close()
    assert server.ask("第1问")[0] == 200


def test_what_is_no_http_does_not_harm_the_server(server: Server) -> None:
    with socket.create_connection((server.host, int(server.port)), timeout=30) as connection:
        connection.sendall(b"\x16\x03\x01 this is not HTTP\r\n\r\n")
        assert connection.recv(1024).startswith(b"HTTP/1.1 400")
    assert server.ask("第1问")[0] == 200


def test_many_people_can_ask_at_once(server: Server) -> None:
    answers: dict[int, Any] = {}

    def ask(number: int) -> None:
        answers[number] = server.ask(f"第{number}问")[2]["citations"][0]["question_number"]

    people = [threading.Thread(target=ask, args=(number,)) for number in range(1, 21)]
    for person in people:
        person.start()
    for person in people:
        person.join(30)
    assert answers == {number: number for number in range(1, 21)}


def test_a_taken_port_is_one_line_and_exit_code_1(
    server: Server, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENGONG_DATA", str(data_folder))
    done = subprocess.run(
        [str(WENGONG), "serve", "--port", server.port],
        capture_output=True,
        text=True,
        timeout=START_LIMIT_S,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    assert line.startswith(f"错误 address_unavailable：无法监听 127.0.0.1:{server.port}")
    assert "--port 8001" in line


def test_a_new_version_is_picked_up_while_requests_go_on_and_sigterm_lets_the_last_one_finish(
    small_data: Path, encoder: Encoder, leave_handbook: Path, write_handbook: Callable[..., Path]
) -> None:
    other = write_handbook(
        leave_handbook.parent / "safety", {"安全帽怎么戴？": "系紧下颏带。", "触电了怎么办？": "断电。"}
    )
    with serving(small_data) as server:
        first = server.ask("第1问")[2]["index_version"]

        # A new version, while questions keep coming: none fails, and old answers give way to new ones for good.
        published = build_index([leave_handbook, other], small_data / "index", encoder).version
        versions = asked_until(server, published)
        assert versions == [first] * versions.count(first) + [published]

        # A damaged version on top of it is never served.
        copy = shutil.copytree(small_data / "index" / published, small_data / "index" / "v0000000000000000")
        (copy / "passages.json").write_bytes(b"[]")
        (small_data / "index" / ".next").write_text(copy.name)
        (small_data / "index" / ".next").replace(small_data / "index" / "current")
        asked_until_said(server, "index_damaged")
        assert server.ask("第1问")[2]["index_version"] == published
        assert server.request("GET", "/readyz")[0] == 200

        # A request that was begun before SIGTERM is answered, and then the process ends.
        feedback = {"answer_id": "a_" + "0" * 16, "useful": True}
        assert server.request("POST", "/v1/feedback", feedback, {"Content-Type": "application/json"})[0] == 200
        assert answered_across_sigterm(server)["citations"]
        assert server.process.wait(30) == -signal.SIGTERM
    assert not (small_data / "state.sqlite3-wal").exists()  # the database was closed
    assert "Traceback" not in "".join(server.said)


def asked_until(server: Server, version: str) -> list[str]:
    """Ask without a pause until a version answers; return the version of each answer."""
    versions = []
    limit = time.monotonic() + NOTICE_LIMIT_S
    while version not in versions:
        status, _, body = server.ask("第1问")
        assert status == 200
        versions.append(body["index_version"])
        assert time.monotonic() < limit, versions[-1]
    return versions


def asked_until_said(server: Server, word: str) -> None:
    """Ask without a pause until the server's log holds a word."""
    limit = time.monotonic() + NOTICE_LIMIT_S
    while not any(word in line for line in list(server.said)):
        assert server.ask("第1问")[0] == 200
        assert time.monotonic() < limit


def answered_across_sigterm(server: Server) -> Any:
    """Begin a request, wait until the service is reading it, send SIGTERM, and return the answer to it."""
    body = json.dumps({"question": "第1问"}).encode()
    head = (
        "POST /v1/ask HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection((server.host, int(server.port)), timeout=30) as connection:
        connection.sendall(head.encode())
        assert connection.recv(1024).startswith(b"HTTP/1.1 100 ")
        server.process.terminate()
        connection.sendall(body)
        answer = b""
        while received := connection.recv(65536):
            answer += received
    head_received, _, content = answer.partition(b"\r\n\r\n")
    assert head_received.startswith(b"HTTP/1.1 200 ")
    return json.loads(content)

"""Real sockets of clients that are slow, greedy or many, and what an honest one notices of them."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from chat_api import create_app
from chat_api.limits.patient_protocol import MAX_HEAD_BYTES, ServerConfig
from chat_api.limits.settings import LimitSettings
from chat_api.settings import ServerSettings
from retriever.settings import RetrieverSettings

TIMEOUT_S = 0.6
ASK = b"POST /v1/ask HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
BODY = '{"question": "第1问"}'.encode()
Connect = Callable[[], socket.socket]


@contextmanager
def serving(data: Path, **given: Any) -> Iterator[Connect]:
    limits = LimitSettings(**{"request_timeout_s": TIMEOUT_S, "rate_limit": "off"} | given)
    app = create_app(ServerSettings(), RetrieverSettings(data=data), limit_settings=limits)
    server = uvicorn.Server(ServerConfig(app, limits))
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener, ExitStack() as connections:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield lambda: connections.enter_context(socket.create_connection(listener.getsockname(), 10))
        finally:
            server.should_exit = True
            thread.join(20)


@pytest.fixture
def connect(small_data: Path) -> Iterator[Connect]:
    with serving(small_data) as connect:
        yield connect


def rest(connection: socket.socket) -> bytes:
    """Everything until the other side closes."""
    received = b""
    with suppress(ConnectionError):
        while piece := connection.recv(65_536):
            received += piece
    return received


def answered(connection: socket.socket) -> int:
    """Send an honest question and give the status of the answer."""
    connection.sendall(ASK + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY)
    response = http.client.HTTPResponse(connection)
    response.begin()
    response.read()
    return response.status


def test_a_connection_that_says_nothing_is_closed(connect: Connect) -> None:
    started = time.monotonic()
    assert rest(connect()).startswith(b"HTTP/1.1 408")
    assert TIMEOUT_S <= time.monotonic() - started < TIMEOUT_S + 3


@pytest.mark.parametrize("is_second", [False, True], ids=["first-request", "later-request"])
def test_headers_that_trickle_in_are_not_waited_for(connect: Connect, *, is_second: bool) -> None:
    connection = connect()
    if is_second:
        assert answered(connection) == 200
    started = time.monotonic()
    connection.sendall(ASK)
    with suppress(OSError):
        while time.monotonic() - started < 5:
            connection.sendall(b"X-A: b\r\n")
            time.sleep(0.05)
    assert time.monotonic() - started < TIMEOUT_S + 2
    assert b"408" in rest(connection) or is_second


def test_a_body_that_trickles_in_is_not_waited_for(connect: Connect) -> None:
    connection, started = connect(), time.monotonic()
    connection.sendall(ASK + b"Content-Length: 60000\r\n\r\n")
    with suppress(OSError):
        while time.monotonic() - started < 5:
            connection.sendall(b" ")
            time.sleep(0.05)
    assert time.monotonic() - started < TIMEOUT_S + 2


def test_a_body_that_only_takes_its_time_is_waited_for(connect: Connect) -> None:
    connection = connect()
    connection.sendall(ASK + b"Content-Length: %d\r\n\r\n" % (8000 + len(BODY)))
    for _ in range(8):
        connection.sendall(b" " * 1000)
        time.sleep(TIMEOUT_S / 4)
    connection.sendall(BODY)
    response = http.client.HTTPResponse(connection)
    response.begin()
    assert (response.status, json.loads(response.read())["status"]) == (200, "answered")


def test_a_pipelined_request_that_stays_half_is_given_up(connect: Connect) -> None:
    connection, started = connect(), time.monotonic()
    whole = ASK + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
    connection.sendall(whole + ASK + b"Content-Length: 60000\r\n\r\n{")
    received = rest(connection)
    assert received.startswith(b"HTTP/1.1 200")
    assert time.monotonic() - started < TIMEOUT_S + 3


def test_a_kept_connection_answers_again_after_the_time_for_a_request(connect: Connect) -> None:
    connection = connect()
    for _ in range(3):
        assert answered(connection) == 200
        time.sleep(TIMEOUT_S * 0.8)


def test_too_many_headers_are_answered(connect: Connect) -> None:
    connection = connect()
    connection.sendall(ASK + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 100) for n in range(200)) + b"\r\n")
    response = http.client.HTTPResponse(connection)
    response.begin()
    body = json.loads(response.read())
    assert (response.status, body["code"]) == (431, "headers_too_large")
    assert response.getheader("content-type") == "application/problem+json"


def test_a_head_without_end_is_cut_off(small_data: Path) -> None:
    with serving(small_data, request_timeout_s=30) as connect:
        connection = connect()
        connection.sendall(ASK + b"X-A: ".ljust(MAX_HEAD_BYTES, b"y"))
        assert rest(connection).startswith(b"HTTP/1.1 431")


def test_three_hundred_slow_clients_keep_no_honest_one_waiting(connect: Connect) -> None:
    slow = [connect() for _ in range(300)]
    for connection in slow:
        connection.sendall(ASK)
    honest = connect()
    started = time.monotonic()
    assert [answered(honest) for _ in range(5)] == [200] * 5
    assert time.monotonic() - started < 5
    assert all(rest(connection).startswith(b"HTTP/1.1 408") for connection in slow)


def test_one_connection_too_many_is_told_to_come_again(small_data: Path) -> None:
    with serving(small_data, max_connections=10, request_timeout_s=30) as connect:
        held = [connect() for _ in range(10)]
        held[-1].sendall(b"")
        time.sleep(0.1)
        refused = rest(connect())
        assert refused.startswith(b"HTTP/1.1 503")
        assert b"retry-after: 5" in refused
        held.pop().close()
        time.sleep(0.1)
        assert answered(connect()) == 200


def test_one_address_cannot_take_all_connections_and_a_proxy_can(small_data: Path) -> None:
    given = {"max_connections_per_address": 5, "request_timeout_s": 30}
    with serving(small_data, trusted_proxies="192.0.2.0/24", **given) as connect:
        held = [connect() for _ in range(5)]
        assert [answered(connection) for connection in held] == [200] * 5
        refused = rest(connect())
        assert refused.startswith(b"HTTP/1.1 503")
        assert b"retry-after: 5" in refused
        held.pop().close()
        time.sleep(0.1)
        assert answered(connect()) == 200
    with serving(small_data, trusted_proxies="127.0.0.1", **given) as connect:
        assert [answered(connect()) for _ in range(12)] == [200] * 12


@pytest.mark.parametrize(
    ("proxies", "address", "is_trusted"),
    [
        ("127.0.0.1,::1", "127.0.0.1", True),
        ("127.0.0.1,::1", "::ffff:127.0.0.1", True),
        ("127.0.0.1, ::1", "::1", True),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("10.0.0.0/8", "fe80::1%eth0", False),
        ("", "127.0.0.1", False),
        ("*", "198.51.100.1", True),
        ("*", "/run/socket", True),
        ("127.0.0.1", "/run/socket", False),
    ],
)
def test_who_is_a_trusted_proxy(proxies: str, address: str, *, is_trusted: bool) -> None:
    assert LimitSettings(trusted_proxies=proxies).trusts(address) == is_trusted


@pytest.mark.parametrize(("trusted", "statuses"), [("127.0.0.1", [200] * 25), ("192.0.2.0/24", [200] * 20 + [429] * 5)])
def test_only_a_trusted_proxy_says_who_asks(small_data: Path, trusted: str, statuses: list[int]) -> None:
    given = {"rate_limit": "on", "rate_limit_address": 6, "trusted_proxies": trusted}
    with serving(small_data, request_timeout_s=30, **given) as connect:
        connection, seen = connect(), list[int]()
        for number in range(25):
            request = f"GET /v1/handbooks HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.{number}\r\n\r\n"
            connection.sendall(request.encode())
            response = http.client.HTTPResponse(connection)
            response.begin()
            response.read()
            seen.append(response.status)
    assert seen == statuses

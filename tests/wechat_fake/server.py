"""The platform over HTTP, on a free port of this machine."""

import argparse
import json
import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from tests.wechat_fake.call import Call, Failure
from tests.wechat_fake.platform import FakePlatform, as_bytes, error
from tests.wechat_fake.push import Pusher

CONTROL = "/_fake/"


class FakeWeChat:
    """A running fake; `address` is where it listens. Use it as a context manager."""

    def __init__(self, port: int = 0, latency_s: float = 0, *, accepts_any_code: bool = False) -> None:
        self.platform = FakePlatform(accepts_any_code=accepts_any_code)
        handler = type("Handler", (_Handler,), {"platform": self.platform, "latency_s": latency_s})
        self._server = _Server(("127.0.0.1", port), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def serve_forever(self) -> None:
        """Serve in the foreground."""
        self._thread.start()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    request_queue_size = 2048
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One packet for head and body: two would wait for each other.
    wbufsize = 64 * 1024
    platform: FakePlatform
    latency_s: float

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 -- the inherited name
        """Calls are kept in `platform.calls`."""

    def _serve(self, method: str) -> None:
        place = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        call = Call(method, place.path, dict(parse_qsl(place.query)), body)
        if place.path.startswith(CONTROL):
            self._send(200, as_bytes(self._controlled(place.path.removeprefix(CONTROL), call.json() or {})))
            return
        self.platform.calls.append(call)
        waiting = self.platform.failures.get(place.path)
        failure = waiting.pop(0) if waiting else Failure()
        time.sleep(self.latency_s + failure.delay_s)
        if failure.drop:
            self.close_connection = True
            self.connection.close()
        elif failure.html:
            self._send(200, b"<html>502 Bad Gateway</html>", "text/html")
        elif failure.status != 200:
            # What a gateway says in the platform's place may look like a reply.
            self._send(failure.status, as_bytes({"openid": "o_gateway", "access_token": "gateway", "expires_in": 7200}))
        elif failure.errcode is not None:
            self._send(200, as_bytes(error(failure.errcode, "made to fail")))
        else:
            is_login = place.path == "/sns/jscode2session"
            self._send(200, as_bytes(self.platform.answer(call)), "text/plain" if is_login else "application/json")

    def _controlled(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        """What a developer, or a test in another language, can ask of the fake itself."""
        if name == "code":
            return {"code": self.platform.issue_code(given.get("openid", "o_developer"))}
        if name == "advance":
            self.platform.advance(given["seconds"])
        elif name == "fail":
            self.platform.fail(**given)
        elif name == "calls":
            return {"paths": self.platform.paths()}
        elif name == "push":
            attempts = Pusher(given.pop("url"), mode=given.pop("mode", "aes")).send(**given)
            return {"attempts": [attempt.text for attempt in attempts]}
        return {"ok": True}

    def _send(self, status: int, content: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def main(arguments: list[str]) -> None:
    """Serve until stopped, once the address was said as a line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.wechat_fake", description="A WeChat platform to try with.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency-ms", type=int, default=0)
    given = parser.parse_args(arguments)
    try:
        fake = FakeWeChat(given.port, given.latency_ms / 1000, accepts_any_code=True)
    except OSError as error:
        sys.exit(f"无法监听 127.0.0.1:{given.port}（{error.strerror}）。换一个端口：--port 8901")
    sys.stdout.write(json.dumps({"address": fake.address}) + "\n")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        fake.serve_forever()

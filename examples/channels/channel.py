"""What every channel needs: to ask the backend for an answer as text, and to be called by the platform."""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

BACKEND = os.environ.get("WENGONG_BASE", "http://127.0.0.1:8000")


class Callback(NamedTuple):
    """A call of the platform."""

    method: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes


def post_json(url: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
    """Send JSON and return the JSON that comes back."""
    headers = {"Content-Type": "application/json; charset=utf-8"} | (
        {"Authorization": f"Bearer {token}"} if token else {}
    )
    request = urllib.request.Request(url, json.dumps(body, ensure_ascii=False).encode(), headers)
    with urllib.request.urlopen(request, timeout=3) as response:
        return dict(json.load(response))


def ask(question: str, max_bytes: int) -> str:
    """Return the answer as one text of at most so many bytes, with its source."""
    try:
        return str(post_json(f"{BACKEND}/v1/ask", {"question": question, "text_max_bytes": max_bytes}, key())["text"])
    except urllib.error.HTTPError as refused:
        return str(json.load(refused)["detail"])  # Chinese, fit to be shown


def key() -> str:
    """Return the API key, one of the backend's WENGONG_API_KEYS."""
    return os.environ["WENGONG_API_KEY"]


def serve(handle: Callable[[Callback], tuple[int, str]]) -> None:
    """Call a function for every callback; behind the reverse proxy that has the certificate."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply("GET")

        def do_POST(self) -> None:
            self.reply("POST")

        def reply(self, method: str) -> None:
            body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), 65536))
            query = dict(parse_qsl(urlsplit(self.path).query))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, text = handle(Callback(method, query, headers, body))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_words: object) -> None:
            """Keep quiet: an address may hold what somebody asked."""

    ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()

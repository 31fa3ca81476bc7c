"""The recipes for 企业微信, 钉钉 and 飞书: programs of their own between a small fake of the platform and a backend."""

import base64
import hashlib
import hmac
import json
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from chat_api import create_app
from chat_api.settings import ServerSettings
from retriever.settings import RetrieverSettings
from tests.wechat_fake.push import MP_AES_KEY, MP_TOKEN, Pusher, message, value

RECIPES = Path(__file__).resolve().parents[2] / "examples" / "channels"
KEY = "key-of-the-channel-recipes-01"
QUESTION = "年休假有几天"
ANSWER = "第1问 年休假有几天？\n职工累计工作已满1年不满10年的，年休假5天。"
Start = Callable[..., str]


@pytest.fixture
def start(small_data: Path, serve: Callable[[Any], str]) -> Iterator[Start]:
    """A function that starts a recipe with some settings beside a backend, and gives its address."""
    app = create_app(ServerSettings(auth="api_key", api_keys=(KEY,)), RetrieverSettings(data=small_data))
    backend = serve(app)
    with ExitStack() as stack:

        def started(recipe: str, **settings: str) -> str:
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
            given = {"WENGONG_BASE": backend, "WENGONG_API_KEY": KEY, "PORT": str(port), **settings}
            pairs = [f"{name}={value}" for name, value in given.items()]
            command = ["/usr/bin/env", *pairs, sys.executable, str(RECIPES / f"{recipe}.py")]
            process = stack.enter_context(subprocess.Popen(command))
            stack.callback(process.terminate)
            limit = time.monotonic() + 30
            while time.monotonic() < limit:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                except OSError:
                    time.sleep(0.05)
                else:
                    break
            return f"http://127.0.0.1:{port}/"

        yield started


@pytest.fixture
def platform() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A platform that takes what it is sent: its address, and the calls."""
    seen: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen.append({"path": self.path, "token": self.headers.get("Authorization"), **body})
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"tenant_access_token": "t-1", "errcode": 0}).encode())

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", seen
    server.shutdown()
    server.server_close()
    thread.join(10)


def sent(url: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, str]:
    content = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, content, headers or {}), timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def test_wecom_proves_itself_and_answers_a_text(start: Start) -> None:
    settings = {"WECOM_TOKEN": MP_TOKEN, "WECOM_AES_KEY": MP_AES_KEY, "WECOM_CORPID": "ww1"}
    company = Pusher(start("wecom", **settings), appid="ww1")
    sealed = company.encrypt(b"4375120948345356249")
    query = {"timestamp": "1", "nonce": "2", "echostr": sealed, "msg_signature": company._sign("1", "2", sealed)}
    assert sent(f"{company.url}?{urlencode(query)}") == (200, "4375120948345356249")
    assert sent(f"{company.url}?{urlencode(query | {'nonce': '3'})}")[0] == 403
    reply = company.deliver(message(openid="staff-1", Content=QUESTION))
    assert reply.text.startswith(ANSWER)
    assert value(reply.body, "ToUserName") == "staff-1"
    assert company.deliver(message(MsgType="image")).body == ""
    assert company.deliver(message(Content=QUESTION), msg_signature="0" * 40).status == 403
    assert Pusher(company.url, appid="ww2").deliver(message(Content=QUESTION)).status == 403
    assert company.deliver(message(Content="")).text == "问题是空的，请输入想问的内容。"


def test_dingtalk_answers_to_the_address_of_the_conversation(
    start: Start, platform: tuple[str, list[dict[str, Any]]]
) -> None:
    secret, (address, seen) = "ding-secret", platform
    url = start("dingtalk", DINGTALK_APP_SECRET=secret, DINGTALK_REPLY_PREFIX=address)
    timestamp = str(int(time.time() * 1000))

    def signed(at: str, with_secret: str = secret) -> dict[str, str]:
        digest = hmac.new(with_secret.encode(), f"{at}\n{with_secret}".encode(), hashlib.sha256).digest()
        return {"timestamp": at, "sign": base64.b64encode(digest).decode()}

    asked = {"msgtype": "text", "text": {"content": f" {QUESTION} "}, "sessionWebhook": f"{address}/robot/reply?s=1"}
    assert sent(url, asked, signed(timestamp)) == (200, "{}")
    assert seen[0]["path"] == "/robot/reply?s=1"
    assert seen[0]["text"]["content"].startswith(ANSWER)
    old = str(int(timestamp) - 3_700_000)
    for headers in ({}, signed(timestamp, "another"), signed(old), {**signed(timestamp), "timestamp": "x"}):
        assert sent(url, asked, headers)[0] == 403
    elsewhere = {**asked, "sessionWebhook": "http://127.0.0.1:9/"}
    assert sent(url, elsewhere, signed(timestamp)) == (200, "{}")
    assert len(seen) == 1


def test_feishu_takes_the_challenge_and_answers_each_event_once(
    start: Start, platform: tuple[str, list[dict[str, Any]]]
) -> None:
    address, seen = platform
    url = start("feishu", FEISHU_API=address, FEISHU_APP_ID="cli_1", FEISHU_APP_SECRET="s-1", FEISHU_TOKEN="v-1")  # noqa: S106
    challenge = {"type": "url_verification", "token": "v-1", "challenge": "c-1"}
    assert sent(url, challenge) == (200, '{"challenge": "c-1"}')
    assert sent(url, {**challenge, "token": "other"})[0] == 403
    content = json.dumps({"text": f"@_user_1 {QUESTION}"})
    said = {"message_id": "om_1", "message_type": "text", "content": content}
    event = {"schema": "2.0", "header": {"event_id": "e-1", "token": "v-1"}, "event": {"message": said}}
    for _ in range(3):
        assert sent(url, event) == (200, "{}")
    limit = time.monotonic() + 10
    while len(seen) < 2 and time.monotonic() < limit:
        time.sleep(0.02)
    assert (seen[0]["app_id"], seen[0]["app_secret"]) == ("cli_1", "s-1")
    assert (seen[1]["path"], seen[1]["token"]) == ("/im/v1/messages/om_1/reply", "Bearer t-1")
    assert json.loads(seen[1]["content"])["text"].startswith(ANSWER)
    time.sleep(0.2)
    assert len(seen) == 2


def test_without_its_key_a_channel_says_what_is_missing(start: Start) -> None:
    settings = {
        "WECOM_TOKEN": MP_TOKEN,
        "WECOM_AES_KEY": MP_AES_KEY,
        "WECOM_CORPID": "ww1",
        "WENGONG_API_KEY": "x" * 24,
    }
    company = Pusher(start("wecom", **settings), appid="ww1")
    assert "密钥" in company.deliver(message(Content=QUESTION)).text

"""The backend beside a fake WeChat platform; everything that leaves it is searched for secrets."""

import io
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

import pytest
from fastapi.testclient import TestClient

from chat_api import create_app
from chat_api.settings import ServerSettings
from chat_api.wechat.settings import WeChatSettings
from retriever.settings import RetrieverSettings
from tests.wechat_fake import APPID, MP_AES_KEY, MP_APPID, MP_TOKEN, SECRET, FakeWeChat

OFFICIAL_ACCOUNT = {"wechat_mp_appid": MP_APPID, "wechat_mp_token": MP_TOKEN, "wechat_mp_aes_key": MP_AES_KEY}


class Tee(io.TextIOBase):
    """A stream that keeps what it passes on."""

    def __init__(self, stream: TextIO, kept: list[str]) -> None:
        self._stream = stream
        self._kept = kept

    def write(self, text: str) -> int:
        self._kept.append(text)
        return self._stream.write(text)

    def flush(self) -> None:
        self._stream.flush()


@pytest.fixture
def fake() -> Iterator[FakeWeChat]:
    with FakeWeChat() as running:
        yield running


@pytest.fixture
def start(fake: FakeWeChat, small_data: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Callable[..., TestClient]]:
    """A function that starts an app beside the fake: settings of server and WeChat by name, and gives a client of it.

    Afterwards no body, header or log line may hold a secret, a token of WeChat's, a session key or an openid.
    """
    left: list[str] = []
    caplog.set_level(logging.DEBUG)

    def keep(response: Any) -> None:
        response.read()
        left.append(f"{response.headers} {response.text}")

    with ExitStack() as stack:

        def started(**given: Any) -> TestClient:
            wechat = {"wechat_appid": APPID, "wechat_secret": SECRET, "wechat_api": fake.address}
            server = {"auth": "wechat"}
            for name, value in given.items():
                (wechat if name in WeChatSettings.model_fields else server)[name] = value
            # What capfd holds is gone when the test ends, so the service's log is kept beside it.
            with pytest.MonkeyPatch.context() as while_the_log_is_opened:
                while_the_log_is_opened.setattr(sys, "stderr", Tee(sys.stderr, left))
                app = create_app(ServerSettings(**server), RetrieverSettings(data=small_data), WeChatSettings(**wechat))
            client = stack.enter_context(TestClient(app, raise_server_exceptions=False))
            client.event_hooks = {"response": [keep]}
            return client

        yield started
    records = [*caplog.get_records("call"), *caplog.get_records("teardown")]
    everything = "\n".join([*left, *(f"{record.getMessage()} {record.exc_text}" for record in records)])
    assert '"event": "index opened"' in everything or "index not opened" in everything or not left
    assert [secret for secret in fake.platform.secrets_given() if secret in everything] == []


@pytest.fixture
def log_in(fake: FakeWeChat) -> Callable[..., dict[str, str]]:
    """A function that logs a person in and gives the headers to ask with."""

    def logged_in(client: TestClient, openid: str = "o_worker_0001") -> dict[str, str]:
        response = client.post("/v1/wechat/login", json={"code": fake.platform.issue_code(openid)})
        assert response.status_code == 200, response.text
        return {"Authorization": f"Bearer {response.json()['token']}"}

    return logged_in

"""The console in a running service, with two people who may work in it."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from chat_api import create_app
from chat_api.settings import ServerSettings
from chat_api.state import Database
from console.app import add_console
from console.places import Places
from console.state import ConsoleState
from ingest.pipeline import build_index
from retriever.encoder import Encoder
from retriever.settings import RetrieverSettings

FORM_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
TOKENS = dict[str, str]
HANDBOOK_ID = "paid-leave"
ANSWERS = {
    "年休假有几天？": "职工累计工作已满1年不满10年的，年休假5天。",
    "加班费怎么算？": "平日加班按百分之一百五十支付。",
    "怎么加入工会？": "本人自愿申请，填写入会申请书。",
}
WORDINGS = [(1, "一年能休几天年假"), (1, "带薪休假多少天"), (2, "晚上加班给多少钱"), (3, "入会要交什么材料")]


class Browser:
    """A client that fills in forms as a browser would: with the token of the page they stand on."""

    def __init__(self, app: FastAPI) -> None:
        self.http = TestClient(app, follow_redirects=False)

    def form_token(self, address: str) -> str:
        found = FORM_TOKEN.search(self.http.get(address).text)
        assert found is not None
        return found[1]

    def send(self, page: str, address: str, **fields: object):
        return self.http.post(address, data={"form_token": self.form_token(page), **fields})

    def log_in(self, name: str, token: str):
        return self.send("/console/login", "/console/login", name=name, token=token)


@pytest.fixture(scope="session")
def indexed(
    tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, write_handbook: Callable[[Path, dict[str, str]], Path]
) -> Path:
    """A folder with the handbooks and the data of a service that knows one small handbook; tests work on a copy."""
    folder = tmp_path_factory.mktemp("console")
    written = write_handbook(folder / "shipped" / HANDBOOK_ID, ANSWERS)
    rows = (json.dumps({"n": number, "q": text}, ensure_ascii=False) + "\n" for number, text in WORDINGS)
    (written / "similar_questions.jsonl").write_text("".join(rows), encoding="utf-8")
    build_index([written], folder / "data" / "index", encoder)
    return folder


@pytest.fixture
def places(indexed: Path, tmp_path: Path, database_url: str) -> Places:
    shutil.copytree(indexed, tmp_path, dirs_exist_ok=True)
    return Places(data=tmp_path / "data", encoder="", database_url=database_url, shipped=tmp_path / "shipped")


@pytest.fixture
def state(places: Places) -> Iterator[ConsoleState]:
    database = Database.open(places.database_url, places.data)
    yield ConsoleState(database)
    database.close()


@pytest.fixture
def tokens(state: ConsoleState) -> TOKENS:
    return {"编辑甲": state.staff.add("编辑甲", "editor"), "发布人甲": state.staff.add("发布人甲", "publisher")}


@pytest.fixture
def settings(places: Places) -> ServerSettings:
    return ServerSettings(database_url=places.database_url, question_log=True)


@pytest.fixture
def app(places: Places, settings: ServerSettings, tokens: TOKENS) -> Iterator[FastAPI]:
    """The service with its console, and two people who may log in."""
    assert tokens
    app = create_app(settings, RetrieverSettings(data=places.data))
    add_console(app, places)
    with TestClient(app):
        yield app


@pytest.fixture
def logged_in(app: FastAPI, tokens: TOKENS) -> Callable[[str], Browser]:
    """A function that gives the browser of somebody who is logged in, by name."""

    def browser(name: str) -> Browser:
        opened = Browser(app)
        assert opened.log_in(name, tokens[name]).status_code == 303
        return opened

    return browser


@pytest.fixture
def editor(logged_in: Callable[[str], Browser]) -> Browser:
    return logged_in("编辑甲")


@pytest.fixture
def publisher(logged_in: Callable[[str], Browser]) -> Browser:
    return logged_in("发布人甲")


@pytest.fixture
def stranger(app: FastAPI) -> Browser:
    return Browser(app)

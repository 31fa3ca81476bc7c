"""The pages as they leave the server, before any browser."""

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from chat_api import create_app
from chat_api.settings import ServerSettings
from corpus.errors import SettingsInvalid
from retriever.settings import RetrieverSettings, read_settings

Start = Callable[..., TestClient]
SITE = "https://union.example"
KEY = "k" * 24
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def post(client: TestClient, path: str = "/", **fields: Any) -> Any:
    return client.post(path, content=urlencode(fields, doseq=True), headers=FORM)


def words_of(page: Any) -> str:
    """What a page says, without its marks."""
    return html.unescape(re.sub("<[^>]*>", "", page.text))


def ancestors(client: TestClient, path: str) -> str:
    found = re.search("frame-ancestors ([^;]+)", client.get(path).headers["content-security-policy"])
    assert found
    return found[1]


def test_only_the_page_for_frames_may_be_framed_and_only_by_allowed_sites(start: Start) -> None:
    allowing, silent = start(allowed_origins=(SITE, "http://127.0.0.1:8080")), start()
    assert ancestors(allowing, "/embed") == f"'self' {SITE} http://127.0.0.1:8080"
    assert ancestors(silent, "/embed") == "'self'"
    for path in ("/", "/widget.js", "/read/paid-leave", "/v1/handbooks"):
        assert ancestors(allowing, path) == "'none'"


def test_other_sites_may_load_the_widget_and_nothing_else(client: TestClient) -> None:
    shared = {path: client.get(path).headers["cross-origin-resource-policy"] for path in ("/widget.js", "/embed", "/")}
    assert shared == {"/widget.js": "cross-origin", "/embed": "cross-origin", "/": "same-origin"}
    assert client.get("/widget.js").headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "origin",
    ["https://union.example/", "union.example", "https://a; script-src *", "https://a b", "'self'", "https://"],
)
def test_an_origin_that_no_browser_would_send_is_refused(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    monkeypatch.setenv("WENGONG_ALLOWED_ORIGINS", f'["{origin}"]')
    with pytest.raises(SettingsInvalid, match="WENGONG_ALLOWED_ORIGINS"):
        read_settings(ServerSettings)


def test_pages_and_their_files_are_compressed_and_kept_or_not(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["content-encoding"] == "gzip"
    assert page.headers["cache-control"] == "no-cache"
    address = re.search(r'src="(/static/\w+/chat.js)"', page.text)
    assert address
    script = client.get(address[1])
    assert script.headers["content-encoding"] == "gzip"
    assert "immutable" in script.headers["cache-control"]
    assert client.get("/static/another/chat.js").headers["cache-control"] == "no-cache"
    assert client.get(address[1].replace("chat.js", "none.js")).headers["cache-control"] == "no-cache"


def test_answers_of_the_api_are_not_compressed_and_plain_answers_stay_in_no_cache(start: Start) -> None:
    client = start()
    asked = client.post("/v1/ask", json={"question": "年休假有几天？"})
    assert "content-encoding" not in asked.headers
    assert post(client, question="年休假有几天？").headers["cache-control"] == "no-store"


def test_a_plain_answer_carries_what_was_asked_before(start: Start) -> None:
    client = start()
    page = post(client, question="要多久", history=["年休假有几天？"], handbook="paid-leave", lang="zh-Hant").text
    assert '<html lang="zh-Hant"' in page
    for carried in ("年休假有几天？", "要多久"):
        assert f'name="history" value="{carried}"' in page
    assert 'name="handbook" value="paid-leave"' in page


def test_more_than_ten_earlier_questions_are_cut_to_the_last_ten(start: Start) -> None:
    page = post(start(), question="年休假有几天？", history=[f"第{number}句" for number in range(20)])
    assert page.status_code == 200
    assert "第19句" in page.text
    assert "第9句" not in page.text


def test_a_button_is_asked_and_not_the_half_typed_field(start: Start) -> None:
    page = post(start(), choice="年休假有几天？", question="半句")
    assert "年休假5天" in words_of(page)
    assert "半句" not in page.text


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"question": " "}, 422, "问题是空的"),
        ({"question": "长" * 501}, 422, "500"),
        ({"question": "a\x00b"}, 422, "控制字符"),
        ({}, 422, "问题是空的"),
        ({"question": "年假", "handbook": "none"}, 404, "没有编号为"),
        ({"question": "年假", "handbook": "x" * 5000}, 404, "没有编号为"),
        ({str(number): "x" for number in range(60)}, 422, "不是本页发出的"),
    ],
)
def test_what_cannot_be_asked_is_explained_on_a_page(
    start: Start, fields: dict[str, str], status: int, words: str
) -> None:
    page = post(start(), **fields)
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert words in page.text


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"question=%ff%fe", b"&&&===", b"question"])
def test_no_body_breaks_the_form(start: Start, body: bytes) -> None:
    assert start().post("/", content=body, headers=FORM).status_code in {200, 422}


@pytest.mark.parametrize(
    "path", ["/read/none", "/read/paid-leave/questions/99", "/read/paid-leave/sections/none", "/?handbook=none"]
)
def test_what_is_not_there_is_said_on_a_page(start: Start, path: str) -> None:
    page = start().get(path)
    assert page.status_code == 404
    assert "回到首页" in page.text


@pytest.mark.parametrize("mark", ["", "x", "1-", "-5--1", "9" * 30, "5-1", "0-99999999", "1-2<script>"])
def test_no_mark_breaks_a_shared_link(start: Start, mark: str) -> None:
    page = start().get("/read/paid-leave/questions/1", params={"edition": "试印本", "mark": mark})
    assert page.status_code == 200
    assert "<script>" not in page.text
    assert ("<mark>" in page.text) == (mark == "0-99999999")


def test_feedback_of_a_plain_page_is_kept(start: Start) -> None:
    client = start()
    assert "谢谢" in post(client, "/feedback", answer_id="a_" + "0" * 16, useful="no").text
    assert 'wengong_feedback_total{useful="false"} 1.0' in client.get("/metrics").text
    assert post(client, "/feedback", answer_id="<x>", useful="yes").status_code == 422


def test_a_plain_question_needs_the_code_too(start: Start) -> None:
    client = start(auth="api_key", api_keys=(KEY,))
    assert post(client, question="年休假有几天？").status_code == 401
    assert post(client, question="年休假有几天？", access_code="falsch").status_code == 401
    answered = post(client, question="年休假有几天？", access_code=KEY)
    assert "年休假5天" in words_of(answered)
    assert KEY not in answered.text


def test_the_page_opens_without_an_index(tmp_path: Path) -> None:
    with TestClient(create_app(ServerSettings(), RetrieverSettings(data=tmp_path))) as client:
        page = client.get("/")
        assert page.status_code == 200
        assert 'id="question"' in page.text
        asked = post(client, question="年休假有几天？")
        assert asked.status_code == 503
        assert "回到首页" in asked.text


def test_starters_of_a_handbook_without_chosen_ones_are_its_headings(start: Start) -> None:
    page = start().get("/?handbook=paid-leave").text
    assert 'value="年休假有几天？"' in page
    assert "第1问" in page
    assert "《paid-leave 手册》试印本" in page

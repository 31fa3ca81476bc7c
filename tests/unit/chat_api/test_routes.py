import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.handbook import Handbook
from retriever import Retriever

Start = Callable[..., TestClient]
BASE = "/v1/handbooks/industrial-workers-50"
ANSWER_ID = "a_0123456789abcdef"


def test_the_service_is_alive_and_ready(client: TestClient, version_folder: Path) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = {"status": "ok", "index_version": version_folder.name, "handbook_count": 1}
    assert client.get("/readyz").json() == ready


def test_the_list_names_the_handbook_and_the_version(
    client: TestClient, version_folder: Path, retriever: Retriever
) -> None:
    assert client.get("/v1/handbooks").json() == {
        "handbooks": [
            {
                "id": "industrial-workers-50",
                "title": "产业工人队伍建设改革职工知识50问",
                "edition": "2022年版",
                "publisher": "原书未注明",
                "date": "2022",
                "question_count": 50,
                "url": BASE,
                "structure": "questions",
                "passage_count": retriever.index.passage_space.dense.row_count,
                "wording_count": retriever.index.wording_space.dense.row_count,
                "effective_from": "",
                "effective_to": "",
                "outdated": False,
                "health": "ok",
                "warnings": [],
            }
        ],
        "index_version": version_folder.name,
    }


def test_a_handbook_is_its_line_of_the_list_with_parts_and_first_questions(client: TestClient) -> None:
    body = client.get(BASE).json()
    [line] = client.get("/v1/handbooks").json()["handbooks"]
    assert {name: body.pop(name) for name in line} == line
    assert list(body) == ["parts", "starter_questions"]
    assert [part.split()[0] for part in body["parts"]] == [f"第{numeral}部分" for numeral in "一二三四五六七"]
    assert "农民工怎么提升学历" in body["starter_questions"]


def test_the_table_of_contents_lists_all_fifty_in_order(client: TestClient, handbook: Handbook) -> None:
    body = client.get(f"{BASE}/questions").json()
    assert body["handbook_id"] == "industrial-workers-50"
    assert [line["question_number"] for line in body["questions"]] == list(range(1, 51))
    assert body["questions"][37] == {
        "question_number": 38,
        "label": "第38问",
        "question": handbook.questions[37].heading,
        "part": handbook.questions[37].part.display if handbook.questions[37].part else None,
        "url": f"{BASE}/questions/38",
    }


def test_every_address_in_the_table_of_contents_leads_to_its_question(client: TestClient, handbook: Handbook) -> None:
    for line in client.get(f"{BASE}/questions").json()["questions"]:
        body = client.get(line["url"]).json()
        assert {name: body[name] for name in line if name != "url"} == {
            name: line[name] for name in line if name != "url"
        }
        assert body["text"] == handbook.text[body["start"] : body["end"]]
        assert body["paragraphs"]
        for paragraph in body["paragraphs"]:
            assert body["start"] <= paragraph["start"] < paragraph["end"] <= body["end"]
            assert paragraph["text"] == handbook.text[paragraph["start"] : paragraph["end"]]


def test_a_question_can_also_be_had_as_a_section(client: TestClient) -> None:
    assert client.get(f"{BASE}/sections/q38").json() == client.get(f"{BASE}/questions/38").json()


def test_the_foreword_has_a_text_and_no_number(client: TestClient, handbook: Handbook) -> None:
    body = client.get(f"{BASE}/sections/foreword").json()
    assert (body["question_number"], body["part"], body["label"]) == (None, None, body["question"])
    assert body["text"] == handbook.text[body["start"] : body["end"]]
    assert "工人阶级是我国的领导阶级" in body["text"]


def test_type_ahead_offers_headings_each_once(client: TestClient, handbook: Handbook) -> None:
    suggestions = client.get("/v1/suggest", params={"q": "农民工"}).json()["suggestions"]
    assert 1 <= len(suggestions) <= 5
    numbers = [suggestion["question_number"] for suggestion in suggestions]
    assert len(set(numbers)) == len(numbers)
    for suggestion in suggestions:
        assert suggestion == {
            "handbook_id": "industrial-workers-50",
            "question_number": suggestion["question_number"],
            "question": handbook.questions[suggestion["question_number"] - 1].heading,
            "label": f"第{suggestion['question_number']}问",
            "url": f"{BASE}/questions/{suggestion['question_number']}",
        }


@pytest.mark.parametrize(
    "query", ["", "?q=", "?q=%20%20", "?q=%E2%80%8B"], ids=["absent", "empty", "blank", "invisible"]
)
def test_nothing_typed_offers_nothing(client: TestClient, query: str) -> None:
    assert client.get(f"/v1/suggest{query}").json() == {"suggestions": []}


@pytest.mark.parametrize("limit", [1, 10])
def test_type_ahead_keeps_to_the_limit(client: TestClient, limit: int) -> None:
    suggestions = client.get("/v1/suggest", params={"q": "工", "limit": limit}).json()["suggestions"]
    assert len(suggestions) == limit


def test_feedback_is_kept_and_a_second_opinion_replaces_the_first(start: Start, small_data: Path) -> None:
    client = start()
    first = client.post("/v1/feedback", json={"answer_id": ANSWER_ID, "useful": True})
    assert (first.status_code, first.json()) == (200, {"answer_id": ANSWER_ID, "useful": True})
    second = client.post("/v1/feedback", json={"answer_id": ANSWER_ID, "useful": False, "reason": "答非所问"})
    assert second.json() == {"answer_id": ANSWER_ID, "useful": False}
    connection = sqlite3.connect(small_data / "state.sqlite3")
    rows = connection.execute("select answer_id, useful, reason from feedback").fetchall()
    connection.close()
    assert rows == [(ANSWER_ID, 0, "答非所问")]


def test_a_reason_is_masked_before_it_is_kept(start: Start, small_data: Path) -> None:
    client = start()
    reason = "我叫张三，电话13812345678，工资3500元没发"
    client.post("/v1/feedback", json={"answer_id": ANSWER_ID, "useful": False, "reason": reason})
    connection = sqlite3.connect(small_data / "state.sqlite3")
    [(kept,)] = connection.execute("select reason from feedback").fetchall()
    connection.close()
    assert kept == "我叫[姓名],电话[手机号],工资3500元没发"


def test_an_answer_id_that_was_given_out_is_accepted_back(start: Start) -> None:
    client = start()
    answer_id = client.post("/v1/ask", json={"question": "第1问"}).json()["answer_id"]
    assert client.post("/v1/feedback", json={"answer_id": answer_id, "useful": True}).status_code == 200


def test_a_database_that_cannot_be_written_is_no_internal_error(
    start: Start, small_data: Path, assert_problem: Callable[..., None]
) -> None:
    start()  # makes the database
    client = start(database_url=f"sqlite:///file:{small_data / 'state.sqlite3'}?mode=ro&uri=true")
    response = client.post("/v1/feedback", json={"answer_id": ANSWER_ID, "useful": True})
    assert_problem(response, 503, "state_unavailable")
    assert client.post("/v1/ask", json={"question": "第1问"}).status_code == 200
    assert "wengong_feedback_total{" not in client.get("/metrics").text


def test_one_handbook_can_be_asked_alone(start: Start) -> None:
    client = start()
    body = client.post("/v1/ask", json={"question": "第1问", "handbook": "paid-leave"}).json()
    assert [citation["handbook_id"] for citation in body["citations"]] == ["paid-leave"]

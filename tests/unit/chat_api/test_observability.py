import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from chat_api import live_retriever
from ingest.pipeline import build_index
from retriever.encoder import Encoder

Start = Callable[..., TestClient]
WORDS = "年休假保密字样"
PHONE = "13812345678"


def log_lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def samples(client: TestClient, name: str) -> dict[str, float]:
    """The samples of one metric, by their labels as printed."""
    lines = [line for line in client.get("/metrics").text.splitlines() if line.startswith((f"{name}{{", f"{name} "))]
    return {line[len(name) :].rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines}


@pytest.mark.parametrize("given", ["abc", "A.b_c-9", "x" * 64])
def test_a_sound_request_id_is_kept(client: TestClient, given: str) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": given}).headers["x-request-id"] == given


@pytest.mark.parametrize(
    "given",
    [b"", b"x" * 65, b"a b", b"a;b", "年假".encode(), b"a\xffb", b'{"a":1}', b"a\tb"],
    ids=["empty", "too-long", "space", "semicolon", "chinese", "latin", "json", "tab"],
)
def test_an_unsound_request_id_is_replaced(client: TestClient, given: bytes) -> None:
    response = client.get("/healthz", headers=[(b"X-Request-ID", given)])
    assert re.fullmatch("[0-9a-f]{16}", response.headers["x-request-id"])


def test_requests_without_an_id_get_different_ones(client: TestClient) -> None:
    assert len({client.get("/healthz").headers["x-request-id"] for _ in range(5)}) == 5


def test_the_id_is_there_once_and_on_errors_too(client: TestClient) -> None:
    for path in ("/nowhere", "/v1/handbooks/none", "/v1/suggest?limit=0", "/static/none"):
        response = client.get(path, headers={"X-Request-ID": "mine"})
        assert response.headers.get_list("x-request-id") == ["mine"]
        assert response.json()["request_id"] == "mine"


def test_each_request_leaves_one_line_that_names_route_status_and_time(
    start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    client = start()
    capsys.readouterr()
    client.get("/v1/handbooks/paid-leave/questions/1", headers={"X-Request-ID": "mine"})
    [line] = log_lines(capsys)
    assert line.pop("took_ms") >= 0
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "request",
        "level": "info",
        "request_id": "mine",
        "method": "GET",
        "route": "/v1/handbooks/{handbook_id}/questions/{question_number}",
        "status": 200,
    }


def test_opening_an_index_is_logged_with_its_version(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    client = start()
    [opened] = [line for line in log_lines(capsys) if line["event"] == "index opened"]
    assert opened["version"] == client.get("/readyz").json()["index_version"]


def test_neither_log_nor_metrics_hold_what_a_person_wrote(start: Start, capfd: pytest.CaptureFixture[str]) -> None:
    client = start()
    client.post("/v1/ask", json={"question": f"{WORDS}有几天", "history": [f"{WORDS}多久"]})
    client.post("/v1/ask", json={"question": WORDS, "handbook": WORDS})
    client.post("/v1/ask", json={"question": WORDS * 100})
    client.post("/v1/ask", json={"question": f"{WORDS}\x00"})
    client.post("/v1/ask", json={WORDS: WORDS})
    client.post("/v1/ask", content=WORDS.encode())
    client.get("/v1/suggest", params={"q": WORDS})
    client.get("/v1/suggest", params={"q": WORDS, "limit": WORDS})
    client.get(f"/v1/handbooks/{WORDS}/questions/{WORDS}")
    client.get(f"/{WORDS}?{WORDS}={WORDS}")
    client.get(f"/static/any/{WORDS}")
    client.post("/", content=f"question={WORDS}&history={WORDS}&lang={WORDS}")
    client.post("/", content=f"question={WORDS}&handbook={WORDS}")
    client.get(f"/read/{WORDS}/questions/1?edition={WORDS}&mark={WORDS}")
    client.request("YEARLEAVE", "/v1/ask")
    client.post("/v1/feedback", json={"answer_id": "a_" + "0" * 16, "useful": False, "reason": f"{WORDS} {PHONE}"})
    client.post("/v1/feedback", json={"answer_id": WORDS, "useful": False})
    metrics = client.get("/metrics").text
    captured = capfd.readouterr()
    assert captured.out == ""
    logged = captured.err.splitlines()
    assert len([line for line in logged if '"event": "request"' in line]) == 18
    written = metrics + captured.err
    assert [
        word for word in (WORDS, WORDS.encode("unicode_escape").decode(), PHONE, "YEARLEAVE") if word in written
    ] == []


def test_an_unexpected_error_is_logged_and_answered_like_any_other(
    start: Start, capsys: pytest.CaptureFixture[str], assert_problem: Callable[..., None]
) -> None:
    client = start()

    @client.app.get("/broken")  # type: ignore[attr-defined]
    def broken() -> None:
        raise RuntimeError("secret detail")

    capsys.readouterr()
    response = client.get("/broken", headers={"X-Request-ID": "mine"})
    assert_problem(response, 500, "internal_error")
    assert "secret" not in response.text
    failed, request = log_lines(capsys)
    assert (failed["event"], failed["level"], failed["request_id"]) == ("request failed", "error", "mine")
    assert "RuntimeError: secret detail" in failed["exception"]
    assert (request["event"], request["status"]) == ("request", 500)
    assert samples(client, "wengong_http_requests_total")['{method="GET",route="/broken",status="500"}'] == 1


def test_requests_are_counted_by_route_method_and_status(start: Start) -> None:
    client = start()
    client.get("/v1/handbooks")
    client.get("/v1/handbooks")
    client.get("/v1/handbooks/none")
    client.get("/nowhere")
    client.request("BREW", "/nowhere")
    assert samples(client, "wengong_http_requests_total") == {
        '{method="GET",route="/v1/handbooks",status="200"}': 2,
        '{method="GET",route="/v1/handbooks/{handbook_id}",status="404"}': 1,
        '{method="GET",route="unmatched",status="404"}': 1,
        '{method="other",route="unmatched",status="404"}': 1,
    }
    assert samples(client, "wengong_http_request_seconds_count")['{route="/v1/handbooks"}'] == 2


def test_answers_and_feedback_are_counted(start: Start) -> None:
    client = start()
    for question in ("第1问", "第2问", "第99问"):
        client.post("/v1/ask", json={"question": question})
    for number, useful in enumerate((True, True, False)):
        client.post("/v1/feedback", json={"answer_id": f"a_{number:016x}", "useful": useful})
    assert samples(client, "wengong_answers_total") == {'{status="answered"}': 2, '{status="abstained"}': 1}
    assert samples(client, "wengong_retrieval_seconds_count") == {"": 3}
    assert samples(client, "wengong_feedback_total") == {'{useful="true"}': 2, '{useful="false"}': 1}


def test_the_metrics_name_the_version_that_is_served_now(
    start: Start,
    small_data: Path,
    encoder: Encoder,
    leave_handbook: Path,
    write_handbook: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live_retriever, "CHECKED_EVERY_S", 0.0)
    client = start()
    first = client.get("/readyz").json()["index_version"]
    assert samples(client, "wengong_index_info") == {f'{{version="{first}"}}': 1}
    other = write_handbook(leave_handbook.parent / "safety", {"安全帽怎么戴？": "系紧下颏带。"})
    second = build_index([leave_handbook, other], small_data / "index", encoder).version
    client.get("/readyz")
    assert samples(client, "wengong_index_info") == {f'{{version="{second}"}}': 1}

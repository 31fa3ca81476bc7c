import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_from_bytes

from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.handbook import Handbook

JSON = {"Content-Type": "application/json"}
ROUTES = ["/v1/ask", "/v1/feedback"]
# Any code point at all: hypothesis leaves surrogates out unless told otherwise.
any_text = st.text(st.characters(exclude_categories=()), max_size=30)
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=8,
)
# Bodies that come close to sound ones reach further than random JSON does.
nearly_ask = st.fixed_dictionaries(
    {"question": any_text | any_json},
    optional={"history": st.lists(any_text, max_size=11) | any_json, "handbook": any_json, "limit": any_json},
)
nearly_feedback = st.fixed_dictionaries(
    {"answer_id": st.from_regex("a_[0-9a-f]{16}\n?", fullmatch=True) | any_json, "useful": st.booleans() | any_json},
    optional={"reason": any_text | any_json},
)
raw_bytes = st.binary(max_size=40)


def assert_answer_or_problem(response: Any, assert_problem: Callable[..., None]) -> None:
    assert response.status_code < 500, response.text
    if response.status_code >= 400:
        assert_problem(response, response.status_code, response.json()["code"])
    else:
        assert response.headers["content-type"] == "application/json"
        assert response.json() is not None


@settings(max_examples=120, deadline=None)
@given(route=st.sampled_from(ROUTES), body=any_json | nearly_ask | nearly_feedback)
def test_any_json_gets_an_answer_or_a_problem(
    client: TestClient, assert_problem: Callable[..., None], route: str, body: Any
) -> None:
    assert_answer_or_problem(client.post(route, content=json.dumps(body), headers=JSON), assert_problem)


@settings(max_examples=60, deadline=None)
@given(
    route=st.sampled_from(ROUTES), body=st.binary(max_size=200), kind=st.sampled_from(["application/json", "x/y", ""])
)
def test_any_bytes_get_an_answer_or_a_problem(
    client: TestClient, assert_problem: Callable[..., None], route: str, body: bytes, kind: str
) -> None:
    assert_answer_or_problem(client.post(route, content=body, headers={"Content-Type": kind}), assert_problem)


@settings(max_examples=100, deadline=None)
@given(
    question=st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("农民工学历新八级第三十问"))
    | any_text,
    history=st.lists(st.sampled_from(["工会", "那呢", "还有", "第三问", "\u200b"]), max_size=3),
    limit=st.integers(1, 10),
)
def test_any_question_is_cited_word_for_word_or_refused(
    client: TestClient,
    handbook: Handbook,
    assert_problem: Callable[..., None],
    question: str,
    history: list[str],
    limit: int,
) -> None:
    body = json.dumps({"question": question, "history": history, "limit": limit})
    response = client.post("/v1/ask", content=body, headers=JSON)
    assert_answer_or_problem(response, assert_problem)
    if response.status_code == 200:
        answer = response.json()
        assert (answer["citations"] == []) == (answer["status"] == "abstained")
        assert len(answer["citations"]) <= limit
        for citation in answer["citations"]:
            assert citation["excerpt"] == handbook.text[citation["start"] : citation["end"]]


@settings(max_examples=80, deadline=None)
@given(name=raw_bytes, value=raw_bytes, typed=raw_bytes, limit=st.integers(-2, 12) | any_text.map(str))
def test_any_query_string_gets_suggestions_or_a_problem(
    client: TestClient, assert_problem: Callable[..., None], name: bytes, value: bytes, typed: bytes, limit: int | str
) -> None:
    number = quote_from_bytes(str(limit).encode("utf-8", "surrogatepass"))
    query = f"q={quote_from_bytes(typed)}&limit={number}&{quote_from_bytes(name)}={quote_from_bytes(value)}"
    assert_answer_or_problem(client.get(f"/v1/suggest?{query}"), assert_problem)


@settings(max_examples=60, deadline=None)
@given(handbook_id=raw_bytes, kind=st.sampled_from(["questions", "sections"]), place=raw_bytes | st.just(b"1"))
def test_any_path_below_handbooks_gets_an_answer_or_a_problem(
    client: TestClient, assert_problem: Callable[..., None], handbook_id: bytes, kind: str, place: bytes
) -> None:
    for path in (
        f"/v1/handbooks/{quote_from_bytes(handbook_id)}/{kind}/{quote_from_bytes(place)}",
        f"/v1/handbooks/industrial-workers-50/{kind}/{quote_from_bytes(place)}",
        f"/static/{quote_from_bytes(place)}",
    ):
        response = client.get(path)
        assert response.status_code < 500
        if response.status_code >= 400:
            assert_problem(response, response.status_code, response.json()["code"])


@settings(max_examples=60, deadline=None)
@given(given_id=st.binary(max_size=80).filter(lambda value: not set(value) & {0, 10, 13}))
def test_whatever_request_id_is_given_the_one_that_comes_back_is_sound(client: TestClient, given_id: bytes) -> None:
    returned = client.get("/healthz", headers=[(b"X-Request-ID", given_id)]).headers["x-request-id"]
    assert 1 <= len(returned) <= 64
    assert set(returned) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")

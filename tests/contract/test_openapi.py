"""The description at `/openapi.json` is frozen in `openapi.json` beside this file.

A change of the HTTP interface shows up here first. When it is meant, write the file anew:

    WENGONG_DATA=$(mktemp -d) .venv/bin/python -c "import json, chat_api; print(json.dumps(
        chat_api.create_app().openapi(), ensure_ascii=False, indent=2, sort_keys=True))" > tests/contract/openapi.json
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

SAY_NOTHING = {"delete /v1/me", "post /v1/wechat/logout"}
OPENAI = {"get /v1/models", "post /v1/chat/completions"}
FROZEN = Path(__file__).with_name("openapi.json")
ROUTES = {
    ("get", "/healthz"),
    ("get", "/metrics"),
    ("get", "/readyz"),
    ("get", "/v1/handbooks"),
    ("get", "/v1/handbooks/{handbook_id}"),
    ("get", "/v1/handbooks/{handbook_id}/questions"),
    ("get", "/v1/handbooks/{handbook_id}/questions/{question_number}"),
    ("get", "/v1/handbooks/{handbook_id}/sections/{section_id}"),
    ("get", "/v1/models"),
    ("get", "/v1/suggest"),
    ("delete", "/v1/me"),
    ("post", "/v1/ask"),
    ("post", "/v1/chat/completions"),
    ("post", "/v1/feedback"),
    ("post", "/v1/wechat/login"),
    ("post", "/v1/wechat/logout"),
}


@pytest.fixture(scope="module")
def description(client: TestClient) -> dict[str, Any]:
    body: dict[str, Any] = client.get("/openapi.json").json()
    return body


def operations(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_the_interface_is_the_frozen_one(description: dict[str, Any]) -> None:
    assert description == json.loads(FROZEN.read_text(encoding="utf-8"))


def test_every_route_of_the_design_is_described_and_no_other(description: dict[str, Any]) -> None:
    assert {tuple(name.split()) for name, _ in operations(description)} == ROUTES


def test_every_operation_has_a_name_of_its_own_and_a_chinese_summary(description: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, operation in operations(description)]
    assert len(set(names)) == len(names) == len(ROUTES)
    assert all(any("\u4e00" <= character <= "\u9fff" for character in o["summary"]) for _, o in operations(description))


def test_every_error_is_described_as_a_problem_or_in_the_shape_of_openai(description: dict[str, Any]) -> None:
    as_problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    as_openai = {"application/json": {"schema": {"$ref": "#/components/schemas/CompletionError"}}}
    for name, operation in operations(description):
        problem = as_openai if name in OPENAI else as_problem
        assert set(operation["responses"]) == {"204" if name in SAY_NOTHING else "200", "4XX", "5XX"}, name
        assert operation["responses"]["4XX"]["content"] == problem, name
        assert operation["responses"]["5XX"]["content"] == problem, name


def test_every_answer_but_the_metrics_has_a_schema(description: dict[str, Any]) -> None:
    for name, operation in operations(description):
        if name != "get /metrics" and name not in SAY_NOTHING:
            assert "$ref" in operation["responses"]["200"]["content"]["application/json"]["schema"], name


def test_requests_refuse_what_they_do_not_know(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]
    assert schemas["AskRequest"]["additionalProperties"] is False
    assert schemas["FeedbackRequest"]["additionalProperties"] is False
    assert schemas["LoginRequest"]["additionalProperties"] is False
    question = schemas["AskRequest"]["properties"]["question"]
    assert (question["minLength"], question["maxLength"]) == (1, 500)


def test_no_schema_is_left_over(description: dict[str, Any]) -> None:
    text = json.dumps(description)
    assert [name for name in description["components"]["schemas"] if f'"#/components/schemas/{name}"' not in text] == []

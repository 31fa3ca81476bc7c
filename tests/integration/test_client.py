"""The typed client against a real service, and its models against the frozen description."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import BaseModel
from wengong_client import Client, WengongProblem, models

from chat_api import create_app
from chat_api.settings import ServerSettings
from retriever.settings import RetrieverSettings

HANDBOOK = "industrial-workers-50"
DESCRIPTION = Path(__file__).parents[1] / "contract" / "openapi.json"
KEY = "k" * 24


@pytest.fixture
def service(serve: Callable[[Any], str], data_folder: Path) -> Iterator[Client]:
    settings = ServerSettings(auth="api_key", api_keys=[KEY])  # type: ignore[list-item]  # pydantic makes it a secret
    with Client(serve(create_app(settings, RetrieverSettings(data=data_folder))), key=KEY) as client:
        yield client


def test_everything_that_can_be_asked_comes_back_with_its_type(service: Client) -> None:
    answer = service.ask("那资助了多少人", history=["求学圆梦行动是什么"], handbook=HANDBOOK, limit=2)
    first = answer.citations[0]
    assert (answer.status, first.question_number, len(answer.citations) <= 2) == ("answered", 38, True)
    whole = service.get_question(HANDBOOK, 38)
    assert whole.text[first.start - whole.start : first.end - whole.start] == first.excerpt
    assert service.get_section(HANDBOOK, "q38") == whole
    assert len([line for line in service.list_questions(HANDBOOK).questions if line.question_number]) == 50
    assert service.list_handbooks().handbooks[0].id == service.get_handbook(HANDBOOK).id == HANDBOOK
    assert service.suggest("工匠", limit=2).suggestions
    assert service.give_feedback(answer.answer_id, useful=True, reason="清楚").useful
    assert service.ready().index_version == answer.index_version


@pytest.mark.parametrize(
    ("question", "handbook", "status", "code"),
    [("", None, 422, "question_blank"), ("工会", "no-such", 404, "unknown_handbook")],
)
def test_a_refusal_is_an_error_with_a_code_and_a_message(
    service: Client, question: str, handbook: str | None, status: int, code: str
) -> None:
    with pytest.raises(WengongProblem) as caught:
        service.ask(question, handbook=handbook)
    assert (caught.value.status, caught.value.code) == (status, code)
    assert caught.value.detail


def test_a_wrong_key_and_a_service_that_is_gone_are_told_apart(service: Client) -> None:
    with Client(str(service._http.base_url), key="x" * 24) as stranger, pytest.raises(WengongProblem, match="401"):
        stranger.ask("工会")
    with Client("http://127.0.0.1:1") as nobody, pytest.raises(httpx.ConnectError):
        nobody.ask("工会")


def test_the_models_are_those_of_the_description() -> None:
    described = json.loads(DESCRIPTION.read_text(encoding="utf-8"))["components"]["schemas"]
    for name, schema in described.items():
        model = getattr(models, name)
        if not issubclass(model, BaseModel) or "properties" not in schema:
            continue
        assert set(model.model_fields) == set(schema["properties"]), f"{name}: run make client"
        required = {field for field, about in model.model_fields.items() if about.is_required()}
        assert required == set(schema.get("required", [])), f"{name}: run make client"

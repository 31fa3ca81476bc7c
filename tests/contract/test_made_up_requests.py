"""Requests that schemathesis makes up from the description, sound ones and others, to a service over HTTP."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS, load_all_checks

from chat_api import create_app
from chat_api.limits.settings import LimitSettings
from retriever.settings import RetrieverSettings
from tests.conftest import serving

DESCRIPTION: Any = schemathesis.openapi.from_path(Path(__file__).with_name("openapi.json"))
# What a schema cannot say: a question of spaces only, a conversation without a message of its user.
NOT_ASKED = ["positive_data_acceptance"]
load_all_checks()


@pytest.fixture(scope="module")
def address(data_folder: Path) -> Iterator[str]:
    """Of a service without rate limits."""
    app = create_app(
        retriever_settings=RetrieverSettings(data=data_folder), limit_settings=LimitSettings(rate_limit="off")
    )
    with serving(app) as address:
        yield address


@DESCRIPTION.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_response_is_as_described(case: Any, address: str) -> None:
    case.call_and_validate(base_url=address, excluded_checks=CHECKS.get_by_names(NOT_ASKED))

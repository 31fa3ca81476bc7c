"""An app of one's own on a small index, for tests that change its data or its settings, or read its log."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from chat_api import create_app
from chat_api.settings import ServerSettings
from retriever.settings import RetrieverSettings


@pytest.fixture
def start(small_data: Path) -> Iterator[Callable[..., TestClient]]:
    """A function that starts an app with some server settings, and gives a client of it."""
    with ExitStack() as stack:

        def started(**settings: Any) -> TestClient:
            app = create_app(ServerSettings(**settings), RetrieverSettings(data=small_data))
            return stack.enter_context(TestClient(app, raise_server_exceptions=False))

        yield started

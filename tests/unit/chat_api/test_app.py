import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from chat_api import create_app
from chat_api.settings import ServerSettings
from corpus.errors import EncoderMissing, SettingsInvalid, StateUnavailable
from retriever.settings import RetrieverSettings

SITE = "https://union.example"
Start = Callable[..., TestClient]


def test_the_page_is_checked_for_a_newer_one_each_time(client: TestClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"
    assert "问工" in response.text


def test_everything_the_page_names_on_this_site_is_there(client: TestClient) -> None:
    names = sorted(part.split('"')[0] for part in client.get("/").text.split('"/static/')[1:])
    assert names
    assert [client.get(f"/static/{name}").status_code for name in names] == [200] * len(names)


@pytest.mark.parametrize("path", ["/static/no-such.js", "/static/../app.py", "/static/%2e%2e/app.py", "/static/%00"])
def test_nothing_beside_the_page_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_nothing_is_served_below_docs(client: TestClient) -> None:
    assert {client.get(path).status_code for path in ("/docs", "/redoc")} == {404}


def test_without_allowed_origins_no_site_is_let_in(client: TestClient) -> None:
    response = client.get("/v1/handbooks", headers={"Origin": SITE})
    assert response.status_code == 200
    assert "access-control-allow-origin" not in response.headers


def test_an_allowed_site_may_ask_and_read_errors_and_another_may_not(start: Start) -> None:
    client = start(allowed_origins=(SITE,))
    for path in ("/v1/handbooks", "/v1/handbooks/none", "/nowhere"):
        assert client.get(path, headers={"Origin": SITE}).headers["access-control-allow-origin"] == SITE
        other = client.get(path, headers={"Origin": "https://other.example"})
        assert "access-control-allow-origin" not in other.headers


def test_a_browser_of_an_allowed_site_is_told_it_may_post(start: Start) -> None:
    client = start(allowed_origins=(SITE,))
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type, x-request-id"}
    granted = client.options("/v1/ask", headers={"Origin": SITE, **asked})
    assert granted.status_code == 200
    assert granted.headers["access-control-allow-origin"] == SITE
    assert "POST" in granted.headers["access-control-allow-methods"]
    refused = client.options("/v1/ask", headers={"Origin": "https://other.example", **asked})
    assert refused.status_code == 400
    assert "access-control-allow-origin" not in refused.headers
    deleting = {"Origin": SITE, "Access-Control-Request-Method": "DELETE"}
    assert client.options("/v1/ask", headers=deleting).status_code == 400


def test_settings_that_are_not_given_are_read_from_the_environment(
    small_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENGONG_DATA", str(small_data))
    monkeypatch.setenv("WENGONG_CONTACT", "找车间工会")
    with TestClient(create_app()) as client:
        assert client.get("/readyz").json()["handbook_count"] == 1
        assert client.app.state.services.settings.contact == "找车间工会"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("WENGONG_PORT", "abc", SettingsInvalid),
        ("WENGONG_ENCODER", "/no/such/model", EncoderMissing),
        ("WENGONG_DATABASE_URL", "nonsense", StateUnavailable),
    ],
)
def test_what_the_service_cannot_work_with_keeps_it_from_starting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, error: type[Exception]
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(error):
        create_app()


def test_two_apps_in_one_process_share_nothing(start: Start) -> None:
    first, second = start(), start()
    first.get("/v1/handbooks")
    assert 'route="/v1/handbooks"' in first.get("/metrics").text
    assert 'route="/v1/handbooks"' not in second.get("/metrics").text


def test_stopping_gives_the_database_back(small_data: Path) -> None:
    app = create_app(ServerSettings(), RetrieverSettings(data=small_data))
    with TestClient(app) as client:
        client.post("/v1/feedback", json={"answer_id": "a_" + "0" * 16, "useful": True})
        assert (small_data / "state.sqlite3-wal").exists()
    assert not (small_data / "state.sqlite3-wal").exists()


def test_importing_the_service_does_nothing_and_loads_neither_torch_nor_document_parsers(tmp_path: Path) -> None:
    lines = [
        "import sys, chat_api, chat_api.server",
        "heavy = {'torch', 'sentence_transformers', 'docx', 'lxml', 'ingest'} & set(sys.modules)",
        "assert not heavy, heavy",
    ]
    done: Any = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []

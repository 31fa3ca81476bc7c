from pathlib import Path

import pytest
from pydantic import ValidationError

from chat_api.settings import DEFAULT_CONTACT, ServerSettings
from corpus.errors import SettingsInvalid
from retriever.settings import read_settings


def test_the_defaults_serve_this_machine_only_and_no_other_site() -> None:
    settings = ServerSettings()
    assert (settings.host, settings.port, settings.allowed_origins) == ("127.0.0.1", 8000, ())
    assert settings.contact == DEFAULT_CONTACT
    assert "12351" in settings.contact
    assert settings.database_url == ""


def test_every_setting_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENGONG_HOST", "0.0.0.0")  # noqa: S104 -- the setting under test
    monkeypatch.setenv("WENGONG_PORT", "9000")
    monkeypatch.setenv("WENGONG_CONTACT", "找车间工会")
    monkeypatch.setenv("WENGONG_ALLOWED_ORIGINS", '["https://union.example"]')
    monkeypatch.setenv("WENGONG_DATABASE_URL", "sqlite://")
    assert read_settings(ServerSettings) == ServerSettings(
        host="0.0.0.0",  # noqa: S104 -- the setting under test
        port=9000,
        contact="找车间工会",
        allowed_origins=("https://union.example",),
        database_url="sqlite://",
    )


def test_settings_cannot_be_changed_later() -> None:
    with pytest.raises(ValidationError):
        ServerSettings().port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "abc"), ("PORT", "65536"), ("PORT", "-1"), ("CONTACT", "问" * 501), ("ALLOWED_ORIGINS", "[1]")],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"WENGONG_{name}", value)
    with pytest.raises(SettingsInvalid, match=f"WENGONG_{name} "):
        read_settings(ServerSettings)


def test_a_list_that_is_not_json_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENGONG_ALLOWED_ORIGINS", "https://union.example")
    with pytest.raises(SettingsInvalid, match="allowed_origins"):
        read_settings(ServerSettings)


def test_settings_are_not_read_from_a_file_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("WENGONG_PORT=9000\n")
    monkeypatch.chdir(tmp_path)
    assert ServerSettings().port == 8000

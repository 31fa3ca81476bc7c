"""The documentation says what the code does."""

import inspect
import json
import re
from pathlib import Path

import pytest
import typer

from chat_api.limits.settings import LimitSettings
from chat_api.settings import ServerSettings
from chat_api.wechat.settings import WeChatSettings
from corpus import access_errors, limit_errors
from retriever import Retriever
from retriever.settings import RetrieverSettings
from wengong.__main__ import app

REPOSITORY = Path(__file__).resolve().parents[2]
READMES = ["README.md", "README.zh-CN.md"]


@pytest.mark.parametrize("name", READMES)
def test_every_command_and_setting_is_documented(name: str) -> None:
    readme = (REPOSITORY / name).read_text(encoding="utf-8")
    commands = typer.main.get_group(app).commands
    settings = [*ServerSettings.model_fields, *RetrieverSettings.model_fields]
    wanted = [f"wengong {command}" for command in commands] + [f"WENGONG_{setting.upper()}" for setting in settings]
    assert [words for words in wanted if words not in readme] == []


def test_every_setting_and_error_of_wechat_is_documented() -> None:
    words = (REPOSITORY / "docs" / "wechat.md").read_text(encoding="utf-8")
    settings = [f"`WENGONG_{setting.upper()}`" for setting in WeChatSettings.model_fields]
    kinds = [
        kind
        for _, kind in inspect.getmembers(access_errors, inspect.isclass)
        if kind.__module__ == access_errors.__name__
    ]
    codes = [f"`{kind.code}`" for kind in kinds]
    assert len(codes) > 10
    assert [wanted for wanted in (*settings, *codes) if wanted not in words] == []


def test_every_limit_with_its_default_and_every_error_of_limits_is_documented() -> None:
    words = (REPOSITORY / "docs" / "reliability.md").read_text(encoding="utf-8")
    for name, field in LimitSettings.model_fields.items():
        default = field.default if name != "redis_url" else "无"
        number = f"{default:g}" if isinstance(default, float) else str(default)
        assert f"| `WENGONG_{name.upper()}` | {number} |" in words
    kinds = [
        kind
        for _, kind in inspect.getmembers(limit_errors, inspect.isclass)
        if kind.__module__ == limit_errors.__name__
    ]
    assert len(kinds) >= 5
    assert [kind.code for kind in kinds if f"`{kind.code}`" not in words] == []


@pytest.mark.parametrize("name", READMES)
def test_the_answer_in_the_readme_is_a_real_one(name: str, retriever: Retriever) -> None:
    readme = (REPOSITORY / name).read_text(encoding="utf-8")
    question = re.search(r'wengong ask "(.+?)" --json', readme)
    block = re.search(r"```json\n(.+?)```", readme, re.DOTALL)
    assert question is not None
    assert block is not None
    shown = json.loads(block[1])
    answer = retriever.answer(question[1], limit=1)
    citation = answer.citations[0]
    assert shown["status"] == answer.status
    assert shown["citations"][0]["excerpt"] == citation.excerpt
    assert (shown["citations"][0]["start"], shown["citations"][0]["end"]) == (citation.start, citation.end)
    assert shown["citations"][0]["label"] == citation.label
    assert shown["citations"][0]["passage_id"] == citation.passage_id


@pytest.mark.parametrize(
    "name",
    [
        *READMES,
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/deploy.md",
        "docs/reliability.md",
        "docs/security.md",
        "docs/wechat.md",
        "docs/widget.md",
    ],
)
def test_every_file_that_the_documents_name_exists(name: str) -> None:
    document = REPOSITORY / name
    words = document.read_text(encoding="utf-8")
    named = re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", words)
    missing = [path for path in named if not path.startswith(("data/", "build/")) and not (REPOSITORY / path).exists()]
    # A link is read from where it stands.
    missing += [link for link in re.findall(r"\]\(([\w./-]+)\)", words) if not (document.parent / link).exists()]
    assert missing == []


def test_every_invariant_names_a_test_that_exists() -> None:
    words = (REPOSITORY / "ARCHITECTURE.md").read_text(encoding="utf-8")
    invariants = re.findall(r"^\d+\. \*\*.+?(?=^\d+\. \*\*|^## |\Z)", words, re.DOTALL | re.MULTILINE)
    assert len(invariants) >= 9
    for invariant in invariants:
        assert re.search(r"`tests/[\w/]+\.py`", invariant), invariant


def test_the_changelog_begins_with_the_version_of_the_package() -> None:
    changelog = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    version = re.search(
        r'^version = "(.+)"$', (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE
    )
    newest = re.search(r"^## \[?(\d+\.\d+\.\d+)", changelog, re.MULTILINE)
    assert version is not None
    assert newest is not None
    assert newest[1] == version[1]

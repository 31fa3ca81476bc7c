"""Every threat of docs/security.md names tests, and every test that it names is there."""

import ast
import re
from pathlib import Path

import pytest

from chat_api.limits.settings import LimitSettings
from chat_api.settings import ServerSettings
from chat_api.wechat.settings import WeChatSettings
from console.settings import ConsoleSettings
from retriever.settings import RetrieverSettings

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = (REPOSITORY / "docs" / "security.md").read_text(encoding="utf-8")
TEST_ID = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
# Nobody who reads the table may miss one of these.
THREATS = [
    "脚本注入",
    "提示",
    "SSRF",
    "路径穿越",
    "压缩炸弹",
    "XXE",
    "CSRF",
    "点击劫持",
    "会话",
    "口令",
    "密钥",
    "重放",
    "日志",
    "拒绝服务",
    "慢",
    "供应链",
    "索引被改",
    "隐私",
    "引错",
]


def all_settings() -> set[str]:
    kinds = (ConsoleSettings, LimitSettings, RetrieverSettings, ServerSettings, WeChatSettings)
    return {f"WENGONG_{name.upper()}" for kind in kinds for name in kind.model_fields}


def rows() -> list[list[str]]:
    """The rows of the table of threats, as cells."""
    table = PAGE.split("## 威胁", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def functions(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_row_says_what_is_threatened_by_what_what_stands_against_it_and_which_test_shows_it() -> None:
    assert len(rows()) >= 20
    for row in rows():
        assert len(row) == 4, row
        assert all(row), row
        assert TEST_ID.search(row[3]), row
        assert all(function for _, function in TEST_ID.findall(row[3])), row


def test_every_threat_is_there() -> None:
    threats = " ".join(row[1] for row in rows())
    assert [threat for threat in THREATS if threat not in threats] == []


@pytest.mark.parametrize("name", sorted({f"{file}::{function}" for file, function in TEST_ID.findall(PAGE)}))
def test_every_test_that_is_named_exists(name: str) -> None:
    file, function = name.split("::")
    assert (REPOSITORY / file).is_file()
    if function:
        assert function.startswith("test_")
        assert function in functions(REPOSITORY / file)


def test_every_setting_that_is_named_exists() -> None:
    named = set(re.findall(r"`(WENGONG_[A-Z_]+)", PAGE))
    assert named
    assert named - all_settings() == set()

"""Files and functions stay small enough to be read."""

import ast
import statistics
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGES = ["corpus", "ingest", "retriever", "chat_api", "eval", "console", "wengong", "training"]
SOURCES = [path for package in PACKAGES for path in sorted((REPOSITORY / package).rglob("*.py"))]
MAX_LINES = 250
MAX_MEDIAN_LINES = 90
MAX_95TH_FUNCTION_LINES = 30


def test_no_file_is_long_and_most_are_short() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {path.name: length for path, length in lengths.items() if length > MAX_LINES} == {}
    assert statistics.median(lengths.values()) <= MAX_MEDIAN_LINES


def test_functions_are_short() -> None:
    lengths = sorted(
        len(node.body) and (node.end_lineno or 0) - body_start(node) + 1
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert lengths[int(0.95 * len(lengths))] <= MAX_95TH_FUNCTION_LINES


def body_start(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The line on which a function's code begins, behind its docstring."""
    has_docstring = ast.get_docstring(node) is not None
    return (node.body[0].end_lineno or 0) + 1 if has_docstring else node.body[0].lineno


def test_no_file_is_called_after_nothing() -> None:
    vague = {"utils", "helpers", "common", "misc", "manager", "base"}
    assert [path.name for path in SOURCES if path.stem in vague] == []

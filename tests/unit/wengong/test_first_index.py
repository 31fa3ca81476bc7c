import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import IndexTooOld
from retriever.artifact import FORMAT_VERSION, read_manifest
from retriever.publish import current_version_folder
from retriever.settings import RetrieverSettings
from wengong import first_index
from wengong.first_index import ensure_index


def change_format(folder: Path, by: int) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format_version": FORMAT_VERSION + by}))


def make_newer(folder: Path) -> None:
    change_format(folder, 1)


def make_much_newer(folder: Path) -> None:
    change_format(folder, 100)


def make_garbage(folder: Path) -> None:
    (folder / "manifest.json").write_text("{")


def leave(folder: Path) -> None:
    assert folder.is_dir()


@pytest.mark.parametrize("change", [leave, make_newer, make_much_newer, make_garbage])
def test_a_newer_and_a_damaged_index_are_left_alone(
    small_data: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None]
) -> None:
    folder = current_version_folder(small_data / "index")
    change(folder)
    before = {path: path.read_bytes() for path in small_data.rglob("*") if path.is_file()}
    # Whatever is built here would be built by a process.
    monkeypatch.delattr(first_index, "subprocess")
    ensure_index(RetrieverSettings(data=small_data))
    assert {path: path.read_bytes() for path in small_data.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("earlier", range(1, FORMAT_VERSION))
@pytest.mark.parametrize("others", [{}, {"version": "v0", "files": {"old.bin": 1}}])
def test_an_index_of_every_earlier_format_is_told_from_a_damaged_one(
    small_data: Path, earlier: int, others: dict[str, Any]
) -> None:
    """Whatever else its manifest held then; tests/integration/test_workers.py shows that it is built anew."""
    folder = current_version_folder(small_data / "index")
    (folder / "manifest.json").write_text(json.dumps({"format_version": earlier, **others}))
    with pytest.raises(IndexTooOld, match="wengong index"):
        read_manifest(folder)

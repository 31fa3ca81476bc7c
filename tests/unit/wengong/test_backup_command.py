import io
import json
import sqlite3
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chat_api.live_retriever import LiveRetriever
from chat_api.observability import make_logger
from chat_api.state import Database
from ingest.pipeline import build_index
from retriever import Retriever
from retriever.artifact import FORMAT_VERSION, read_manifest
from retriever.encoder import Encoder
from retriever.publish import CURRENT_NAME, current_version_folder

Run = Callable[..., Any]


@pytest.fixture
def full_data(small_data: Path, write_handbook: Callable[..., Path]) -> Path:
    """A data folder with feedback, an index and a handbook of its own."""
    write_handbook(small_data / "handbooks" / "safety", {"安全帽怎么戴？": "系紧下颏带。"})
    database = Database.open("", small_data)
    database.feedback.save("a_1", useful=True, reason="好")
    database.close()
    return small_data


def feedback(data: Path) -> list[str]:
    with sqlite3.connect(data / "state.sqlite3") as connection:
        found = [row[0] for row in connection.execute("select answer_id from feedback order by answer_id")]
    connection.close()
    return found


def repacked(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of a backup whose files were changed, or left out where the change gives None."""
    with tarfile.open(source) as read, tarfile.open(target, "w:gz") as written:
        for member in read:
            stream = read.extractfile(member)
            content = change(member.name, stream.read() if stream else b"")
            if content is not None:
                member.size = len(content)
                written.addfile(member, io.BytesIO(content))
    return target


def test_what_was_backed_up_comes_back_elsewhere(
    run: Run, full_data: Path, tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run("backup", str(tmp_path / "b.tar.gz"))
    assert (done.code, done.out) == (0, "")
    assert "数据库、索引 v" in done.err
    assert "1 本" in done.err
    assert oct((tmp_path / "b.tar.gz").stat().st_mode & 0o777) == "0o600"
    monkeypatch.setenv("WENGONG_DATA", str(tmp_path / "elsewhere"))
    assert run("restore", str(tmp_path / "b.tar.gz")).code == 0
    restored = tmp_path / "elsewhere"
    assert feedback(restored) == ["a_1"]
    version = current_version_folder(restored / "index")
    assert version.name == current_version_folder(full_data / "index").name
    assert Retriever.open(version, encoder).answer("第1问").citations[0].excerpt.startswith("职工累计工作")
    safety = "handbooks/safety/source.txt"
    assert (restored / safety).read_bytes() == (full_data / safety).read_bytes()
    assert sorted(path.name for path in restored.iterdir() if not path.name.endswith(".lock")) == [
        "handbooks",
        "index",
        "state.sqlite3",
    ]


def test_what_is_there_is_replaced_only_when_asked(run: Run, full_data: Path, tmp_path: Path) -> None:
    run("backup", str(tmp_path / "b.tar.gz"))
    database = Database.open("", full_data)
    database.feedback.save("a_2", useful=True, reason=None)
    database.close()
    refused = run("restore", str(tmp_path / "b.tar.gz"))
    assert (refused.code, feedback(full_data)) == (1, ["a_1", "a_2"])
    assert "--replace" in refused.err
    assert run("restore", "--replace", str(tmp_path / "b.tar.gz")).code == 0
    assert feedback(full_data) == ["a_1"]


def test_a_backup_while_feedback_is_written_is_whole(run: Run, full_data: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def keep_writing() -> None:
        database, number = Database.open("", full_data), 0
        while not stop.is_set():
            number += 1
            database.feedback.save(f"b_{number:06}", useful=True, reason="写" * 100)
        database.close()

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        names = [str(tmp_path / f"{number}.tar.gz") for number in range(3)]
        assert [run("backup", name).code for name in names] == [0, 0, 0]
    finally:
        stop.set()
        writer.join()
    assert run("restore", "--replace", names[1]).code == 0
    kept = feedback(full_data)[1:]
    # No gap: what was written before a row that is there is there, too.
    assert kept == [f"b_{number:06}" for number in range(1, len(kept) + 1)]
    assert kept


def test_a_running_service_goes_over_to_what_was_restored(
    run: Run, full_data: Path, tmp_path: Path, encoder: Encoder, leave_handbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat_api.live_retriever.CHECKED_EVERY_S", 0.0)
    run("backup", str(tmp_path / "b.tar.gz"))
    live = LiveRetriever(full_data / "index", encoder, make_logger(), lambda _: None)
    database = Database.open("", full_data)
    before = live.get().index.manifest.version
    build_index([leave_handbook, full_data / "handbooks" / "safety"], full_data / "index", encoder)
    assert live.get().index.manifest.version != before
    database.feedback.save("a_2", useful=True, reason=None)
    assert run("restore", "--replace", str(tmp_path / "b.tar.gz")).code == 0
    assert live.get().index.manifest.version == before
    assert database.feedback.count(useful=True) == 1
    database.feedback.save("a_3", useful=True, reason=None)
    database.close()
    assert feedback(full_data) == ["a_1", "a_3"]


@pytest.mark.parametrize(
    "change",
    [
        lambda name, content: None if name == "state.sqlite3" else content,
        lambda name, content: content[:-1] + b"x" if name.endswith("passages.npy") else content,
        lambda name, content: None if name == "backup.json" else content,
        lambda name, content: b"[]" if name == "backup.json" else content,
        lambda name, content: (
            json.dumps(json.loads(content) | {"format_version": 2}).encode() if name == "backup.json" else content
        ),
    ],
    ids=["file-gone", "byte-changed", "no-list", "list-of-another-kind", "later-format"],
)
def test_a_backup_that_is_not_whole_changes_nothing(
    run: Run, full_data: Path, tmp_path: Path, change: Callable[[str, bytes], bytes | None]
) -> None:
    run("backup", str(tmp_path / "b.tar.gz"))
    pointer = (full_data / "index" / CURRENT_NAME).stat().st_mtime_ns
    done = run("restore", "--replace", str(repacked(tmp_path / "b.tar.gz", tmp_path / "c.tar.gz", change)))
    assert done.code == 1
    assert "backup_invalid" in done.err
    assert (full_data / "index" / CURRENT_NAME).stat().st_mtime_ns == pointer
    assert not list(full_data.glob(".backup-*"))


@pytest.mark.parametrize("content", [b"", b"no archive", b"\x1f\x8b cut"])
def test_what_is_no_backup_is_refused(run: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.tar.gz").write_bytes(content)
    assert "backup_invalid" in run("restore", str(tmp_path / "b.tar.gz")).err


def test_a_cut_backup_is_refused(run: Run, full_data: Path, tmp_path: Path) -> None:
    assert full_data
    run("backup", str(tmp_path / "b.tar.gz"))
    content = (tmp_path / "b.tar.gz").read_bytes()
    (tmp_path / "b.tar.gz").write_bytes(content[: len(content) // 2])
    assert "backup_invalid" in run("restore", "--replace", str(tmp_path / "b.tar.gz")).err


def test_no_member_gets_out_of_the_folder(run: Run, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("../../outside"))
    assert "backup_invalid" in run("restore", str(tmp_path / "b.tar.gz")).err
    assert not list(tmp_path.rglob("outside"))


def test_an_index_of_an_earlier_format_is_left_out_and_said(run: Run, full_data: Path, tmp_path: Path) -> None:
    before = current_version_folder(full_data / "index")
    path = before / "manifest.json"
    whole = path.read_text()
    path.write_text(whole.replace(f'"format_version": {FORMAT_VERSION}', f'"format_version": {FORMAT_VERSION - 1}'))
    assert path.read_text() != whole
    run("backup", str(tmp_path / "b.tar.gz"))
    path.write_text(whole)
    done = run("restore", "--replace", str(tmp_path / "b.tar.gz"))
    assert done.code == 0
    assert "wengong index" in done.err
    assert read_manifest(current_version_folder(full_data / "index")).version == before.name


def test_nothing_to_back_up_is_said(run: Run, tmp_path: Path) -> None:
    assert "backup_invalid" in run("backup", str(tmp_path / "b.tar.gz")).err
    assert not (tmp_path / "b.tar.gz").exists()


def test_a_failed_backup_leaves_the_last_one(run: Run, full_data: Path, tmp_path: Path) -> None:
    run("backup", str(tmp_path / "b.tar.gz"))
    before = (tmp_path / "b.tar.gz").read_bytes()
    (full_data / "state.sqlite3").write_bytes(b"no database " * 100)
    assert run("backup", str(tmp_path / "b.tar.gz")).code == 1
    assert (tmp_path / "b.tar.gz").read_bytes() == before


def test_postgresql_is_left_to_its_own_tools(
    run: Run, full_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert full_data
    monkeypatch.setenv("WENGONG_DATABASE_URL", "postgresql+psycopg://u:secret@127.0.0.1:1/x")
    done = run("backup", str(tmp_path / "b.tar.gz"))
    assert done.code == 0
    assert "pg_dump" in done.err
    assert "secret" not in done.err
    with tarfile.open(tmp_path / "b.tar.gz") as archive:
        assert "state.sqlite3" not in archive.getnames()

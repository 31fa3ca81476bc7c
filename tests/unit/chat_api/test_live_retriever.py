import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from chat_api import live_retriever
from chat_api.live_retriever import LiveRetriever
from chat_api.observability import make_logger
from corpus.errors import IndexDamaged, IndexEncoderMismatch, IndexMissing
from ingest.pipeline import build_index
from retriever.encoder import Encoder
from retriever.publish import current_version_folder


class Served:
    """A live retriever and the versions it said it opened."""

    def __init__(self, index_folder: Path, encoder: Encoder) -> None:
        self.opened: list[str] = []
        self.live = LiveRetriever(index_folder, encoder, make_logger(), self.opened.append)

    def version(self) -> str:
        return self.live.get().index.manifest.version


@pytest.fixture
def always_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_retriever, "CHECKED_EVERY_S", 0.0)


@pytest.fixture
def never_looks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_retriever, "CHECKED_EVERY_S", float("inf"))


@pytest.fixture
def second_handbook(tmp_path: Path, write_handbook: Callable[[Path, dict[str, str]], Path]) -> Path:
    return write_handbook(
        tmp_path / "folders" / "safety", {"安全帽怎么戴？": "系紧下颏带。", "触电了怎么办？": "先断电。"}
    )


@pytest.mark.usefixtures("always_looks")
def test_an_unchanged_version_is_opened_once(small_data: Path, encoder: Encoder) -> None:
    served = Served(small_data / "index", encoder)
    assert served.live.get() is served.live.get()
    assert served.opened == [served.version()]


@pytest.mark.usefixtures("always_looks")
def test_a_newly_published_version_replaces_the_served_one(
    small_data: Path, encoder: Encoder, leave_handbook: Path, second_handbook: Path
) -> None:
    served = Served(small_data / "index", encoder)
    before = served.version()
    published = build_index([leave_handbook, second_handbook], small_data / "index", encoder).version
    assert served.version() == published != before
    assert served.opened == [before, published]


@pytest.mark.usefixtures("never_looks_again")
def test_within_the_interval_the_disk_is_not_looked_at(
    small_data: Path, encoder: Encoder, leave_handbook: Path, second_handbook: Path
) -> None:
    served = Served(small_data / "index", encoder)
    version = served.version()
    build_index([leave_handbook, second_handbook], small_data / "index", encoder)
    assert served.version() == version


@pytest.mark.usefixtures("always_looks")
def test_a_damaged_new_version_never_replaces_the_served_one(
    small_data: Path, encoder: Encoder, leave_handbook: Path, second_handbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    served = Served(small_data / "index", encoder)
    before = served.version()
    published = build_index([leave_handbook, second_handbook], small_data / "index", encoder).version
    (small_data / "index" / published / "passages.json").write_bytes(b"[]")
    assert served.version() == before
    assert served.version() == before
    warnings = [line for line in capsys.readouterr().err.splitlines() if "index_damaged" in line]
    assert len(warnings) == 1  # said once for each version, not for each request


@pytest.mark.usefixtures("always_looks")
def test_after_a_damaged_version_the_next_sound_one_is_served(
    small_data: Path, encoder: Encoder, leave_handbook: Path, second_handbook: Path
) -> None:
    served = Served(small_data / "index", encoder)
    served.version()
    damaged = build_index([leave_handbook, second_handbook], small_data / "index", encoder).version
    (small_data / "index" / damaged / "passages.json").write_bytes(b"[]")
    served.version()
    rebuilt = build_index([leave_handbook, second_handbook], small_data / "index", encoder).version
    assert served.version() == rebuilt == damaged


@pytest.mark.usefixtures("always_looks")
def test_a_pointer_that_vanishes_does_not_stop_the_served_version(small_data: Path, encoder: Encoder) -> None:
    served = Served(small_data / "index", encoder)
    before = served.version()
    (small_data / "index" / "current").unlink()
    assert served.version() == before


def test_without_an_index_every_call_says_it_is_missing_until_there_is_one(
    tmp_path: Path, encoder: Encoder, leave_handbook: Path
) -> None:
    served = Served(tmp_path / "index", encoder)
    for _ in range(2):
        with pytest.raises(IndexMissing):
            served.live.get()
    published = build_index([leave_handbook], tmp_path / "index", encoder).version
    assert served.version() == published


@pytest.mark.parametrize("pointer", [b"\xff\xfe\x00", b"v" * 5000], ids=["not-utf-8", "longer-than-a-file-name"])
def test_a_pointer_that_cannot_be_read_is_a_damaged_index(small_data: Path, encoder: Encoder, pointer: bytes) -> None:
    (small_data / "index" / "current").write_bytes(pointer)
    with pytest.raises(IndexDamaged):
        Served(small_data / "index", encoder).live.get()


def test_an_index_of_another_encoder_is_refused(small_data: Path, hash_encoder: Encoder) -> None:
    with pytest.raises(IndexEncoderMismatch):
        Served(small_data / "index", hash_encoder).live.get()


@pytest.mark.usefixtures("always_looks")
def test_the_old_version_still_answers_after_its_files_are_gone(
    small_data: Path, encoder: Encoder, leave_handbook: Path, second_handbook: Path
) -> None:
    served = Served(small_data / "index", encoder)
    old = served.live.get()
    old_folder = current_version_folder(small_data / "index")
    build_index([leave_handbook, second_handbook], small_data / "index", encoder)
    shutil.rmtree(old_folder)
    assert served.live.get() is not old
    assert old.answer("第1问").citations[0].excerpt == "职工累计工作已满1年不满10年的，年休假5天。"

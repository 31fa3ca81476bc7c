"""An index version is whole and verified, or it is not served."""

import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.errors import (
    IndexDamaged,
    IndexEncoderMismatch,
    IndexMissing,
    IndexProbeFailed,
    IndexTooNew,
    IndexTooOld,
    QuestionsMissing,
)
from ingest.pipeline import build_index
from retriever import Retriever
from retriever.artifact import FORMAT_VERSION, read_manifest
from retriever.encoder import Encoder, Vectors
from retriever.encoder_choice import open_encoder
from retriever.publish import CURRENT_NAME, VERSIONS_KEPT, current_version_folder

VERSION_FILES = [
    "manifest.json",
    "handbooks.bin",
    "handbooks.bin.offsets.npy",
    "sections.json",
    "section_fingerprints.npy",
    "passages.npy",
    "passage_ids.npy",
    "wordings.npy",
    "normalised_wordings.bin",
    "classifiers/weights.npy",
    "passages.faiss",
    "wordings.faiss",
    "passages.bm25/scores.npy",
    "wordings.bm25/terms.marisa",
    "wordings.bm25/terms.npy",
    "classifiers/terms.marisa",
]


@pytest.fixture
def index_folder(tmp_path: Path, data_folder: Path) -> Path:
    return shutil.copytree(data_folder / "index", tmp_path / "index")


def handbook_copy(shipped_folder: Path, folder: Path, similar_questions: int) -> Path:
    """A handbook folder with only so many similar questions, so that its index is another version."""
    shutil.copytree(shipped_folder, folder)
    (folder / "negative_questions.jsonl").unlink()
    path = folder / "similar_questions.jsonl"
    path.write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[:similar_questions]), encoding="utf-8")
    return folder


def test_the_same_handbook_and_encoder_give_the_same_version(
    tmp_path: Path, shipped_folder: Path, version_folder: Path, encoder: Encoder
) -> None:
    manifest = build_index([shipped_folder], tmp_path / "index", encoder)
    assert manifest.version == version_folder.name
    assert manifest == read_manifest(version_folder)


def test_the_version_does_not_depend_on_the_process(tmp_path: Path, version_folder: Path) -> None:
    # Python orders sets by a seed that differs from process to process; none of it may reach the index.
    for seed in ("1", "2"):
        environment = {"WENGONG_DATA": str(tmp_path / seed), "PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"}
        subprocess.run([sys.executable, "-m", "wengong", "index"], env=environment, check=True, capture_output=True)
        assert current_version_folder(tmp_path / seed / "index").name == version_folder.name


def test_nothing_published_is_missing(tmp_path: Path, encoder: Encoder) -> None:
    with pytest.raises(IndexMissing, match="wengong index"):
        Retriever.open_current(tmp_path, encoder)


@pytest.mark.parametrize("name", VERSION_FILES)
@pytest.mark.parametrize("how", ["flipped", "cut", "gone"])
def test_any_damaged_file_is_noticed(index_folder: Path, encoder: Encoder, name: str, how: str) -> None:
    path = current_version_folder(index_folder) / name
    content = bytearray(path.read_bytes())
    if how == "gone":
        path.unlink()
    else:
        content[len(content) // 2] ^= 0x20
        path.write_bytes(bytes(content) if how == "flipped" else bytes(content[: len(content) // 2]))
    with pytest.raises((IndexDamaged, IndexEncoderMismatch)):
        Retriever.open_current(index_folder, encoder)


def test_a_file_too_many_is_noticed(index_folder: Path, encoder: Encoder) -> None:
    (current_version_folder(index_folder) / "extra.json").write_text("{}")
    with pytest.raises(IndexDamaged, match=r"extra\.json"):
        Retriever.open_current(index_folder, encoder)


@pytest.mark.parametrize(("step", "error"), [(1, IndexTooNew), (-1, IndexTooOld)])
def test_another_format_says_which_side_is_older(
    index_folder: Path, encoder: Encoder, step: int, error: type[Exception]
) -> None:
    path = current_version_folder(index_folder) / "manifest.json"
    manifest = json.loads(path.read_text()) | {"format_version": FORMAT_VERSION + step}
    path.write_text(json.dumps(manifest))
    with pytest.raises(error):
        Retriever.open_current(index_folder, encoder)


class RenamedEncoder:
    """The shipped vectors under another name."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.encoder_id = "another-encoder"
        self.dimension = encoder.dimension

    def encode(self, texts: list[str]) -> Vectors:
        return self._encoder.encode(texts)


def test_another_encoder_is_refused_by_name(version_folder: Path, encoder: Encoder) -> None:
    with pytest.raises(IndexEncoderMismatch, match="another-encoder"):
        Retriever.open(version_folder, RenamedEncoder(encoder))


class BlindEncoder(RenamedEncoder):
    """Knows nothing: every text has the zero vector."""

    def encode(self, texts: list[str]) -> Vectors:
        return self._encoder.encode([""] * len(texts))


def test_an_index_works_without_any_known_token(tmp_path: Path, shipped_folder: Path, encoder: Encoder) -> None:
    build_index([shipped_folder], tmp_path / "index", BlindEncoder(encoder))
    blind = Retriever.open_current(tmp_path / "index", BlindEncoder(encoder))
    assert blind.answer("春潮行动的培训合格率").ranking[0].key[1] == "q39"


def test_a_failed_build_leaves_the_served_version(
    tmp_path: Path, index_folder: Path, shipped_folder: Path, encoder: Encoder
) -> None:
    before = current_version_folder(index_folder)
    broken = shutil.copytree(shipped_folder, tmp_path / "broken")
    source = (broken / "source.txt").read_text(encoding="utf-8").replace("二十、产业工人在", "产业工人在")
    (broken / "source.txt").write_text(source, encoding="utf-8")
    manifest = (broken / "manifest.toml").read_text(encoding="utf-8")
    old, new = manifest.split("source_sha256 = ")[1][1:65], hashlib.sha256(source.encode()).hexdigest()
    (broken / "manifest.toml").write_text(manifest.replace(old, new), encoding="utf-8")
    (broken / "errata.toml").unlink()
    with pytest.raises(QuestionsMissing, match="第20问"):
        build_index([broken], index_folder, encoder)
    assert current_version_folder(index_folder) == before
    assert Retriever.open_current(index_folder, encoder).answer("第20问").citations


def test_an_index_that_does_not_find_itself_is_not_published(
    index_folder: Path, shipped_folder: Path, tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = current_version_folder(index_folder)
    folder = handbook_copy(shipped_folder, tmp_path / "other", 100)
    monkeypatch.setattr("retriever.single_reading.fuse", lambda *_arguments: ())
    with pytest.raises(IndexProbeFailed):
        build_index([folder], index_folder, encoder)
    assert current_version_folder(index_folder) == before


def test_only_the_newest_versions_are_kept(tmp_path: Path, shipped_folder: Path, encoder: Encoder) -> None:
    folders = [handbook_copy(shipped_folder, tmp_path / f"edition-{count}", count) for count in (10, 20, 30, 40, 50)]
    versions = [build_index([folder], tmp_path / "index", encoder).version for folder in folders]
    kept = {path.name for path in (tmp_path / "index").glob("v*")}
    assert kept == set(versions[-VERSIONS_KEPT:])
    assert (tmp_path / "index" / CURRENT_NAME).read_text().strip() == versions[-1]


def _keep_building(index_folder: str, folders: list[str]) -> None:
    encoder = open_encoder()
    while True:
        for folder in folders:
            build_index([Path(folder)], Path(index_folder), encoder)


def test_a_build_that_is_killed_at_any_moment_leaves_a_whole_version(
    tmp_path: Path, index_folder: Path, shipped_folder: Path, encoder: Encoder
) -> None:
    folders = [str(handbook_copy(shipped_folder, tmp_path / f"edition-{count}", count)) for count in (20, 30)]
    for delay_s in (0.0, 0.13, 0.29, 0.41, 0.67):
        before = (index_folder / CURRENT_NAME).stat().st_mtime_ns
        process = multiprocessing.get_context("spawn").Process(target=_keep_building, args=(str(index_folder), folders))
        process.start()
        # Killed at some moment of the second build: the first one has been published.
        while (index_folder / CURRENT_NAME).stat().st_mtime_ns == before:
            time.sleep(0.01)
        time.sleep(delay_s)
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        assert Retriever.open_current(index_folder, encoder).answer("第38问").citations
    build_index([Path(folders[0])], index_folder, encoder)
    assert not list(index_folder.glob(".building-*"))

"""Killed at any moment of an ingest, the served version goes on answering and the next ingest is clean."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

from corpus.manifest import Manifest, file_sha256, load_manifest
from ingest.add import replace_handbook
from ingest.handbook import handbook_folders, ingest_handbook
from ingest.pipeline import build_index
from retriever import Retriever
from retriever.encoder import Encoder
from retriever.encoder_choice import open_encoder

KILLS = 10
LONGEST_S = 1.2


def _manifest(old: Manifest, source: Path) -> Manifest:
    fields = {name: getattr(old, name) for name in Manifest.__slots__}
    return Manifest(**(fields | {"source_sha256": file_sha256(source)}))


def _keep_ingesting(parent: str, index_folder: str, sources: list[str]) -> None:
    encoder = open_encoder()
    (Path(index_folder) / "started").touch()
    while True:
        for source in map(Path, sources):
            folder = Path(parent) / "paid-leave"
            replace_handbook(source, _manifest(load_manifest(folder), source), Path(parent))
            build_index(handbook_folders(Path(parent)), Path(index_folder), encoder)


def test_ten_kills_at_random_moments(
    tmp_path: Path, encoder: Encoder, leave_handbook: Path, write_handbook: Callable[[Path, dict[str, str]], Path]
) -> None:
    parent, index_folder = leave_handbook.parent, tmp_path / "index"
    write_handbook(parent / "other", {"会费怎么交？": "按月交到基层工会。"})
    text = (leave_handbook / "source.txt").read_text(encoding="utf-8")
    sources = [tmp_path / "one.txt", tmp_path / "two.txt"]
    sources[0].write_text(text.replace("5天", "五天"), encoding="utf-8")
    sources[1].write_text(text.replace("5天", "5日"), encoding="utf-8")
    (leave_handbook / "similar_questions.jsonl").write_text('{"n": 2, "q": "加班给多少"}\n', encoding="utf-8")
    build_index(handbook_folders(parent), index_folder, encoder)
    chance = random.Random()
    for _ in range(KILLS):
        (index_folder / "started").unlink(missing_ok=True)
        arguments = (str(parent), str(index_folder), [str(source) for source in sources])
        process = multiprocessing.get_context("spawn").Process(target=_keep_ingesting, args=arguments)
        process.start()
        while not (index_folder / "started").exists():
            time.sleep(0.01)
        delay_s = chance.uniform(0, LONGEST_S)
        time.sleep(delay_s)
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        served = Retriever.open_current(index_folder, encoder)
        assert served.answer("第2问", handbook_id="paid-leave").citations, delay_s
    folder = parent / "paid-leave"
    replaced = replace_handbook(sources[0], _manifest(load_manifest(_recovered(parent)), sources[0]), parent)
    assert replaced.lost.wordings == ()
    build_index(handbook_folders(parent), index_folder, encoder)
    assert ingest_handbook(folder).handbook.similar_questions == (("q2", "加班给多少"),)
    assert sorted(path.name for path in parent.iterdir()) == ["other", "paid-leave"]
    assert not list(index_folder.glob(".building-*"))
    assert Retriever.open_current(index_folder, encoder).answer("第1问", handbook_id="paid-leave").citations


def _recovered(parent: Path) -> Path:
    """The handbook's folder, put back first where a kill fell between the two renames of an exchange."""
    from ingest.add import recover

    recover(parent)
    return parent / "paid-leave"

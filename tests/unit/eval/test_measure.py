"""A data set measured from end to end, over an index that is right and over one that is wrong."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import DatasetInvalid
from eval.dataset import ANSWERS, ROWS_NAME, LabelledQuestion, StoredRow
from eval.document_systems import DOCUMENT_SYSTEM_NAMES
from eval.gates import check_gates, parse_gate
from eval.interchange.beir import Document, write_beir
from eval.interchange.sheet import write_rows
from eval.measure import Plan, measure_collection, measure_handbooks
from eval.systems import SYSTEM_NAMES
from retriever import Retriever
from retriever.encoder import Encoder
from retriever.index import SearchIndex

PEER_LIBRARIES = ["bm25s jieba", "bm25s bigrams", "tf-idf", "txtai hybrid"]
QUESTIONS = {
    "年休假有几天": 1,
    "工作满一年休几天": 1,
    "加班费怎么算": 2,
    "怎么加入工会": 3,
    "入会申请书": 3,
    "班车在哪上": 0,
}


class Told:
    """Who is told of progress."""

    def __init__(self) -> None:
        self.last: dict[str, tuple[int, int]] = {}

    def __call__(self, doing: str, done: int, total: int) -> None:
        self.last[doing] = (done, total)


@pytest.fixture
def small_set(tmp_path: Path) -> Path:
    """Rows about the handbook of three questions; those of both halves are known by their ids."""
    rows = [
        StoredRow(
            row_id=f"w{number}",
            category="everyday" if section else "near",
            question=question,
            handbook_id="paid-leave",
            answers={section: ANSWERS} if section else {},
        )
        for number, (question, section) in enumerate(QUESTIONS.items())
    ]
    write_rows(tmp_path / "small" / ROWS_NAME, rows)
    return tmp_path / "small"


@pytest.fixture
def small_retriever(small_data: Path, encoder: Encoder) -> Retriever:
    return Retriever.open_current(small_data / "index", encoder)


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Three texts, and as a half of the judgements three queries, one of which nothing answers."""
    documents = [
        Document("d1", "", "年休假五天"),
        Document("d2", "加班", "按百分之一百五十"),
        Document("d3", "", "入会"),
    ]
    rows = [
        LabelledQuestion(row_id=name, category="query", question=text, handbook_id=None, relevance=relevance)
        for name, text, relevance in (("a", "年休假", {"d1": 2}), ("b", "加班", {"d2": 2}), ("n", "班车", {}))
    ]
    write_beir(tmp_path / "texts", documents, {"dev": rows[:2], "test": rows[2:]})
    return tmp_path / "texts"


def test_an_unknown_system_names_those_there(retriever: Retriever, encoder: Encoder, collection: Path) -> None:
    plan = Plan(dataset="worker-questions", split="dev", system="best")
    with pytest.raises(DatasetInvalid, match="hybrid、dense、lexical、classifier、headings"):
        measure_handbooks(plan, retriever, encoder, lambda *_: None)
    for system in ("best", "classifier"):
        with pytest.raises(DatasetInvalid, match="hybrid、dense、lexical。"):
            measure_collection(Plan(dataset=str(collection), split="dev", system=system), encoder, lambda *_: None)


def test_both_halves_together_are_the_set_and_a_limit_takes_the_first_rows(
    small_retriever: Retriever, encoder: Encoder, small_set: Path
) -> None:
    asked = []
    for split in ("dev", "test"):
        measured = measure_handbooks(
            Plan(dataset=str(small_set), split=split), small_retriever, encoder, lambda *_: None
        )
        assert (measured.run.header.dataset, measured.run.header.split) == ("small", split)
        assert [row.split for row in measured.run.rows] == [split] * len(measured.run.rows)
        assert [one.row_id for one in measured.run.served] == [row.row_id for row in measured.run.rows]
        assert (measured.missed_headings, measured.peers, measured.unavailable, measured.notes) == ((), (), {}, ())
        first = measure_handbooks(
            Plan(dataset=str(small_set), split=split, limit=1), small_retriever, encoder, lambda *_: None
        )
        assert first.run.rows == measured.run.rows[:1]
        asked += [row.question for row in measured.run.rows]
    assert sorted(asked) == sorted(QUESTIONS)


def test_the_header_says_what_was_measured(small_retriever: Retriever, encoder: Encoder, small_set: Path) -> None:
    plan = Plan(dataset=str(small_set), split="dev", system="dense")
    header = measure_handbooks(plan, small_retriever, encoder, lambda *_: None).run.header
    manifest = small_retriever.index.manifest
    assert (header.system, header.encoder_id) == ("dense", encoder.encoder_id)
    assert header.index_version == manifest.version
    assert header.corpus_sha256 == {"paid-leave": manifest.handbooks[0].text_sha256}
    assert header.section_names["q2"] == "第2问 加班费怎么算？"


def test_all_others_are_asked_the_same_rows_and_told_of(
    small_retriever: Retriever, encoder: Encoder, small_set: Path, tmp_path: Path
) -> None:
    told, missing = Told(), str(tmp_path / "none")
    plan = Plan(dataset=str(small_set), split="dev", system="lexical", with_peers=True, encoder_names=(missing,))
    measured = measure_handbooks(plan, small_retriever, encoder, told)
    others = [name for name in SYSTEM_NAMES if name != "lexical"] + PEER_LIBRARIES
    assert [peer.header.system for peer in measured.peers] == others
    assert all(peer.rows == measured.run.rows for peer in measured.peers)
    assert list(measured.unavailable) == [missing]
    assert "没有向量模型文件夹" in measured.unavailable[missing]
    count = len(measured.run.rows)
    assert told.last == dict.fromkeys(["评测", *others], (count, count))


def test_a_collection_is_indexed_in_memory_and_measured(encoder: Encoder, collection: Path) -> None:
    told = Told()
    plan = Plan(dataset=str(collection), split="dev", with_peers=True)
    measured = measure_collection(plan, encoder, told)
    header = measured.run.header
    assert (header.dataset, header.split, header.system, header.index_version) == ("texts", "dev", "hybrid", "")
    assert list(header.corpus_sha256) == ["texts"]
    assert measured.run.figures.groups["in_scope"]["hit@1"].value == 1
    assert measured.notes == ("1 题在这一份里没有标注，没有问",)
    others = [*DOCUMENT_SYSTEM_NAMES[1:], *PEER_LIBRARIES]
    assert [peer.header.system for peer in measured.peers] == others
    assert told.last == {"编码文字": (3, 3), "建词项索引": (1, 1), **dict.fromkeys(["评测", *others], (2, 2))}


def test_rows_that_nothing_answers_are_measured_too(encoder: Encoder, collection: Path) -> None:
    measured = measure_collection(Plan(dataset=str(collection), split="test"), encoder, lambda *_: None)
    assert measured.run.figures.groups["unanswerable"]["answered"].row_count == 1
    assert "in_scope" not in measured.run.figures.groups


def test_a_half_without_a_row_is_refused(
    small_retriever: Retriever, encoder: Encoder, small_set: Path, collection: Path
) -> None:
    (small_set / ROWS_NAME).write_bytes(b"")
    with pytest.raises(DatasetInvalid, match="dev 部分一道题也没有"):
        measure_handbooks(Plan(dataset=str(small_set), split="dev"), small_retriever, encoder, lambda *_: None)
    (collection / "qrels" / "dev.tsv").write_bytes(b"query-id\tcorpus-id\tscore\n")
    with pytest.raises(DatasetInvalid, match="dev 部分一道题也没有"):
        measure_collection(Plan(dataset=str(collection), split="dev"), encoder, lambda *_: None)


def test_a_scrambled_index_scores_near_zero_and_fails_every_check(
    retriever: Retriever, version_folder: Path, encoder: Encoder, scramble: Callable[[Path], None], tmp_path: Path
) -> None:
    shutil.copytree(version_folder, tmp_path / "version")
    scramble(tmp_path / "version")
    scrambled = SearchIndex(retriever.index.manifest, tmp_path / "version")
    plan = Plan(dataset="worker-questions", split="dev", limit=100)
    measured = measure_handbooks(plan, Retriever(scrambled, encoder, retriever.parameters), encoder, lambda *_: None)
    hit = measured.run.figures.groups["in_scope"]["hit@1"]
    assert hit.value is not None
    assert hit.value < 0.1
    assert len(measured.missed_headings) == 50
    assert not check_gates([parse_gate("min", "hit@1=0.8")], measured.run.figures)[0].passes

import gzip
import json
from pathlib import Path

import pytest

from corpus.errors import DatasetInvalid
from eval.interchange.beir import Document, is_beir_folder, read_beir, write_beir

DOCUMENTS = (Document("d1", "工资", "工资由集体协商确定。"), Document("d2", "", "学历可以提升。"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as others make it: gzipped, plain ids, one split, no header."""
    write(tmp_path / "corpus.jsonl", [{"id": 1, "text": "甲"}, {"id": 2, "text": "乙"}], zipped=True)
    write(tmp_path / "queries.jsonl", [{"id": 7, "text": "问甲"}, {"id": 8, "text": "问乙"}], zipped=True)
    (tmp_path / "qrels.tsv").write_text("7\t1\n", encoding="utf-8")
    return tmp_path


def write(path: Path, records: list[dict], *, zipped: bool = False) -> None:
    content = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()
    if zipped:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(content))
    else:
        path.write_bytes(content)


def test_what_is_written_is_read_again(row, tmp_path: Path) -> None:
    rows = {
        "dev": [row("a", {"d1": 2, "d2": 1}, "fact"), row("n", {}, "near")],
        "test": [row("f", {"d2": 2}, "follow_up", history=("先问",))],
    }
    write_beir(tmp_path, DOCUMENTS, rows)
    dev, test = read_beir(tmp_path, "dev"), read_beir(tmp_path, "test")
    assert is_beir_folder(tmp_path)
    assert dev.documents == DOCUMENTS
    assert [(one.row_id, one.category, one.relevance) for one in dev.rows] == [
        ("a", "fact", {"d1": 2, "d2": 1}),
        ("n", "near", {}),
    ]
    assert (test.rows[0].history, test.split) == (("先问",), "test")
    assert (dev.unjudged_count, test.unjudged_count) == (1, 2)


def test_the_usual_variations_are_read(folder: Path) -> None:
    dataset = read_beir(folder, "dev")
    assert [document.document_id for document in dataset.documents] == ["1", "2"]
    assert [(one.row_id, one.question, one.relevance, one.category) for one in dataset.rows] == [
        ("7", "问甲", {"1": 1}, "query")
    ]
    assert dataset.rows[0].is_answerable
    assert (dataset.split, dataset.unjudged_count) == ("qrels", 1)


def test_a_missing_split_names_those_there(row, tmp_path: Path) -> None:
    write_beir(tmp_path, DOCUMENTS, {"dev": [row("a", {"d1": 2})], "test": [row("b", {"d1": 2})]})
    with pytest.raises(DatasetInvalid, match="dev、test"):
        read_beir(tmp_path, "train")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("qrels.tsv", "7\t9\n", "第 1 行的文 9 不在 corpus 里"),
        ("qrels.tsv", "7\t1\tviel\n", "第 1 行应是"),
        ("qrels.tsv", "9\t1\t1\n", "题 9 不在 queries 里"),
        ("corpus.jsonl", '{"id": 1, "text": "甲"}\n{broken\n', "第 2 行不是 JSON"),
        ("corpus.jsonl", '{"text": "甲"}\n', "第 1 行没有 _id"),
        ("corpus.jsonl", '{"id": 1}\n', "第 1 行没有 text"),
        ("corpus.jsonl", '{"id": 1, "text": "甲"}\n{"id": 1, "text": "乙"}\n', "编号重复"),
        ("corpus.jsonl", "[]\n", "第 1 行不是一个 JSON 对象"),
    ],
)
def test_a_wrong_line_is_named(folder: Path, name: str, content: str, said: str) -> None:
    (folder / f"{name}.gz").unlink(missing_ok=True)
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(DatasetInvalid, match=said):
        read_beir(folder, "dev")


def test_a_broken_archive_and_a_missing_file_are_refused(folder: Path) -> None:
    (folder / "corpus.jsonl.gz").write_bytes(b"\x1f\x8b broken")
    with pytest.raises(DatasetInvalid, match="无法读取"):
        read_beir(folder, "dev")
    (folder / "corpus.jsonl.gz").unlink()
    with pytest.raises(DatasetInvalid, match=r"没有 corpus\.jsonl"):
        read_beir(folder, "dev")
    assert not is_beir_folder(folder)

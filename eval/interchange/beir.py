"""BEIR folders: `corpus.jsonl`, `queries.jsonl` and `qrels/SPLIT.tsv`.

The layout is that of Thakur et al., "BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information Retrieval
Models", 2021. Files may be gzipped (`.jsonl.gz`), an id may be called `id`, a folder with one split may keep it in
`qrels.tsv`, and the columns of the score and the header may be missing. The category of a query stands in its
`metadata`, and so may the grade from which on a document answers it, which is otherwise 1.
"""

import csv
import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO, cast

from corpus.errors import DatasetInvalid
from corpus.manifest import file_sha256
from eval.dataset import LabelledQuestion

QRELS_HEADER: Final = ("query-id", "corpus-id", "score")
DEFAULT_CATEGORY: Final = "query"
RELEVANT: Final = 1
MAX_DOCUMENTS: Final = 100_000
# With or without the mark that some editors put first.
ENCODING: Final = "utf-8-sig"


@dataclass(frozen=True, slots=True)
class Document:
    """A text of a corpus; the title may be ""."""

    document_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeirDataset:
    """A BEIR folder in memory.

    Attributes:
        documents: In file order.
        rows: The judged queries of one split, in file order; one with scores of zero only is unanswerable.
        unjudged_count: Queries without a judgement in this split, which say nothing and are not asked.
        split: Name of the split.
        corpus_sha256: Checksum of the corpus file.
    """

    documents: tuple[Document, ...]
    rows: tuple[LabelledQuestion, ...]
    unjudged_count: int
    split: str
    corpus_sha256: str


def is_beir_folder(folder: Path) -> bool:
    """Return whether a folder holds a corpus in this layout."""
    return _existing(folder, "corpus.jsonl") is not None


def read_beir(folder: Path, split: str) -> BeirDataset:
    """Return a BEIR folder with one of its splits; a folder with one split only gives that, whatever its name.

    Raises:
        DatasetInvalid: If a file is missing, a line is malformed or names an unknown document, or there are more than
            MAX_DOCUMENTS documents; the message names file and line.
    """
    documents = tuple(
        Document(_identifier(record, place), str(record.get("title") or ""), _text(record, place))
        for record, place in _records(_required(folder, "corpus.jsonl"))
    )
    if len(documents) > MAX_DOCUMENTS:
        raise DatasetInvalid(f"{folder} 有 {len(documents)} 篇文字，最多能评 {MAX_DOCUMENTS} 篇。")
    known = {document.document_id for document in documents}
    if len(known) < len(documents):
        raise DatasetInvalid(f"{folder} 的 corpus 里有编号重复。")
    qrels = _qrels_file(folder, split)
    judgements = _read_qrels(qrels, known)
    rows, unjudged_count = [], 0
    for record, place in _records(_required(folder, "queries.jsonl")):
        query_id = _identifier(record, place)
        if query_id in judgements:
            rows.append(_row(query_id, record, place, judgements[query_id]))
        else:
            unjudged_count += 1
    asked = {row.row_id for row in rows}
    if len(asked) < len(rows):
        raise DatasetInvalid(f"{folder} 的 queries 里有编号重复。")
    missing = judgements.keys() - asked
    if missing:
        raise DatasetInvalid(f"{qrels} 里的题 {min(missing)} 不在 queries 里。")
    return BeirDataset(
        documents=documents,
        rows=tuple(rows),
        unjudged_count=unjudged_count,
        split=qrels.stem,
        corpus_sha256=file_sha256(_required(folder, "corpus.jsonl")),
    )


def write_beir(folder: Path, documents: Iterable[Document], splits: Mapping[str, Sequence[LabelledQuestion]]) -> None:
    """Write a BEIR folder with the rows of some splits.

    A query's earlier questions, category and answering grade stand in its metadata. A row that nothing answers gets a
    judgement of zero for the first document, so that it does not vanish.
    """
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    documents = tuple(documents)
    with (folder / "corpus.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for document in documents:
            _write_record(file, {"_id": document.document_id, "title": document.title, "text": document.text})
    with (folder / "queries.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for row in (row for rows in splits.values() for row in rows):
            metadata = {
                "category": row.category,
                "history": list(row.history),
                "answering_grade": row.answering_grade,
            }
            _write_record(file, {"_id": row.row_id, "text": row.question, "metadata": metadata})
    for split, rows in splits.items():
        with (folder / "qrels" / f"{split}.tsv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter="\t", lineterminator="\n")
            writer.writerow(QRELS_HEADER)
            for row in rows:
                judged = row.relevance or {documents[0].document_id: 0}
                writer.writerows((row.row_id, document_id, grade) for document_id, grade in judged.items())


def _row(query_id: str, record: dict[str, object], place: str, judged: dict[str, int]) -> LabelledQuestion:
    metadata = record.get("metadata")
    known: Mapping[str, object] = cast("Mapping[str, object]", metadata) if isinstance(metadata, dict) else {}
    history, answering_grade = known.get("history"), known.get("answering_grade")
    return LabelledQuestion(
        row_id=query_id,
        category=str(known.get("category") or DEFAULT_CATEGORY),
        question=_text(record, place),
        history=tuple(map(str, history)) if isinstance(history, list) else (),
        handbook_id=None,
        relevance={document_id: grade for document_id, grade in judged.items() if grade >= RELEVANT},
        answering_grade=answering_grade if isinstance(answering_grade, int) else RELEVANT,
    )


def _read_qrels(path: Path, known: set[str]) -> dict[str, dict[str, int]]:
    judgements: dict[str, dict[str, int]] = {}
    with _open(path) as file:
        for line_number, cells in enumerate(csv.reader(file, delimiter="\t"), start=1):
            if not cells or (line_number == 1 and cells[0] == QRELS_HEADER[0]):
                continue
            try:
                query_id, document_id, *score = cells
                grade = int(score[0]) if score else RELEVANT
            except ValueError as error:
                raise DatasetInvalid(f"{path} 第 {line_number} 行应是“题、文、分”三列，用制表符隔开。") from error
            if document_id not in known:
                raise DatasetInvalid(f"{path} 第 {line_number} 行的文 {document_id} 不在 corpus 里。")
            judgements.setdefault(query_id, {})[document_id] = grade
    return judgements


def _qrels_file(folder: Path, split: str) -> Path:
    files = [*sorted((folder / "qrels").glob("*.tsv")), *folder.glob("qrels.tsv")]
    named = [path for path in files if path.stem == split]
    if named or len(files) == 1:
        return (named or files)[0]
    found = "、".join(path.stem for path in files) or "一个也没有"
    raise DatasetInvalid(f"{folder} 里没有 qrels/{split}.tsv（现有：{found}），请用 --split 指定。")


def _records(path: Path) -> Iterator[tuple[dict[str, object], str]]:
    with _open(path) as file:
        for line_number, line in enumerate(file, start=1):
            place = f"{path} 第 {line_number} 行"
            try:
                record = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise DatasetInvalid(f"{place}不是 JSON。") from error
            if not isinstance(record, dict):
                raise DatasetInvalid(f"{place}不是一个 JSON 对象。")
            yield record, place


def _identifier(record: Mapping[str, object], place: str) -> str:
    found = record.get("_id", record.get("id"))
    if found is None:
        raise DatasetInvalid(f"{place}没有 _id。")
    return str(found)


def _text(record: Mapping[str, object], place: str) -> str:
    text = record.get("text")
    if not isinstance(text, str):
        raise DatasetInvalid(f"{place}没有 text。")
    return text


def _existing(folder: Path, name: str) -> Path | None:
    return next((path for path in (folder / name, folder / f"{name}.gz") if path.is_file()), None)


def _required(folder: Path, name: str) -> Path:
    path = _existing(folder, name)
    if path is None:
        raise DatasetInvalid(f"{folder} 里没有 {name}（或 {name}.gz）。")
    return path


@contextmanager
def _open(path: Path) -> Iterator[TextIO]:
    try:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding=ENCODING) as file:
            yield cast("TextIO", file)
    except (OSError, EOFError, UnicodeDecodeError, zlib.error, csv.Error) as error:
        raise DatasetInvalid(f"{path} 无法读取，应是 UTF-8 的文本或它的 gzip 压缩。") from error


def _write_record(file: TextIO, record: dict[str, object]) -> None:
    file.write(json.dumps(record, ensure_ascii=False) + "\n")

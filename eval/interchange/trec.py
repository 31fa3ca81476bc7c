"""TREC qrels and run files, as trec_eval reads them: columns separated by spaces or tabs.

qrels: `query iteration document grade`. run: `query Q0 document rank score name`.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from corpus.errors import DatasetInvalid
from eval.dataset import LabelledQuestion
from eval.interchange.beir import DEFAULT_CATEGORY, RELEVANT
from eval.served import RANKED_SECTIONS_KEPT, Served, ServedSection

QRELS_COLUMNS: Final = 4
RUN_COLUMNS: Final = 6


def read_qrels(path: Path) -> tuple[LabelledQuestion, ...]:
    """Return one row a judged query, in order of appearance; a query with no grade above zero is unanswerable.

    Raises:
        DatasetInvalid: If a line has other columns, naming it.
    """
    judged: dict[str, dict[str, int]] = {}
    for (query_id, _, document_id, grade), place in _lines(path, QRELS_COLUMNS):
        judged.setdefault(query_id, {})[document_id] = int(_number(grade, place))
    return tuple(
        LabelledQuestion(
            row_id=query_id,
            category=DEFAULT_CATEGORY,
            question=query_id,
            handbook_id=None,
            relevance={document_id: grade for document_id, grade in grades.items() if grade >= RELEVANT},
            answering_grade=RELEVANT,
        )
        for query_id, grades in judged.items()
    )


def read_run(path: Path, rows: Sequence[LabelledQuestion]) -> tuple[Served, ...]:
    """Return what a run serves for each row, in their order; a row that the run leaves out was served nothing.

    Documents come by falling score, ties by rank as written. Queries that no row asks for are passed over.

    Raises:
        DatasetInvalid: If a line has other columns or names a document of its query again, naming it.
    """
    ranked: dict[str, dict[str, tuple[float, float, str]]] = {}
    for (query_id, _, document_id, rank, score, _), place in _lines(path, RUN_COLUMNS):
        documents = ranked.setdefault(query_id, {})
        if document_id in documents:
            raise DatasetInvalid(f"{place}的文 {document_id} 在题 {query_id} 里已经有了。")
        documents[document_id] = (-_number(score, place), _number(rank, place), document_id)
    return tuple(_served(row.row_id, sorted(ranked.get(row.row_id, {}).values())) for row in rows)


def write_qrels(path: Path, rows: Iterable[LabelledQuestion]) -> None:
    """Write the grades of the answerable rows; the format has no way to say that nothing answers a query."""
    lines = (f"{row.row_id} 0 {document_id} {grade}\n" for row in rows for document_id, grade in row.relevance.items())
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def write_run(path: Path, served: Iterable[Served], name: str) -> None:
    """Write a run, best first; scores are places counted from the end, so that no reader settles ties anew."""
    lines = (
        f"{one.row_id} Q0 {ranked.section_id} {place} {RANKED_SECTIONS_KEPT + 1 - place} {name}\n"
        for one in served
        for place, ranked in enumerate(one.ranking, start=1)
    )
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def _served(row_id: str, ranked: list[tuple[float, float, str]]) -> Served:
    ranking = tuple(
        ServedSection(section_id=document_id, fused_score=-negative_score)
        for negative_score, _, document_id in ranked[:RANKED_SECTIONS_KEPT]
    )
    return Served(row_id=row_id, outcome="answered" if ranking else "abstained", ranking=ranking)


def _lines(path: Path, column_count: int) -> Iterator[tuple[list[str], str]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetInvalid(f"{path} 无法读取，应是 UTF-8 的 TREC 文件。") from error
    for line_number, line in enumerate(lines, start=1):
        place = f"{path} 第 {line_number} 行"
        cells = line.split()
        if cells and len(cells) != column_count:
            raise DatasetInvalid(f"{place}有 {len(cells)} 列，应有 {column_count} 列。")
        if cells:
            yield cells, place


def _number(text: str, place: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise DatasetInvalid(f"{place}的“{text}”应是数字。")
    return number

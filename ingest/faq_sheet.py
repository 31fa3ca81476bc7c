"""Sheets of questions and answers: which column is what, what is wrong with which row, and writing them again."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from corpus.sheet_errors import SheetInvalid
from corpus.text import CONTROL, folded
from ingest.faq import FaqRow, join_items, split_items
from ingest.sheet_cells import read_cells, write_cells
from retriever.normalise import MAX_QUESTION_CHARACTERS

FIELDS = ("standard_question", "similar_questions", "negative_questions", "answers", "tags", "is_enabled")
# What the trade calls them in Chinese; a remark in brackets such as "（必填）" is left out first.
HEADERS = {
    "standard_question": ("标准问题", "标准问", "标准问句", "问题", "question", "q"),
    "similar_questions": ("相似问题", "相似问", "相似问法", "扩展问", "similar_question", "similar"),
    "negative_questions": ("反例问题", "反例问", "反例", "negative_question", "negative"),
    "answers": ("答案", "回答", "机器人回答", "标准答案", "answer", "a"),
    "tags": ("标签", "分类", "类别", "tag", "category"),
    "is_enabled": ("是否启用", "启用", "状态", "enabled"),
    "is_disabled": ("是否停用", "停用", "disabled"),
}
TRUE_WORDS = {"", "true", "1", "yes", "y", "是", "启用", "已启用", "开启"}
FALSE_WORDS = {"false", "0", "no", "n", "否", "停用", "已停用", "禁用", "关闭"}
REMARK = re.compile(r"[(（].*?[)）]")
MAX_SHOWN = 20


def load_faq(path: Path) -> tuple[FaqRow, ...]:
    """Return the rows of a sheet in order; rows without any words are passed over.

    Raises:
        UnreadableFile: If the file cannot be read.
        SheetInvalid: If there is no such header, or rows are wrong; every wrong row is named.
    """
    cells = read_cells(path)
    columns = _columns(cells[0] if cells else [])
    if "standard_question" not in columns or "answers" not in columns:
        raise SheetInvalid(
            f"{path}：第 1 行应是表头，至少要有 standard_question（标准问题）和 answers（答案）两列。", problems=()
        )
    rows, problems = [], []
    for row_number, row in enumerate(cells[1:], start=2):
        if any(cell.strip() for cell in row):
            parsed, wrong = _parsed(row_number, row, columns)
            rows.append(parsed)
            problems += [f"第 {row_number} 行：{reason}" for reason in wrong]
    problems += _clashes(rows)
    if not any(row.standard_question for row in rows):
        problems.append("表里没有一行问题")
    if problems:
        shown = "；".join(problems[:MAX_SHOWN]) + ("……" if len(problems) > MAX_SHOWN else "")
        raise SheetInvalid(f"{path}：有 {len(problems)} 处错误，一行也没有收入。{shown}。", problems=tuple(problems))
    return tuple(rows)


def save_faq(path: Path, rows: Iterable[FaqRow]) -> None:
    """Write rows to a CSV or XLSX file; `load_faq` reads the same ones, and writing those gives the same cells."""
    write_cells(path, [list(FIELDS), *map(_cells, rows)])


def _columns(header: list[str]) -> dict[str, int]:
    """Return the column of each field; of two columns with the same meaning the first."""
    columns: dict[str, int] = {}
    for column, title in enumerate(header):
        name = REMARK.sub("", folded(title)).strip().replace(" ", "_")
        for field, names in HEADERS.items():
            if name == field or name in names:
                columns.setdefault(field, column)
    return columns


def _parsed(row_number: int, row: list[str], columns: dict[str, int]) -> tuple[FaqRow, list[str]]:
    def cell(field: str) -> str:
        column = columns.get(field)
        words = row[column] if column is not None and column < len(row) else ""
        return words.replace("\r\n", "\n").replace("\r", "\n").strip()

    is_enabled, is_known = _switch(cell("is_enabled"), cell("is_disabled"))
    parsed = FaqRow(
        row_number=row_number,
        standard_question=cell("standard_question"),
        similar_questions=split_items(cell("similar_questions"), at_line_ends=True),
        negative_questions=split_items(cell("negative_questions"), at_line_ends=True),
        answers=split_items(cell("answers"), at_line_ends=False),
        tags=split_items(cell("tags"), at_line_ends=True),
        is_enabled=is_enabled,
    )
    problems = list(_problems(parsed))
    if not is_known:
        problems.append("is_enabled（是否启用）应填 TRUE 或 FALSE、是或否")
    return parsed, problems


def _switch(enabled: str, disabled: str) -> tuple[bool, bool]:
    """Return whether a row is enabled, and whether what it says about that is understood."""
    words = folded(enabled or disabled)
    is_known = words in TRUE_WORDS | FALSE_WORDS
    is_yes = words not in FALSE_WORDS
    return (not is_yes if disabled and not enabled else is_yes), is_known


def _problems(row: FaqRow) -> Iterator[str]:
    carries_only_negatives = not row.standard_question and not row.answers and not row.similar_questions
    if carries_only_negatives and row.negative_questions:
        return
    if not row.standard_question:
        yield "缺标准问题"
    elif "\n" in row.standard_question:
        yield "标准问题里有换行"
    if not row.answers and row.is_enabled:
        yield "缺答案"
    wordings = (row.standard_question, *row.similar_questions, *row.negative_questions)
    if any(len(wording) > MAX_QUESTION_CHARACTERS for wording in wordings):
        yield f"有问题超过 {MAX_QUESTION_CHARACTERS} 个字"
    if any(CONTROL.search(words) for words in (*wordings, *row.answers)):
        yield "有看不见的控制字符"
    both = {folded(text) for text in row.negative_questions} & {
        folded(text) for text in (row.standard_question, *row.similar_questions)
    }
    if both:
        yield f"“{min(both)}”既是相似问又是反例问"


def _clashes(rows: list[FaqRow]) -> list[str]:
    """Return what is wrong between rows: a question that two rows ask."""
    first_rows: dict[str, int] = {}
    problems = []
    repeated = Counter(folded(row.standard_question) for row in rows if row.standard_question)
    for row in rows:
        for wording in (row.standard_question, *row.similar_questions):
            first = first_rows.setdefault(folded(wording), row.row_number) if wording else row.row_number
            if first != row.row_number:
                what = "标准问题" if repeated[folded(wording)] > 1 else "问法"
                problems.append(f"第 {row.row_number} 行：{what}“{wording[:40]}”与第 {first} 行重复")
    return problems


def _cells(row: FaqRow) -> list[str]:
    return [
        row.standard_question,
        join_items(row.similar_questions, at_line_ends=True),
        join_items(row.negative_questions, at_line_ends=True),
        join_items(row.answers, at_line_ends=False),
        join_items(row.tags, at_line_ends=True),
        "TRUE" if row.is_enabled else "FALSE",
    ]

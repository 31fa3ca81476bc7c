"""Handbooks to sheets of questions and answers, and such sheets into handbooks that are there already."""

import json
from dataclasses import replace
from pathlib import Path

from corpus.manifest import load_manifest, verify_source
from corpus.sheet_errors import SheetInvalid
from corpus.similar_questions import NEGATIVE_QUESTIONS_NAME, load_section_wordings, write_similar_questions
from corpus.text import folded
from ingest.faq import FaqRow
from ingest.faq_sheet import load_faq
from ingest.handbook import ingest_handbook
from ingest.read_sheet import published

SHEET_SUFFIXES = {".csv", ".xlsx"}


def handbook_rows(folder: Path) -> tuple[FaqRow, ...]:
    """Return a handbook folder as rows: those of its own sheet, or one for each question with its words as the answer.

    Similar questions that staff attached since are among them; negative questions that belong to no question stand in
    a last row of their own.

    Raises:
        CorpusError: If the folder cannot be read.
    """
    source = verify_source(folder, load_manifest(folder))
    handbook = ingest_handbook(folder, allow_missing=True).handbook
    attached: dict[str, list[str]] = {}
    for section_id, wording in handbook.similar_questions:
        attached.setdefault(section_id, []).append(wording)
    if source.suffix.lower() in SHEET_SUFFIXES:
        rows = load_faq(source)
        sections = dict(zip((row.row_number for row in published(rows)), handbook.sections, strict=True))
        return tuple(
            replace(row, similar_questions=tuple(dict.fromkeys(attached[sections[row.row_number].section_id])))
            if row.row_number in sections and sections[row.row_number].section_id in attached
            else row
            for row in rows
        )
    rows = tuple(
        FaqRow(
            row_number=place,
            standard_question=section.heading,
            similar_questions=tuple(attached.get(section.section_id, ())),
            answers=tuple(handbook.text[span.start : span.end] for span in section.paragraphs),
            tags=(section.label,) if section.part is None else (section.label, section.part.display),
        )
        for place, section in enumerate(handbook.entries, start=2)
    )
    if handbook.negative_questions:
        rows += (
            FaqRow(row_number=len(rows) + 2, standard_question="", negative_questions=handbook.negative_questions),
        )
    return rows


def merged_rows(rows: tuple[FaqRow, ...], added: tuple[FaqRow, ...]) -> tuple[FaqRow, ...]:
    """Return the rows of two sheets: a question that both have as the second says it, in the first one's place.

    Similar and negative questions of both are kept, the first one's before.
    """
    newer = {folded(row.standard_question): row for row in added}
    merged = []
    for row in rows:
        update = newer.pop(folded(row.standard_question), None) if row.standard_question else None
        merged.append(row if update is None else _updated(row, update))
    return (*merged, *newer.values())


def _updated(row: FaqRow, update: FaqRow) -> FaqRow:
    return replace(
        update,
        row_number=row.row_number,
        similar_questions=tuple(dict.fromkeys(row.similar_questions + update.similar_questions)),
        negative_questions=tuple(dict.fromkeys(row.negative_questions + update.negative_questions)),
        tags=update.tags or row.tags,
    )


def attach_rows(sheet: Path, folder: Path, *, dry_run: bool = False) -> tuple[int, int]:
    """Return how many similar and negative questions of a sheet were new to a booklet, after adding them to it.

    The booklet's text stays as it is: its questions are found by their headings, and the sheet's answers are left out.

    Raises:
        SheetInvalid: If rows are wrong, or ask what the booklet does not; every such row is named.
        CorpusError: If the folder cannot be read.
    """
    rows = load_faq(sheet)
    handbook = ingest_handbook(folder, allow_missing=True).handbook
    by_heading = {folded(section.heading): section.section_id for section in handbook.entries}
    unknown = tuple(
        f"第 {row.row_number} 行：《{handbook.title}》没有“{row.standard_question[:40]}”这一问"
        for row in rows
        if row.standard_question and folded(row.standard_question) not in by_heading
    )
    if unknown:
        raise SheetInvalid(
            f"{sheet}：有 {len(unknown)} 行的标准问题不在手册里，一行也没有收入。{'；'.join(unknown[:20])}。",
            problems=unknown,
        )
    known = load_section_wordings(folder)
    offered = [
        (by_heading[folded(row.standard_question)], wording) for row in rows for wording in row.similar_questions
    ]
    new = [pair for pair in dict.fromkeys(offered) if pair not in set(known)]
    negatives = [text for row in rows for text in row.negative_questions if text not in handbook.negative_questions]
    if not dry_run:
        write_similar_questions(folder, [*known, *new])
        _append_negatives(folder, negatives)
    return len(new), len(negatives)


def _append_negatives(folder: Path, negatives: list[str]) -> None:
    if negatives:
        with (folder / NEGATIVE_QUESTIONS_NAME).open("a", encoding="utf-8") as file:
            file.writelines(json.dumps({"q": text}, ensure_ascii=False) + "\n" for text in negatives)

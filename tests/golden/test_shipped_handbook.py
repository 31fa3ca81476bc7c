"""The shipped handbook, section by section, against the readable list in `shipped_handbook.txt`."""

import re
from pathlib import Path

import pytest

from corpus.handbook import Handbook, Section
from corpus.text import canonical
from ingest.handbook import ingest_handbook
from ingest.passages import find_passages
from ingest.report import IngestReport

GOLDEN = Path(__file__).with_name("shipped_handbook.txt")
INNER_LIST_SECTIONS = {"q2": 3, "q5": 6, "q20": 4, "q43": 4, "q44": 4, "q45": 3, "q46": 4}
PARTS = [
    ("第一部分", "", 1, 5),
    ("第二部分", "听党话、跟党走，奏响“工人伟大、劳动光荣”的时代主旋律", 6, 16),
    ("第三部分", "产业工人的职业发展通道更加畅通、职业舞台将更加宽广", 17, 28),
    ("第四部分", "产业工人技能素质提升有渠道、有资源", 29, 35),
    ("第五部分", "农民工的成长和发展将得到进一步重视", 36, 41),
    ("第六部分", "国家将为产业工人打造互联网“知识海洋”和“服务神器”", 42, 46),
    ("第七部分", "展望未来，改革将不断为产业工人实现更好发展提供有力支持", 47, 50),
]


@pytest.fixture(scope="module")
def report(shipped_folder: Path) -> IngestReport:
    return ingest_handbook(shipped_folder).report


@pytest.fixture(scope="module")
def source(shipped_folder: Path) -> str:
    return (shipped_folder / "source.txt").read_bytes().decode("utf-8")


def row(section: Section) -> str:
    part = section.part.label if section.part else "————"
    spans = f"{len(section.paragraphs):>2} 段 {section.start:>6}–{section.end:<6}"
    return f"{section.section_id:<9} {part} {spans} {section.heading}"


def question(handbook: Handbook, number: int) -> Section:
    return handbook.questions[number - 1]


def test_the_sections_are_those_of_the_golden_file(handbook: Handbook) -> None:
    assert [row(section) for section in handbook.sections] == GOLDEN.read_text(encoding="utf-8").splitlines()


def test_fifty_of_fifty_questions_are_found_in_order(handbook: Handbook) -> None:
    assert [section.number for section in handbook.questions] == list(range(1, 51))
    assert len(handbook.sections) == 51


def test_the_foreword_is_a_section_without_number_or_part(handbook: Handbook) -> None:
    foreword = handbook.sections[0]
    assert (foreword.section_id, foreword.number, foreword.heading, foreword.part) == ("foreword", None, "前言", None)
    assert handbook.text[foreword.start : foreword.end].startswith("前  言\n\n工人阶级是我国的领导阶级")


def test_parts_hold_their_questions_and_broken_titles_are_joined(handbook: Handbook) -> None:
    numbers: dict[tuple[str, str], list[int]] = {}
    for section in handbook.questions:
        assert section.part is not None
        numbers.setdefault((section.part.label, section.part.title), []).append(section.number or 0)
    assert [(*key, found[0], found[-1]) for key, found in numbers.items()] == PARTS


def test_only_the_lost_title_of_part_one_is_inferred(handbook: Handbook) -> None:
    inferred = {section.part.label: section.part.is_inferred for section in handbook.questions if section.part}
    assert inferred == {label: label == "第一部分" for label, *_ in PARTS}


def test_heading_38_loses_the_space_that_the_text_keeps(handbook: Handbook) -> None:
    section = question(handbook, 38)
    assert section.heading == "“求学圆梦行动”能给农民工提供提升学历的机会吗?"
    assert "提供 提升" in handbook.text[section.start : section.end]


def test_heading_45_stands_behind_an_ideographic_space(handbook: Handbook) -> None:
    section = question(handbook, 45)
    assert handbook.text[section.start - 1] == "\u3000"
    assert handbook.text[section.start :].startswith("四十五、产业工人如何享受")


def test_inner_lists_are_list_items_and_never_questions(handbook: Handbook) -> None:
    opened = re.compile(r"[(（]\d[)）]|\d\.(?!\d)")
    counts = {
        section.section_id: sum(paragraph.is_list_item for paragraph in section.paragraphs)
        for section in handbook.sections
    }
    assert {section_id: count for section_id, count in counts.items() if count} == INNER_LIST_SECTIONS
    for section in handbook.sections:
        assert not opened.match(section.heading)
        for paragraph in section.paragraphs:
            assert paragraph.is_list_item == bool(opened.match(handbook.text, paragraph.start))


def test_the_text_is_the_source_without_its_bookmark_marks(handbook: Handbook, source: str) -> None:
    assert handbook.text == re.sub(r"\[bookmark: _Toc\d+\]", "", source) == canonical(source)
    assert handbook.text.count("\u00a0") == source.count("\u00a0") == 4
    assert handbook.text.count("\u3000") == source.count("\u3000") > 0


def test_every_line_of_words_is_a_heading_a_part_or_a_paragraph(handbook: Handbook) -> None:
    known = {(paragraph.start, paragraph.end) for section in handbook.sections for paragraph in section.paragraphs}
    unclaimed, start = [], 0
    for line in handbook.text.split("\n"):
        span = (start + len(line) - len(line.lstrip()), start + len(line.rstrip()))
        if line.strip() and span not in known and span[0] not in {section.start for section in handbook.sections}:
            unclaimed.append(line.strip())
        start += len(line) + 1
    # What is left are the printed headings of parts two to seven; three of them are broken over two lines.
    assert len(unclaimed) == 6 + 3
    assert [words[:4] for words in unclaimed if words.startswith("第")] == [label for label, *_ in PARTS[1:]]


def test_the_report_has_nothing_to_look_at_but_four_odd_spaces(report: IngestReport) -> None:
    assert report.is_complete
    assert (report.found_count, report.expected_count, report.numbering_style) == (50, 50, "一、")
    assert report.confidence > 0.9
    assert report.gaps == report.duplicate_lines == report.out_of_order_lines == ()
    assert report.contents_lines == report.empty_answers == ()
    assert report.inferred_part_labels == ("第一部分",)
    assert report.unnumbered_sections == ("前言",)
    assert report.bookmark_mark_count == 60
    assert [(odd.name, odd.count) for odd in report.odd_characters] == [("NO-BREAK SPACE", 4)]


def test_every_erratum_stands_where_it_says(handbook: Handbook) -> None:
    assert handbook.errata
    for erratum in handbook.errata:
        assert handbook.text[erratum.start : erratum.end] == erratum.printed != erratum.corrected


def test_passages_cover_every_paragraph_once_within_their_bounds(handbook: Handbook) -> None:
    passages = find_passages(handbook)
    covered = sorted(position for passage in passages for position in range(passage.start, passage.end))
    assert len(covered) == len(set(covered))
    words = {
        position
        for section in handbook.sections
        for paragraph in section.paragraphs
        for position in range(paragraph.start, paragraph.end)
    }
    assert words <= set(covered)
    assert "".join(handbook.text[position] for position in sorted(set(covered) - words)).strip() == ""
    items = {
        (item.start, item.end) for section in handbook.sections for item in section.paragraphs if item.is_list_item
    }
    for passage in passages:
        length = passage.end - passage.start
        assert length <= 220
        assert length >= 40 or (passage.start, passage.end) in items
        assert sum(passage.start < end and start < passage.end for start, end in items) <= 1

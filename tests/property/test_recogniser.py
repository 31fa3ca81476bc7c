"""Generated handbooks, as many kinds as print has, and the recogniser that must find every question of each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.chinese_numbers import chinese_numeral
from corpus.handbook import Section
from ingest.document import Document
from ingest.report import IngestReport, make_report
from ingest.sections import find_sections

EXAMPLES = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
OUTER: dict[str, tuple[str, Callable[[int], str]]] = {
    "一、": ("一、", lambda number: f"{chinese_numeral(number)}、"),
    "第N问": ("第N问", lambda number: f"第{number}问 "),
    "第一问": ("第N问", lambda number: f"第{chinese_numeral(number)}问："),
    "问题N": ("问题N", lambda number: f"问题{number}："),
    "QN": ("QN", lambda number: f"Q{number}. "),
    "1.": ("1.", lambda number: f"{number}."),
    "1、": ("1.", lambda number: f"{number}、"),
    "（一）": ("（1）", lambda number: f"（{chinese_numeral(number)}）"),
    "(1)": ("（1）", lambda number: f"({number}) "),
}
INNER: dict[str, Callable[[int], str]] = {
    "1.": lambda number: f"{number}.",
    "1、": lambda number: f"{number}、",
    "（1）": lambda number: f"（{number}）",
    "(一)": lambda number: f"({chinese_numeral(number)})",
    "①": lambda number: chr(ord("①") + number - 1),
}
TOPICS = ["会费怎么交", "女职工产假有多少天", "工资被拖欠怎么办", "劳动合同到期不续签有补偿吗", "困难职工如何申请帮扶"]
ANSWER = "《办法》规定：职工依法享有这项权利，单位应当按时办理。"


@dataclass
class Shape:
    """How a generated handbook looks."""

    outer: str
    inner: str
    count: int
    question_mark: str = "？"
    contents: str = ""
    part_word: str = ""
    lists: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)


SHAPES = st.builds(
    Shape,
    outer=st.just(""),
    inner=st.sampled_from(list(INNER)),
    count=st.integers(12, 120),
    question_mark=st.sampled_from(["？", "?", ""]),
    contents=st.sampled_from(["", "plain", "leaders", "tabs"]),
    part_word=st.sampled_from(["", "部分", "章", "篇"]),
    lists=st.lists(st.integers(2, 9), min_size=1, max_size=7),
    broken=st.lists(st.integers(1, 120), max_size=6),
)


def heading(number: int, shape: Shape) -> str:
    return f"关于第{number}件事：{TOPICS[number % len(TOPICS)]}{shape.question_mark}"


def part_before(number: int, shape: Shape) -> list[str]:
    """Return the heading of a part that begins with a question, or nothing; there are four parts."""
    quarter, rest = divmod(number - 1, -(-shape.count // 4))
    return (
        [f"第{chinese_numeral(quarter + 1)}{shape.part_word} 权益之{quarter + 1}"]
        if shape.part_word and not rest
        else []
    )


def contents(shape: Shape) -> list[str]:
    if not shape.contents:
        return []
    lines = ["目\u3000录"]
    for number in range(1, shape.count + 1):
        page = {"plain": "", "leaders": f"……{number + 3}", "tabs": f"\t{number + 3}"}[shape.contents]
        question = OUTER[shape.outer][1](number) + heading(number, shape)
        lines += [words + page for words in (*part_before(number, shape), question)]
    return lines


def body(shape: Shape) -> list[str]:
    lines = []
    for number in range(1, shape.count + 1):
        if number in shape.missing:
            continue
        words = OUTER[shape.outer][1](number) + heading(number, shape)
        # Only a heading that ends as a question can be told to go on.
        is_broken = number in shape.broken and shape.question_mark
        lines += [*part_before(number, shape), *([words[:-5], words[-5:]] if is_broken else [words]), ANSWER]
        if shape.lists:
            for item in range(1, shape.lists[number % len(shape.lists)]):
                lines.append(f"{INNER[shape.inner](item)}单位应当办理第{item}项手续。")
    return lines


def recognise(lines: list[str], expected: int | None = None) -> tuple[list[Section], IngestReport, str]:
    document = Document.from_raw(Path("book.txt"), "\n".join(lines))
    sections, outline = find_sections(document)
    return list(sections), make_report(document, sections, outline, expected), document.text


@pytest.mark.parametrize("outer", OUTER)
@EXAMPLES
@given(shape=SHAPES)
def test_every_question_of_every_shape_is_found_and_nothing_else(outer: str, shape: Shape) -> None:
    shape.outer = outer
    table = contents(shape)
    sections, report, text = recognise(table + body(shape), shape.count)
    assert report.numbering_style == OUTER[outer][0]
    assert [section.number for section in sections] == list(range(1, shape.count + 1))
    assert [section.heading for section in sections] == [heading(number, shape) for number in range(1, shape.count + 1)]
    assert report.is_complete
    assert report.duplicate_lines == report.out_of_order_lines == report.empty_answers == ()
    assert len(report.contents_lines) == (shape.count if shape.contents else 0)
    parts = [part for number in range(1, shape.count + 1) for part in part_before(number, shape)]
    assert list(report.part_labels) == parts
    for section in sections:
        items = shape.lists[(section.number or 0) % len(shape.lists)] - 1
        assert len(section.paragraphs) == 1 + items
        assert text[section.paragraphs[0].start : section.paragraphs[0].end] == ANSWER
        assert sum(paragraph.is_list_item for paragraph in section.paragraphs) == items


@pytest.mark.parametrize("outer", OUTER)
@EXAMPLES
@given(data=st.data(), count=st.integers(12, 60))
def test_missing_questions_are_named_with_the_line_before_them(outer: str, data: st.DataObject, count: int) -> None:
    missing = data.draw(st.lists(st.integers(2, count - 1), min_size=1, max_size=5, unique=True).map(sorted))
    shape = Shape(outer=outer, inner="①", count=count, missing=missing)
    _, report, text = recognise(body(shape), count)
    named = [number for gap in report.gaps for number in range(gap.first, gap.last + 1)]
    assert named == missing
    lines = text.split("\n")
    for gap in report.gaps:
        assert lines[gap.after_line - 1] == OUTER[outer][1](gap.first - 1) + heading(gap.first - 1, shape)


@pytest.mark.parametrize("outer", OUTER)
@EXAMPLES
@given(data=st.data(), count=st.integers(12, 60))
def test_a_question_moved_out_of_order_is_reported_by_its_line(outer: str, data: st.DataObject, count: int) -> None:
    moved = data.draw(st.integers(1, count - 4))
    place = data.draw(st.integers(moved + 3, count))
    shape = Shape(outer=outer, inner="①", count=count, missing=[moved])
    lines = body(shape)
    # In a body without lists each question takes two lines; the moved one goes behind question `place`.
    stray = 2 * (place - 1)
    lines[stray:stray] = [OUTER[outer][1](moved) + heading(moved, shape), ANSWER]
    sections, report, _ = recognise(lines, count)
    assert [section.number for section in sections] == [number for number in range(1, count + 1) if number != moved]
    assert report.out_of_order_lines == (stray + 1,)
    assert report.duplicate_lines == ()


@pytest.mark.parametrize("outer", OUTER)
@EXAMPLES
@given(data=st.data(), count=st.integers(12, 60))
def test_a_number_given_twice_is_reported_by_its_line(outer: str, data: st.DataObject, count: int) -> None:
    twice = data.draw(st.integers(1, count))
    shape = Shape(outer=outer, inner="①", count=count)
    lines = body(shape)
    lines[2 * twice : 2 * twice] = [OUTER[outer][1](twice) + "这是另一件事吗？", ANSWER]
    sections, report, _ = recognise(lines, count)
    assert [section.heading for section in sections] == [heading(number, shape) for number in range(1, count + 1)]
    assert report.duplicate_lines == (2 * twice + 1,)
    assert report.out_of_order_lines == ()


@EXAMPLES
@given(
    st.lists(
        st.sampled_from(
            ["一、", "第3问", "（1）", "1.", "？", "第二章", "前言", "目录", "工会", " ", "\t9", "……3", "。", "\n"]
        )
    )
)
def test_any_text_at_all_gives_ordered_sections_that_do_not_overlap(pieces: list[str]) -> None:
    sections, report, text = recognise("".join(pieces).split("\n"))
    numbers = [section.number for section in sections if section.number is not None]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == report.found_count
    assert len({section.section_id for section in sections}) == len(sections)
    place = 0
    for section in sections:
        assert place <= section.start <= section.end <= len(text)
        for paragraph in section.paragraphs:
            assert section.start <= paragraph.start < paragraph.end <= section.end
            assert text[paragraph.start : paragraph.end] == text[paragraph.start : paragraph.end].strip()
        place = section.end

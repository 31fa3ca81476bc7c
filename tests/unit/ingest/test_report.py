from pathlib import Path

import pytest

from corpus.errors import NotAHandbook, QuestionsMissing
from ingest.document import Document
from ingest.read import read
from ingest.report import IngestReport, make_report, report_on, require_complete
from ingest.sections import find_sections
from ingest.structure import recognise

ANSWER = "职工依法享有这项权利，单位应当按时办理。"
FULL = [line for number in range(1, 6) for line in (f"{number}、第{number}件事怎么办？", ANSWER)]


def report(*lines: str, expected: int | None = None) -> IngestReport:
    document = Document.from_raw(Path("book.txt"), "\n".join(lines))
    found, outline = find_sections(document)
    return make_report(document, found, outline, expected)


def refusal(found: IngestReport) -> str:
    with pytest.raises(QuestionsMissing) as refused:
        require_complete(found, "book.txt")
    assert "\n" not in refused.value.message
    return refused.value.message


def test_a_complete_handbook_has_nothing_to_look_at() -> None:
    found = report(*FULL, expected=5)
    assert found.is_complete
    assert (found.found_count, found.expected_count, found.numbering_style) == (5, 5, "1.")
    assert found.gaps == found.duplicate_lines == found.out_of_order_lines == found.contents_lines == ()
    assert found.empty_answers == found.odd_characters == found.part_labels == found.unnumbered_sections == ()
    require_complete(found, "book.txt")


def test_without_an_expected_count_only_gaps_count() -> None:
    assert report(*FULL).is_complete
    assert not report(*FULL[:4], *FULL[6:]).is_complete


@pytest.mark.parametrize(
    ("lines", "gaps"),
    [
        (FULL[:4] + FULL[6:], [(3, 3, 3)]),
        (FULL[:2] + FULL[6:], [(2, 3, 1)]),
        (FULL[4:], [(1, 2, 0)]),
        (FULL[:6], [(4, 5, 5)]),
        (FULL[2:4] + FULL[6:8], [(1, 1, 0), (3, 3, 1), (5, 5, 3)]),
    ],
    ids=["one inside", "two inside", "at the start", "at the end", "everywhere"],
)
def test_missing_questions_are_named_with_the_line_they_belong_behind(
    lines: list[str], gaps: list[tuple[int, int, int]]
) -> None:
    found = report(*lines, expected=5).gaps
    assert [(gap.first, gap.last, gap.after_line) for gap in found] == gaps


def test_a_gap_at_the_end_needs_an_expected_count() -> None:
    assert report(*FULL[:6]).gaps == ()


def test_publishing_with_a_missing_question_is_refused_with_number_line_and_remedy() -> None:
    message = refusal(report(*FULL[:4], *FULL[6:], expected=5))
    assert message.startswith("book.txt：应有 5 问，找到 4 问，缺少第3问（应在原文第 3 行之后）")
    assert "--allow-missing" in message


def test_a_run_of_missing_questions_is_named_by_its_ends() -> None:
    assert "缺少第2–3问（应在原文第 1 行之后）、第5问（应在原文第 3 行之后）" in refusal(
        report(*FULL[:2], *FULL[6:8], expected=5)
    )


def test_more_questions_than_expected_are_refused_too() -> None:
    assert "应有 4 问，找到 5 问。" in refusal(report(*FULL, expected=4))


def test_a_skipped_number_is_refused_when_nobody_said_how_many_there_are() -> None:
    assert refusal(report(*FULL[:4], *FULL[6:])).startswith("book.txt：找到 4 问，缺少第3问")


def test_missing_questions_may_be_allowed() -> None:
    require_complete(report(*FULL[:4], *FULL[6:], expected=5), "book.txt", allow_missing=True)


@pytest.mark.parametrize("allow_missing", [True, False])
def test_a_text_without_questions_is_no_handbook_even_so(*, allow_missing: bool) -> None:
    with pytest.raises(NotAHandbook, match=r"^book\.txt：没有找到编号的问题"):
        require_complete(report("前言", ANSWER), "book.txt", allow_missing=allow_missing)


def test_headings_without_a_word_below_them_are_no_handbook(tmp_path: Path) -> None:
    path = tmp_path / "book.md"
    path.write_text("# 第一章\n\n# 第二章\n\n# 第三章\n", encoding="utf-8")
    document = read(path)
    recognised = recognise(document)
    assert (recognised.structure, recognised.count, recognised.sections) == ("chapters", 3, ())
    with pytest.raises(NotAHandbook, match=r"^book\.md：找到 3 节，但都只有标题"):
        require_complete(report_on(document, recognised, None), path.name, allow_missing=True)


def test_lines_to_look_at_are_counted_from_one() -> None:
    contents = [f"{number}、第{number}件事怎么办？……{number}" for number in range(1, 6)]
    strays = ["3、又一件事怎么办？", ANSWER, "9、还有一件怎么办？", ANSWER]
    found = report(
        "目录", *contents, *FULL[:8], *strays, "5、第5件事怎么办？", "6、第6件事怎么办？", ANSWER, expected=6
    )
    assert found.contents_lines == (2, 3, 4, 5, 6)
    assert found.duplicate_lines == (15,)
    assert found.out_of_order_lines == (17,)
    assert found.empty_answers == (5,)
    assert found.gaps == ()


def test_parts_and_unnumbered_sections_are_listed() -> None:
    found = report("前言", ANSWER, *FULL[:4], "第二章 维权", *FULL[4:], "后记", ANSWER)
    assert found.part_labels == ("第一章", "第二章 维权")
    assert found.inferred_part_labels == ("第一章",)
    assert found.unnumbered_sections == ("前言", "后记")


def test_characters_print_does_not_use_are_counted_most_frequent_first() -> None:
    odd = "占比\u00a071.1%，\ue000\u00a0，\u200b①\x01—…《》“”（）\t\u3000App"
    found = report(*FULL, odd, "\u00a0").odd_characters
    assert [(each.character, each.count, each.first_line) for each in found] == [
        ("\u00a0", 3, 11),
        ("\x01", 1, 11),
        ("\u200b", 1, 11),
        ("\ue000", 1, 11),
    ]
    assert [each.name for each in found] == ["NO-BREAK SPACE", "U+0001", "ZERO WIDTH SPACE", "U+E000"]


def test_bookmark_marks_are_counted() -> None:
    assert report("[bookmark: _Toc1]" + FULL[0], *FULL[1:], "[bookmark: _Toc2]").bookmark_mark_count == 2

from pathlib import Path

from ingest.document import Document


def test_lines_are_slices_of_the_text_with_blank_ones_included() -> None:
    document = Document.from_raw(Path("book.txt"), "前言\r\n\r\n 一、会费？ \n", {2: 1})
    assert document.text == "前言\n\n 一、会费？ \n"
    assert [document.text[line.start : line.end] for line in document.lines()] == ["前言", "", " 一、会费？ ", ""]
    assert [line.words for line in document.lines()] == ["前言", "", " 一、会费？ ", ""]
    assert [line.heading_level for line in document.lines()] == [None, None, 1, None]


def test_bookmark_marks_do_not_move_heading_levels() -> None:
    document = Document.from_raw(Path("book.docx"), "[bookmark: _Toc1]\n一、会费？", {1: 2})
    assert document.bookmark_mark_count == 1
    assert [(line.words, line.heading_level) for line in document.lines()] == [("", None), ("一、会费？", 2)]

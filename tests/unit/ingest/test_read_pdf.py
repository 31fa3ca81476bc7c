"""PDF files as printing programs write them, and as they should not be."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import UnreadableFile
from ingest import read_pdf as reader
from ingest.document import Document
from ingest.read_pdf import read_pdf
from ingest.structure import recognise

WritePdf = Callable[..., Path]
SENTENCE = (
    "职工在劳动关系存续期间依法享受年休假待遇，用人单位应当根据生产工作的具体情况，并考虑职工本人意愿，统筹安排。"
)
LINE_CHARACTERS = 40
Printed = tuple[float, float, float, str]


def body(top: float, words: str, left: float = 72, width: int = LINE_CHARACTERS) -> list[Printed]:
    """The printed lines of a paragraph whose first line is indented by two characters."""
    lines, y = [], top
    first, rest = words[: width - 2], words[width - 2 :]
    lines.append((left + 21, y, 10.5, first))
    for start in range(0, len(rest), width):
        y -= 17
        lines.append((left, y, 10.5, rest[start : start + width]))
    return lines


def book(page_count: int, head: str = "工会会员手册") -> list[list[Printed]]:
    """Two questions a page under a running head, with the page's number below."""
    pages = []
    for page in range(page_count):
        lines: list[Printed] = [(250, 810, 9, head), (280, 30, 9, f"— {page + 1} —")]
        for place, top in enumerate((760, 420)):
            number = 2 * page + place + 1
            lines.append((72, top, 14, f"{number}. 第{number}种情形怎么办理呢？"))
            lines += body(top - 30, f"情形{number}：{SENTENCE * 3}")
        pages.append(lines)
    return pages


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_pdf(path)
    assert refused.value.message.startswith(f"{path}：")
    assert "\n" not in refused.value.message
    return refused.value.message


def pages_of(document: Document, words: str) -> int:
    offset = document.text.index(words)
    return sum(start <= offset for start in document.page_starts)


def test_running_heads_and_page_numbers_go_and_broken_lines_become_paragraphs(write_pdf: WritePdf) -> None:
    document = read_pdf(write_pdf(book(5)))
    assert "工会会员手册" not in document.text
    assert "—" not in document.text
    lines = document.text.split("\n")
    assert lines[:2] == ["1. 第1种情形怎么办理呢？", f"情形1：{SENTENCE * 3}"]
    assert len(lines) == 20
    assert document.notes == ("去掉的页眉、页脚和页码：10 行",)


def test_every_place_knows_its_page(write_pdf: WritePdf) -> None:
    document = read_pdf(write_pdf(book(5)))
    assert len(document.page_starts) == 5
    assert [pages_of(document, f"情形{number}：") for number in (1, 2, 3, 9, 10)] == [1, 1, 2, 5, 5]


def test_larger_type_is_a_heading(write_pdf: WritePdf) -> None:
    document = read_pdf(write_pdf(book(3)))
    assert document.heading_levels == dict.fromkeys(range(0, 12, 2), 1)
    assert recognise(document).count == 6


def test_a_year_in_the_running_head_and_a_total_beside_the_page_number_do_not_matter(write_pdf: WritePdf) -> None:
    pages = book(6, "工会手册 2024年版")
    for index, page in enumerate(pages):
        page[1] = (250, 30, 9, f"第{index + 1}页 共6页")
    text = read_pdf(write_pdf(pages)).text
    assert "2024年版" not in text
    assert "共6页" not in text


def test_first_lines_that_differ_stay(write_pdf: WritePdf) -> None:
    pages = [[(72, 760, 14, f"{number}. 怎么办理第{number}项？"), *body(730, SENTENCE)] for number in (1, 2, 4, 7, 9)]
    assert recognise(read_pdf(write_pdf(pages))).count == 5


def test_two_columns_are_read_one_after_the_other(write_pdf: WritePdf) -> None:
    left = body(700, "左栏先读，" + SENTENCE * 4, left=60, width=20)
    right = body(700, "右栏后读，" + SENTENCE * 4, left=320, width=20)
    # Drawn in turn, as some programs do: what the file says first is not what a person reads first.
    mixed = [line for pair in zip(left, right, strict=True) for line in pair]
    text = read_pdf(write_pdf([[(60, 780, 16, "休假制度问答汇编与政策解读（试行本）全文公布稿"), *mixed]])).text
    assert text.split("\n")[1:] == ["左栏先读，" + SENTENCE * 4, "右栏后读，" + SENTENCE * 4]


def test_the_cells_of_a_row_are_joined_by_tabs(write_pdf: WritePdf) -> None:
    rows = [(72, 700 - 20 * place, 10.5, f"第{place}类") for place in range(4)]
    amounts = [(300, 700 - 20 * place, 10.5, f"{place}00元") for place in range(4)]
    assert read_pdf(write_pdf([rows + amounts])).text.split("\n")[1] == "第1类\t100元"


def test_a_paragraph_goes_on_over_the_page(write_pdf: WritePdf) -> None:
    lines = body(200, SENTENCE * 3)
    text = read_pdf(write_pdf([lines[:2], [(x, y + 560, size, words) for x, y, size, words in lines[2:]]])).text
    assert text == SENTENCE * 3


def test_three_hundred_pages_take_less_than_thirty_seconds_and_tell_how_far_they_are(write_pdf: WritePdf) -> None:
    path = write_pdf(book(300))
    told: list[tuple[str, int, int]] = []
    started = time.perf_counter()
    document = read_pdf(path, lambda *step: told.append(step))
    assert recognise(document).count == 600
    assert time.perf_counter() - started < 30
    assert told == [("读 PDF", page, 300) for page in range(1, 301)]


def test_a_scan_is_refused_with_the_reason(tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    Image.new("L", (300, 400), 200).save(picture)
    canvas = Canvas(str(tmp_path / "scan.pdf"))
    for _ in range(3):
        canvas.drawImage(str(picture), 0, 0)
        canvas.showPage()
    canvas.save()
    message = refusal(tmp_path / "scan.pdf")
    assert "共 3 页，其中 3 页只有图片" in message
    assert "OCR" in message


def test_a_pdf_without_anything_is_refused(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "blank.pdf"))
    canvas.showPage()
    canvas.save()
    assert "没有文字" in refusal(tmp_path / "blank.pdf")


def test_a_protected_pdf_is_refused(write_pdf: WritePdf) -> None:
    path = write_pdf(book(1), encrypt=StandardEncryption("secret", canPrint=0))
    assert "密码保护" in refusal(path)


@pytest.mark.parametrize("share", [0.05, 0.5])
def test_a_truncated_pdf_is_refused_or_read_as_far_as_it_goes(write_pdf: WritePdf, share: float) -> None:
    path = write_pdf(book(3))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    refusal(path)


def test_what_is_no_pdf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.pdf"
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 20)
    assert "损坏" in refusal(path)


def test_too_many_pages_are_refused_before_they_are_read(write_pdf: WritePdf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_PAGES", 2)
    assert "有 3 页" in refusal(write_pdf(book(3)))


def test_a_page_stuffed_with_characters_is_refused(write_pdf: WritePdf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_CHARACTERS_OF_A_PAGE", 100)
    assert "不像印出来的书页" in refusal(write_pdf(book(1)))

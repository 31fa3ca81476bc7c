from pathlib import Path

import pytest

from corpus.errors import ManifestInvalid
from corpus.similar_questions import load_negative_questions, load_similar_questions


def write(folder: Path, content: str, encoding: str = "utf-8") -> Path:
    (folder / "similar_questions.jsonl").write_bytes(content.encode(encoding))
    return folder


def test_rows_keep_their_order_and_repetitions_are_dropped(tmp_path: Path) -> None:
    rows = '{"n": 38, "q": " 怎么提升学历 "}\n\n{"n": 2, "q": "为何改革"}\n{"q": "怎么提升学历", "n": 38}\n'
    assert load_similar_questions(write(tmp_path, rows)) == ((38, "怎么提升学历"), (2, "为何改革"))


def test_a_handbook_without_the_file_has_none(tmp_path: Path) -> None:
    assert load_similar_questions(tmp_path) == ()


def test_windows_line_ends_and_odd_separators_inside_a_wording_do_no_harm(tmp_path: Path) -> None:
    rows = '{"n": 1, "q": "工会\u2028是什么"}\r\n{"n": 2, "q": "会费"}\r\n'
    assert load_similar_questions(write(tmp_path, rows)) == ((1, "工会\u2028是什么"), (2, "会费"))


@pytest.mark.parametrize(
    "row",
    [
        "{",
        "[1]",
        "38",
        '{"n": 38}',
        '{"n": "38", "q": "学历"}',
        '{"n": true, "q": "学历"}',
        '{"n": 38, "q": 1}',
        '{"n": 38, "q": " "}',
        '{"n": 38, "q": "学历", "x": 1}',
        '{"n": 3.0, "q": "学历"}',
    ],
)
def test_a_malformed_row_is_refused_with_its_line(tmp_path: Path, row: str) -> None:
    write(tmp_path, f'{{"n": 1, "q": "工会"}}\n\n{row}\n')
    with pytest.raises(ManifestInvalid, match=r"similar_questions\.jsonl 第 3 行"):
        load_similar_questions(tmp_path)


def test_another_encoding_is_refused_by_name(tmp_path: Path) -> None:
    write(tmp_path, '{"n": 1, "q": "工会"}', "gb18030")
    with pytest.raises(ManifestInvalid, match=r"similar_questions\.jsonl 不是 UTF-8"):
        load_similar_questions(tmp_path)


def write_negative(folder: Path, content: str, encoding: str = "utf-8") -> Path:
    (folder / "negative_questions.jsonl").write_bytes(content.encode(encoding))
    return folder


def test_negative_questions_keep_their_order_and_are_told_once(tmp_path: Path) -> None:
    rows = '{"q": " 补贴多少钱 "}\n\n{"q": "去哪儿领"}\n{"q": "补贴多少钱"}\n'
    assert load_negative_questions(write_negative(tmp_path, rows)) == ("补贴多少钱", "去哪儿领")


def test_a_handbook_without_negative_questions_has_none(tmp_path: Path) -> None:
    assert load_negative_questions(tmp_path) == ()


@pytest.mark.parametrize("row", ["{", "[]", '"补贴"', "{}", '{"q": ""}', '{"q": 1}', '{"n": 1, "q": "补贴"}'])
def test_a_malformed_negative_row_is_refused_with_its_line(tmp_path: Path, row: str) -> None:
    write_negative(tmp_path, f'{{"q": "补贴多少钱"}}\n{row}\n')
    with pytest.raises(ManifestInvalid, match=r"negative_questions\.jsonl 第 2 行"):
        load_negative_questions(tmp_path)


def test_negative_questions_in_another_encoding_are_refused_by_name(tmp_path: Path) -> None:
    write_negative(tmp_path, '{"q": "补贴多少钱"}', "gb18030")
    with pytest.raises(ManifestInvalid, match=r"negative_questions\.jsonl 不是 UTF-8"):
        load_negative_questions(tmp_path)

import pytest

from corpus.text import HAN_RUN, canonical, count_bookmark_marks, folded, is_han


def test_bookmark_marks_leave_the_citable_text() -> None:
    raw = " [bookmark: _Toc3694]一、产业工人是指哪些人？\n[bookmark: _Toc30853][bookmark:_GoBack]有渠道"
    assert canonical(raw) == " 一、产业工人是指哪些人？\n有渠道"
    assert count_bookmark_marks(raw) == 3


def test_marks_that_only_appear_once_others_are_gone_leave_too() -> None:
    assert canonical("[bookmark: [bookmark: _Toc1]_Toc2]问") == "问"


@pytest.mark.parametrize("words", ["[bookmark: 目录]", "[bookmark]", "bookmark: _Toc1", "[书签: _Toc1]"])
def test_words_that_only_resemble_a_bookmark_mark_stay(words: str) -> None:
    assert canonical(words) == words


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
def test_every_line_end_becomes_a_line_feed(line_end: str) -> None:
    assert canonical(f"一{line_end}{line_end}二") == "一\n\n二"


def test_a_byte_order_mark_leaves_at_the_start_only() -> None:
    assert canonical("\ufeff前\ufeff言") == "前\ufeff言"


@pytest.mark.parametrize(
    "kept",
    [
        "占比\u00a071.1%",
        "\u3000四十五",
        "2018 年",
        "5%.2018年",
        "资格认证、、薪酬",
        "①②",
        "Ａｐｐ",
        "a\tb",
        "\u200b零宽",
        " \n \n",
    ],
    ids=ascii,
)
def test_every_other_character_stays(kept: str) -> None:
    assert canonical(kept) == kept


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＡＰＰ　怎么用？", "app 怎么用?"),
        ("⑩", "10"),
        ("求学\u200b圆梦", "求学圆梦"),
        ("\ufeff  学历 \n 提升 ", "学历 提升"),
        ("坏\x00字\ud800符", "坏 字 符"),
        ("占比\u00a071.1％", "占比 71.1%"),
        ("", ""),
        ("\u3000 \t", ""),
    ],
    ids=["full width", "circled", "zero width", "spaces", "controls", "no-break space", "empty", "only spaces"],
)
def test_folding_removes_what_does_not_tell_words_apart(text: str, expected: str) -> None:
    assert folded(text) == expected


def test_folding_any_single_character_twice_changes_nothing_more() -> None:
    # Ideographs and syllables fold to themselves or were covered by their compatibility forms at F900 and 2F800.
    codes = [
        *range(0x3400),
        *range(0xA000, 0xAC00),
        *range(0xF900, 0x17000),
        *range(0x1B000, 0x20000),
        *range(0x2F800, 0x2FA20),
    ]
    changed_twice = [hex(code) for code in codes if folded(folded(chr(code))) != folded(chr(code))]
    assert changed_twice == []


@pytest.mark.parametrize(
    ("character", "expected"), [("工", True), ("㐀", True), ("〇", True), ("，", False), ("a", False), ("あ", False)]
)
def test_ideographs_are_told_from_everything_else(character: str, expected: bool) -> None:  # noqa: FBT001
    assert is_han(character) is expected


def test_runs_of_chinese_characters_hold_all_of_them_and_no_other() -> None:
    found = set("".join(HAN_RUN.findall("".join(map(chr, range(0xD800))))))
    assert found == {chr(point) for point in range(0xD800) if is_han(chr(point))}

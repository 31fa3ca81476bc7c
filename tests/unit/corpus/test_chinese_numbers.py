import pytest

from corpus.chinese_numbers import LARGEST, chinese_numeral, parse_number


def test_every_number_in_print_is_read_back() -> None:
    assert [parse_number(chinese_numeral(number)) for number in range(1, LARGEST + 1)] == list(range(1, LARGEST + 1))


@pytest.mark.parametrize(
    ("number", "numeral"),
    [
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (38, "三十八"),
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
        (1001, "一千零一"),
        (1010, "一千零一十"),
        (2022, "二千零二十二"),
        (9999, "九千九百九十九"),
    ],
)
def test_numerals_are_printed_as_headings_print_them(number: int, numeral: str) -> None:
    assert chinese_numeral(number) == numeral


@pytest.mark.parametrize("number", [0, -1, LARGEST + 1])
def test_a_number_outside_the_range_is_a_programming_mistake(number: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 9,999"):
        chinese_numeral(number)


@pytest.mark.parametrize(
    ("numeral", "number"),
    [
        ("38", 38),
        ("３８", 38),
        ("三八", 38),
        ("二〇二二", 2022),
        ("两百", 200),
        ("两千零二", 2002),
        ("一百零五", 105),
        ("零", 0),
    ],
)
def test_other_ways_to_write_a_number_are_read(numeral: str, number: int) -> None:
    assert parse_number(numeral) == number


@pytest.mark.parametrize("words", ["", "问", "三四十", "百", "十百", "三百零十", "3八", "一二十", "3.5", "-1", "²"])
def test_what_is_no_numeral_has_no_value(words: str) -> None:
    assert parse_number(words) is None

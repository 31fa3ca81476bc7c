from itertools import pairwise

import pytest

from ingest.sentences import cut_points


def pieces(text: str, longest: int) -> list[str]:
    points = cut_points(text, longest)
    return [text[start:end] for start, end in pairwise(points)]


def test_text_is_cut_behind_sentences_and_their_closing_quotes() -> None:
    assert pieces("他说：“好。”真的吗？！是……（完。）\n下一段", 20) == [
        "他说：“好。”",
        "真的吗？！",
        "是……",
        "（完。）",
        "\n",
        "下一段",
    ]


def test_only_a_stretch_that_is_too_long_is_opened_at_clauses_then_phrases() -> None:
    text = "短，句。第一条规定；第二条，又规定，再规定。"
    assert pieces(text, 30) == ["短，句。", "第一条规定；第二条，又规定，再规定。"]
    assert pieces(text, 12) == ["短，句。", "第一条规定；", "第二条，又规定，再规定。"]
    assert pieces(text, 8) == ["短，句。", "第一条规定；", "第二条，", "又规定，", "再规定。"]


def test_a_stretch_without_any_mark_is_cut_by_force() -> None:
    assert [len(piece) for piece in pieces("工" * 25, 10)] == [10, 10, 5]


def test_a_full_stop_inside_a_number_is_no_sentence_end() -> None:
    assert pieces("从2.5%提高至8%。", 50) == ["从2.5%提高至8%。"]


@pytest.mark.parametrize(("text", "points"), [("", [0]), ("工", [0, 1]), ("。", [0, 1])])
def test_the_ends_of_a_text_are_cut_points(text: str, points: list[int]) -> None:
    assert cut_points(text, 10) == points

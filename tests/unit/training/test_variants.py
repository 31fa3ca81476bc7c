import random

import pytest

from training.variants import shortened

QUESTION = "工会会费怎么交"


def words(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(0, len(text), 2)]


def is_subsequence(part: str, whole: str) -> bool:
    rest = iter(whole)
    return all(character in rest for character in part)


@pytest.mark.parametrize("seed", range(20))
def test_a_shortened_question_keeps_the_order_of_what_stays(seed: int) -> None:
    short = shortened(QUESTION, random.Random(seed), 0.3, words)
    assert short
    assert is_subsequence(short, QUESTION)


def test_some_wordings_are_shorter() -> None:
    pick = random.Random(0)
    assert len({shortened(QUESTION, pick, 0.3, words) for _ in range(50)}) > 10


def test_nothing_left_out_gives_the_question() -> None:
    assert shortened(QUESTION, random.Random(1), 0.0, words) == QUESTION


def test_a_text_of_which_nothing_would_stay_is_kept_whole() -> None:
    assert all(shortened("会", random.Random(seed), 0.99, words) == "会" for seed in range(50))

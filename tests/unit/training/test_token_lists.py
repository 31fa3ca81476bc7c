from collections import Counter

import numpy as np

from training.token_lists import TokenLists, tokenise
from training.tokenizer import build_tokenizer


def test_texts_are_taken_in_the_order_asked_for() -> None:
    lists = TokenLists(np.array([5, 6, 7, 8]), np.array([0, 2, 2, 3, 4]))
    ids, lengths = lists.take(np.array([3, 0, 1, 0]))
    assert ids.tolist() == [8, 5, 6, 5, 6]
    assert lengths.tolist() == [1, 2, 0, 2]
    assert len(lists) == 4


def test_texts_are_cut_and_empty_ones_kept() -> None:
    tokenizer = build_tokenizer(Counter({"工会": 2, "职工": 1}), 7_000, 4)
    lists = tokenise(tokenizer, ["职工工会工会", "", "工会"], longest_tokens=2)
    assert lists.ids.tolist() == [tokenizer.token_to_id(token) for token in ("职工", "工会", "工会")]
    assert lists.starts.tolist() == [0, 2, 2, 3]


def test_no_texts_give_no_tokens() -> None:
    lists = tokenise(build_tokenizer(Counter(), 7_000, 4), [], 5)
    assert len(lists) == 0
    assert lists.ids.dtype == np.int64

import hashlib

from corpus.passage import passage_id


def test_an_id_is_the_start_of_a_hash_of_handbook_place_and_words() -> None:
    expected = hashlib.sha256("labour-law\x00120\x00会费按月交。".encode()).hexdigest()[:16]
    assert passage_id("labour-law", 120, "会费按月交。") == f"p_{expected}"


def test_the_same_words_elsewhere_have_another_id() -> None:
    ids = {passage_id(*key) for key in [("a", 1, "会费"), ("b", 1, "会费"), ("a", 2, "会费"), ("a", 1, "会员")]}
    assert len(ids) == 4


def test_broken_characters_have_an_id_too() -> None:
    assert passage_id("a", 0, "\ud800").startswith("p_")

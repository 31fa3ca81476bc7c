from collections import Counter

import pytest
from tokenizers import Tokenizer

from training.tokenizer import UNKNOWN_TOKEN, build_normalizer, build_tokenizer, common_characters, count_words

COUNTS = Counter({"工会": 90, "会费": 40, "职工": 60, "会": 30, "中华人民共和国": 70, "app": 9, "的": 200})


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return build_tokenizer(COUNTS, vocabulary_size=7_000, longest_word_characters=4)


def tokens(tokenizer: Tokenizer, text: str) -> list[str]:
    return tokenizer.encode(text).tokens


def test_the_likeliest_words_win(tokenizer: Tokenizer) -> None:
    assert tokens(tokenizer, "职工的工会会费") == ["职工", "的", "工会", "会费"]


def test_case_width_and_punctuation_do_not_matter(tokenizer: Tokenizer) -> None:
    assert tokens(tokenizer, "《工会》ＡＰＰ，职工？") == tokens(tokenizer, "工会 app 职工") == ["工会", "app", "职工"]


def test_long_words_fall_into_parts(tokenizer: Tokenizer) -> None:
    assert tokens(tokenizer, "中华人民共和国") == list("中华人民共和国")


def test_no_common_character_is_unknown(tokenizer: Tokenizer) -> None:
    characters = list(common_characters())
    assert len(characters) == len(set(characters)) == 6_763 + 37
    assert all(tokenizer.token_to_id(character) for character in characters)


def test_what_is_not_known_is_token_zero(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("\U00020000").ids == [0]
    assert tokenizer.id_to_token(0) == UNKNOWN_TOKEN


@pytest.mark.parametrize("text", ["", " ", "？！", "\n"])
def test_nothing_to_say_gives_no_tokens(tokenizer: Tokenizer, text: str) -> None:
    assert tokenizer.encode(text).ids == []


def test_frequent_tokens_come_first(tokenizer: Tokenizer) -> None:
    assert [tokenizer.id_to_token(place) for place in range(1, 4)] == ["的", "工会", "职工"]


def test_the_order_of_counting_does_not_matter(tokenizer: Tokenizer) -> None:
    turned = Counter(dict(reversed(COUNTS.items())))
    assert build_tokenizer(turned, 7_000, 4).to_str() == tokenizer.to_str()


def test_the_vocabulary_is_bounded() -> None:
    assert build_tokenizer(COUNTS, 6_803, 4).get_vocab_size() == 6_803
    with pytest.raises(ValueError, match="over 6800"):
        build_tokenizer(COUNTS, 6_800, 4)


def test_words_are_counted_after_normalising() -> None:
    assert count_words(["Ａ ａ", "a！"], str.split) == Counter({"a": 3})


def test_normalising_twice_changes_nothing() -> None:
    once = build_normalizer().normalize_str(" 第⑩问：ＡＢ——c％")
    assert once == "第10问 ab c%"
    assert build_normalizer().normalize_str(once) == once

"""The encoder's tokenizer: a Unigram model whose pieces are the words counted in the training text."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

UNKNOWN_TOKEN = "[UNK]"  # noqa: S105 - a piece of text, not a secret
_LONGEST_LATIN_WORD = 12
_SCORE_DIGITS = 3


def build_normalizer() -> normalizers.Normalizer:
    """Return what is done to every text first: NFKC, lower case, and one space for whatever is no letter or digit."""
    return normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(r"[^\p{L}\p{M}\p{N}%]+"), " "),
            normalizers.Strip(),
        ]
    )


def common_characters() -> Iterator[str]:
    """Yield the 6,763 Chinese characters of GB 2312, in the order of the standard, then digits and Latin letters."""
    for row in range(0xB0, 0xF8):
        for cell in range(0xA1, 0xFF):
            yield from bytes((row, cell)).decode("gb2312", errors="ignore")
    yield from "0123456789abcdefghijklmnopqrstuvwxyz%"


def count_words(texts: Iterable[str], cut: Callable[[str], list[str]]) -> Counter[str]:
    """Return how often each word occurs in the normalised texts, as `cut` finds them."""
    normalizer = build_normalizer()
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(cut(normalizer.normalize_str(text)))
    counts.pop(" ", None)
    return counts


def build_tokenizer(counts: Counter[str], vocabulary_size: int, longest_word_characters: int) -> Tokenizer:
    """Return a tokenizer that cuts a text into its likeliest sequence of counted words.

    The model is the unigram language model of Kudo 2018 (arXiv:1804.10959), with word counts in place of its
    expectation maximisation. Id 0 is the unknown token; the common characters are always in, so that nothing Chinese
    is unknown; the other places go to the most frequent words, ties by code points.

    Args:
        counts: Words and how often each occurs.
        vocabulary_size: Most tokens in all.
        longest_word_characters: Longer Chinese words are left out, and so cut into their parts.

    Returns:
        A tokenizer without special tokens, truncation or padding.

    Raises:
        ValueError: If the vocabulary has no room for the common characters.
    """
    pieces = dict.fromkeys(common_characters())
    if vocabulary_size <= len(pieces):
        raise ValueError(f"vocabulary_size must be over {len(pieces)}, is {vocabulary_size}")
    for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if len(pieces) == vocabulary_size - 1:
            break
        if len(word) <= (_LONGEST_LATIN_WORD if word.isascii() else longest_word_characters):
            pieces[word] = None
    total = max(1, sum(counts.values()))
    scores = {piece: round(math.log(max(counts[piece], 0.5) / total), _SCORE_DIGITS) for piece in pieces}
    ordered = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    tokenizer = Tokenizer(models.Unigram([(UNKNOWN_TOKEN, 0.0), *ordered], unk_id=0, byte_fallback=False))
    tokenizer.normalizer = build_normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer

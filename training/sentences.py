"""Plain Chinese text cut into sentences."""

import itertools
import re
from collections.abc import Iterator

_SENTENCE = re.compile(r"[^。！？；!?\n]+[。！？；!?]*[”」』）]*")


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text in order, each with its closing marks, stripped and non-empty."""
    return [sentence for match in _SENTENCE.finditer(text) if (sentence := match.group().strip())]


def neighbouring_sentences(text: str, shortest_characters: int) -> Iterator[tuple[str, str]]:
    """Yield each two adjacent sentences of a text.

    Args:
        text: One paragraph.
        shortest_characters: Sentences shorter than this are passed over, as if they were not there.

    Yields:
        A sentence and the one after it; nothing for a paragraph of one sentence.
    """
    sentences = [sentence for sentence in split_sentences(text) if len(sentence) >= shortest_characters]
    yield from itertools.pairwise(sentences)

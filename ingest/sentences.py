"""Where Chinese text may be cut: after sentences, else after clauses, else anywhere."""

import re
from itertools import pairwise

# A sentence ends behind its mark and any closing quotes or brackets, so that “……。” stays in one piece.
SENTENCE_END = re.compile(r"(?:[。！？!?]|…{2,})+[”’』」）)》〉\]]*|\n")
CLAUSE_END = re.compile(r"[；;]+[”’』」）)》〉\]]*")
PHRASE_END = re.compile(r"[，,、：:]+[”’』」）)》〉\]]*")


def cut_points(text: str, max_characters: int) -> list[int]:
    """Return the offsets at which text may be cut, rising, from 0 to its length.

    Sentence ends come first; a stretch between two that is longer than `max_characters` is opened at its clauses, then
    its phrases, then by force. No two neighbours lie further apart than `max_characters`. Empty text gives [0].
    """
    points = {0, len(text)}
    for ending in (SENTENCE_END, CLAUSE_END, PHRASE_END):
        for start, end in _too_long(points, max_characters):
            points |= {match.end() for match in ending.finditer(text, start, end)}
        if ending is SENTENCE_END:
            points |= {match.end() for match in ending.finditer(text)}
    for start, end in _too_long(points, max_characters):
        points |= set(range(start, end, max_characters))
    return sorted(points)


def _too_long(points: set[int], max_characters: int) -> list[tuple[int, int]]:
    ordered = sorted(points)
    return [(start, end) for start, end in pairwise(ordered) if end - start > max_characters]

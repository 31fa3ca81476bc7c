"""A section to its passages: whole sentences, 40 to 220 characters, never two list items in one."""

from dataclasses import dataclass
from itertools import pairwise

from corpus.handbook import Handbook, Paragraph, Section
from corpus.passage import Passage, passage_id
from ingest.sentences import cut_points

MIN_CHARACTERS = 40
MAX_CHARACTERS = 220
# The length a reader takes in at a glance on a phone; lengths near it are preferred.
IDEAL_CHARACTERS = 120
# Between cut points no further apart than this, lengths within the bounds can always be chosen.
LONGEST_STRETCH = MAX_CHARACTERS - 2 * MIN_CHARACTERS
# A passage outside the bounds costs more than any choice of lengths within them.
OUT_OF_BOUNDS_COST = 1_000_000


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int


def find_passages(handbook: Handbook) -> tuple[Passage, ...]:
    """Return all passages of a handbook in reading order.

    Every paragraph lies in passages completely and passages do not overlap. A passage is shorter than 40 characters
    only where a whole paragraph is that may not join its neighbours: a list item, a remark behind one, an answer.
    """
    passages: list[Passage] = []
    for section in handbook.sections:
        spans = [span for block in _blocks(section) for span in _cut(handbook.text, block)]
        ids = [passage_id(handbook.handbook_id, span.start, handbook.text[span.start : span.end]) for span in spans]
        for position, span in enumerate(spans):
            passages.append(
                Passage(
                    passage_id=ids[position],
                    handbook_id=handbook.handbook_id,
                    section_id=section.section_id,
                    start=span.start,
                    end=span.end,
                    previous_id=ids[position - 1] if position else None,
                    next_id=ids[position + 1] if position + 1 < len(ids) else None,
                )
            )
    return tuple(passages)


def _blocks(section: Section) -> list[_Span]:
    """Return spans of one or more paragraphs within which a passage may be cut freely.

    A paragraph too short for a passage of its own joins the one before it, or else the one after; two list items never
    join, and nothing joins the end of a list item.
    """
    blocks: list[_Span] = []
    holds_list_item: list[bool] = []
    for paragraph in section.paragraphs:
        previous_length = blocks[-1].end - blocks[-1].start if blocks else 0
        is_short = min(previous_length, paragraph.end - paragraph.start) < MIN_CHARACTERS
        if blocks and is_short and not holds_list_item[-1] and _fits(blocks[-1], paragraph):
            blocks[-1] = _Span(blocks[-1].start, paragraph.end)
            holds_list_item[-1] = paragraph.is_list_item
        else:
            blocks.append(_Span(paragraph.start, paragraph.end))
            holds_list_item.append(paragraph.is_list_item)
    return blocks


def _fits(block: _Span, paragraph: Paragraph) -> bool:
    """Return whether block and paragraph make one passage, or leave the cut between sentences to `_cut`."""
    return not paragraph.is_list_item or paragraph.end - block.start <= MAX_CHARACTERS


def _cut(text: str, block: _Span) -> list[_Span]:
    """Return the block cut into spans, between sentences, or inside them where only that keeps to the bounds."""
    words = text[block.start : block.end]
    spans = _best_spans(words, cut_points(words, MAX_CHARACTERS))
    if any(_is_out_of_bounds(span) for span in spans):
        spans = _best_spans(words, cut_points(words, LONGEST_STRETCH))
    return [_Span(block.start + span.start, block.start + span.end) for span in spans]


def _best_spans(words: str, points: list[int]) -> list[_Span]:
    """Return spans between points whose lengths come nearest to the ideal, by dynamic programming from the end."""
    last_point = len(points) - 1
    best: dict[int, tuple[float, int]] = {last_point: (0.0, last_point)}
    for first in range(last_point - 1, -1, -1):
        options = []
        for last in range(first + 1, last_point + 1):
            length = len(words[points[first] : points[last]].strip())
            if length > MAX_CHARACTERS and last > first + 1:
                break
            options.append((_length_cost(length) + best[last][0], last))
        best[first] = min(options)
    ends = [0]
    while ends[-1] < last_point:
        ends.append(best[ends[-1]][1])
    spans = [_trimmed(words, points[first], points[last]) for first, last in pairwise(ends)]
    return [span for span in spans if span.start < span.end]


def _is_out_of_bounds(span: _Span) -> bool:
    return not MIN_CHARACTERS <= span.end - span.start <= MAX_CHARACTERS


def _length_cost(length: int) -> float:
    outside = max(MIN_CHARACTERS - length, length - MAX_CHARACTERS, 0)
    return OUT_OF_BOUNDS_COST * outside + (length - IDEAL_CHARACTERS) ** 2


def _trimmed(words: str, start: int, end: int) -> _Span:
    piece = words[start:end]
    return _Span(end - len(piece.lstrip()), start + len(piece.rstrip()))

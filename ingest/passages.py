"""A section to its passages: whole sentences, 40 to 220 characters, never two list items in one."""

from dataclasses import dataclass
from functools import cache

from corpus.handbook import Handbook, Paragraph, Section
from corpus.passage import Passage, passage_id
from ingest.sentences import cut_points

MIN_CHARACTERS = 40
MAX_CHARACTERS = 220
# The length a reader takes in at a glance on a phone; lengths near it are preferred.
IDEAL_CHARACTERS = 120
# A passage outside the bounds costs more than any choice of lengths within them.
OUT_OF_BOUNDS_COST = 1_000_000


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int


def find_passages(handbook: Handbook) -> tuple[Passage, ...]:
    """Return all passages of a handbook in reading order.

    Every paragraph lies in passages completely and passages do not overlap. A passage is shorter than 40 characters
    only where a list item, or a whole answer, is.
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
    """Return the block cut into spans whose lengths come nearest to the ideal, by dynamic programming."""
    points = cut_points(text[block.start : block.end], MAX_CHARACTERS)

    @cache
    def best_from(first: int) -> tuple[float, tuple[int, ...]]:
        if first == len(points) - 1:
            return 0.0, ()
        options = []
        for last in range(first + 1, len(points)):
            length = points[last] - points[first]
            if length > MAX_CHARACTERS and last > first + 1:
                break
            cost, rest = best_from(last)
            options.append((_length_cost(length) + cost, (last, *rest)))
        return min(options)

    ends = best_from(0)[1] if len(points) > 1 else ()
    starts = (0, *ends[:-1])
    spans = [
        (block.start + points[first], block.start + points[last]) for first, last in zip(starts, ends, strict=True)
    ]
    return [span for start, end in spans if (span := _trimmed(text, start, end)) is not None]


def _length_cost(length: int) -> float:
    outside = max(MIN_CHARACTERS - length, length - MAX_CHARACTERS, 0)
    return OUT_OF_BOUNDS_COST * outside + (length - IDEAL_CHARACTERS) ** 2


def _trimmed(text: str, start: int, end: int) -> _Span | None:
    words = text[start:end]
    start, end = start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))
    return _Span(start, end) if start < end else None

"""Pairs of question and answer without numbers: 问：…… 答：……, Q: … A: …, and the rows of a sheet."""

import re
from dataclasses import dataclass
from itertools import pairwise

from corpus.handbook import Part
from ingest.document import Line
from ingest.entries import Entry, identity, next_words
from ingest.sections import without_han_spaces

_MARK = r"\s*\d{0,4}\s*[：:、.．]\s*"
ASKED = re.compile(
    rf"(?:【\s*(?:问题?|提问)\s*】|\[\s*问\s*\]|(?:问题?|提问|网友提问|Q|Question){_MARK})", re.IGNORECASE
)
ANSWERED = re.compile(
    rf"(?:【\s*(?:答|回答|答复)\s*】|\[\s*答\s*\]|(?:答案?|回答|答复|解答|A|Answer){_MARK})", re.IGNORECASE
)
ANSWER_INSIDE = re.compile(r"[？?][”’」』)）]?\s*(?=(?:答|A|【答】)\s*[：:]?)")
MAX_GROUP_CHARACTERS = 30


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and where its answer begins: a line, and an offset into it."""

    line_index: int
    body_index: int
    body_offset: int
    question: str


def find_pairs(lines: list[Line]) -> list[Pair]:
    """Return the pairs in order; a question mark of which no answer follows before the next one is none."""
    asked = [index for index, line in enumerate(lines) if ASKED.match(line.words.strip())]
    pairs = []
    for index, following in pairwise([*asked, len(lines)]):
        pair = _pair(lines, index, following)
        if pair is not None:
            pairs.append(pair)
    return pairs


def _pair(lines: list[Line], index: int, following: int) -> Pair | None:
    words = lines[index].words
    mark = ASKED.match(words.strip())
    start = len(words) - len(words.lstrip()) + (mark.end() if mark else 0)
    inside = ANSWER_INSIDE.search(words, start)
    if inside is not None:
        return Pair(index, index, inside.end(), without_han_spaces(words[start : inside.end()]))
    for place in range(index + 1, following):
        if ANSWERED.match(lines[place].words.strip()):
            question = "".join(line.words.strip() for line in lines[index + 1 : place])
            return Pair(index, place, 0, without_han_spaces(words[start:] + question))
    return None


def pair_entries(pairs: list[Pair], lines: list[Line]) -> tuple[list[Entry], set[int]]:
    """Return the pairs as entries, and the lines of titles that stand between groups of them."""
    entries: list[Entry] = []
    titles: set[int] = set()
    taken: set[str] = set()
    group: Part | None = None
    for place, pair in enumerate(pairs):
        title = _title_above(lines, pair.line_index, pairs[place - 1].body_index if place else -1)
        if title is not None:
            titles.add(title)
            count = 1 if group is None else group.number + 1
            group = Part(number=count, title=without_han_spaces(lines[title].words), label="")
        entries.append(
            Entry(
                section_id=identity("p", pair.question, taken),
                line_index=pair.line_index,
                body_index=pair.body_index,
                body_offset=pair.body_offset,
                heading=pair.question,
                part=group,
            )
        )
    return entries, titles


def _title_above(lines: list[Line], index: int, floor: int) -> int | None:
    """Return the line of a short title right above a question, or None."""
    above = next((place for place in range(index - 1, floor, -1) if lines[place].words.strip()), None)
    if above is None:
        return None
    words = lines[above].words.strip()
    is_short = len(words) <= MAX_GROUP_CHARACTERS and not re.search(r"[。；;：:！!，,？?…”）)]$", words)
    stands_apart = lines[above].heading_level is not None or above == 0 or not lines[above - 1].words.strip()
    return above if is_short and stands_apart and not ANSWERED.match(words) and not ASKED.match(words) else None


def sheet_entries(lines: list[Line]) -> list[Entry]:
    """Return the rows of a sheet as entries: each question is a heading."""
    taken: set[str] = set()
    return [
        Entry(
            section_id=identity("p", line.words, taken),
            line_index=index,
            body_index=next_words(lines, index) or index + 1,
            heading=line.words.strip(),
        )
        for index, line in enumerate(lines)
        if line.heading_level is not None
    ]

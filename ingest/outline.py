"""Which of a document's numberings is the outer one, and which lines are its questions.

No pattern is fixed beforehand. Each style of numbering offers its best rising chain of lines over the whole document;
a list inside an answer starts again and again at one, so its chains are short, while the questions of a handbook
rise without a break from the first page to the last.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from ingest.document import Line
from ingest.numbering import PART_HEADING, STYLES, NumberMark, number_mark

MAX_GAP = 20
GAP_COST = 0.6
# Less than a question mark is worth: a question behind a wide gap is one, an ordinary list item there is none.
MAX_GAP_COST = 1.2
MAX_HEADING_CHARACTERS = 60
CONTENTS_LEADER = re.compile(r"(\.{3,}|…{1,}|·{3,}|\t)\s*\d{1,4}\s*$")
QUESTION_END = re.compile(r"[?？][”’\"'）)]?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The questions of a document.

    Attributes:
        style: The outer numbering, a key of `numbering.STYLES`; "" when there is none.
        confidence: Evidence for it as a share of the evidence for it and the next best style, in [0, 1].
        questions: The chosen marks, numbers strictly rising.
        duplicates: Lines that look like a question whose number is taken already.
        out_of_order: Lines that look like a question but break the order.
        contents: Lines that repeat headings in a table of contents.
    """

    style: str
    confidence: float
    questions: tuple[NumberMark, ...]
    duplicates: tuple[NumberMark, ...] = ()
    out_of_order: tuple[NumberMark, ...] = ()
    contents: tuple[NumberMark, ...] = ()


def find_outline(lines: list[Line]) -> Outline:
    """Return the outline with the most evidence; one without questions when nothing speaks for any."""
    marks = [mark for index, line in enumerate(lines) if (mark := number_mark(line, index)) is not None]
    contents = _contents_ahead(marks, lines)
    scored = []
    for style in STYLES:
        styled = [mark for mark in marks if mark.style == style and mark.line_index not in contents]
        chain, evidence = _best_chain(styled, lines)
        scored.append((evidence * _span_factor(chain, lines), style, chain))
    scored.sort(key=lambda candidate: -candidate[0])
    best_evidence, best_style, chain = scored[0]
    if not chain or best_evidence <= 0:
        return Outline(style="", confidence=0.0, questions=())
    chosen = {mark.line_index for mark in chain}
    rest = [mark for mark in marks if mark.style == best_style and mark.line_index not in chosen]
    # Between the questions a list or a table may look like one of contents, and is none.
    contents = {index for index in contents if index < chain[0].line_index} | _contents_behind(rest, chain, lines)
    strays = [mark for mark in rest if mark.line_index not in contents and _looks_like_question(mark, lines)]
    taken = {mark.number for mark in chain}
    return Outline(
        style=best_style,
        confidence=best_evidence / (best_evidence + max(0.0, scored[1][0])),
        questions=tuple(chain),
        duplicates=tuple(mark for mark in strays if mark.number in taken),
        out_of_order=tuple(mark for mark in strays if mark.number not in taken),
        contents=tuple(mark for mark in rest if mark.line_index in contents),
    )


def _best_chain(marks: list[NumberMark], lines: list[Line]) -> tuple[list[NumberMark], float]:
    """Return the rising chain of marks with the most evidence, by dynamic programming over the number it ends with."""
    links: dict[int, tuple[float, NumberMark, int | None]] = {}
    best_by_number: dict[int, int] = {}
    for position, mark in enumerate(marks):
        own = _evidence(mark, lines)
        total, previous = own - GAP_COST * min(mark.number - 1, MAX_GAP), None
        for number in range(max(1, mark.number - MAX_GAP), mark.number):
            if number not in best_by_number:
                continue
            candidate = (
                links[best_by_number[number]][0] + own - min(GAP_COST * (mark.number - number - 1), MAX_GAP_COST)
            )
            if candidate > total:
                total, previous = candidate, best_by_number[number]
        links[position] = (total, mark, previous)
        known = best_by_number.get(mark.number)
        if known is None or total > links[known][0]:
            best_by_number[mark.number] = position
    if not links:
        return [], 0.0
    end: int | None = max(links, key=lambda position: (links[position][0], -position))
    evidence = links[end][0] if end is not None else 0.0
    chain = []
    while end is not None:
        _, mark, end = links[end]
        chain.append(mark)
    return chain[::-1], evidence


def _evidence(mark: NumberMark, lines: list[Line]) -> float:
    """Return how much a line looks like a question's heading; an ordinary list item has about 1."""
    evidence = 1.0
    if _ends_as_question(mark, lines):
        evidence += 1.0
    if lines[mark.line_index].heading_level is not None:
        evidence += 1.5
    if len(mark.words) > MAX_HEADING_CHARACTERS or re.search(r"[。；;]", mark.words):
        evidence -= 0.8
    return evidence


def _ends_as_question(mark: NumberMark, lines: list[Line]) -> bool:
    return bool(QUESTION_END.search(mark.words)) or continuation(mark, lines) is not None


def continuation(mark: NumberMark, lines: list[Line]) -> Line | None:
    """Return the line on which a broken heading goes on, or None.

    Print breaks a long heading in the middle; the rest stands on the very next line and ends the question.
    """
    index = mark.line_index + 1
    if QUESTION_END.search(mark.words) or re.search(r"[。；：:;]$", mark.words) or index >= len(lines):
        return None
    following = lines[index]
    words = following.words.strip()
    is_rest = (
        0 < len(words) <= MAX_HEADING_CHARACTERS // 2
        and QUESTION_END.search(words)
        and number_mark(following, index) is None
        and not PART_HEADING.match(words)
    )
    return following if is_rest else None


def _looks_like_question(mark: NumberMark, lines: list[Line]) -> bool:
    return bool(QUESTION_END.search(mark.words)) or lines[mark.line_index].heading_level is not None


def _contents_ahead(marks: list[NumberMark], lines: list[Line]) -> set[int]:
    """Return the indexes of lines that stand in a table of contents, if they stand before the first question.

    There, a page number follows behind leaders, or headings that come again follow each other without an answer.
    """
    alike = defaultdict(list)
    for mark in marks:
        alike[mark.style, mark.number].append(mark)
    return {
        mark.line_index
        for mark in marks
        if CONTENTS_LEADER.search(lines[mark.line_index].words)
        or (
            _stands_in_a_row(mark, lines)
            and any(
                _is_same_heading(mark, other) or (_looks_like_question(mark, lines) and _ends_as_question(other, lines))
                for other in alike[mark.style, mark.number]
                if other.line_index > mark.line_index
            )
        )
    }


def _contents_behind(marks: list[NumberMark], chain: list[NumberMark], lines: list[Line]) -> set[int]:
    """Return the indexes of lines behind the last question that repeat the headings one after the other."""
    questions = {mark.number: mark for mark in chain}
    return {
        mark.line_index
        for mark in marks
        if mark.line_index > chain[-1].line_index
        and mark.number in questions
        and _is_same_heading(mark, questions[mark.number])
        and _stands_in_a_row(mark, lines)
    }


def _is_same_heading(whole: NumberMark, other: NumberMark) -> bool:
    """Return whether the words are the same but for spaces, be the other heading broken over two lines."""
    words = re.sub(r"\s", "", other.words)
    return bool(words) and re.sub(r"\s", "", whole.words).startswith(words)


def _stands_in_a_row(mark: NumberMark, lines: list[Line]) -> bool:
    return _neighbour_number(mark, lines, 1) == mark.number + 1 or _neighbour_number(mark, lines, -1) == mark.number - 1


def _neighbour_number(mark: NumberMark, lines: list[Line], step: int) -> int | None:
    """Return the number, in the same style, on the nearest line above (-1) or below (1); blank lines and parts pass."""
    index = mark.line_index + step
    while 0 <= index < len(lines):
        words = lines[index].words.strip()
        if words and not PART_HEADING.match(words):
            other = number_mark(lines[index], index)
            return other.number if other is not None and other.style == mark.style else None
        index += step
    return None


def _span_factor(chain: list[NumberMark], lines: list[Line]) -> float:
    """Return 0.4 to 1: how much of the document lies between the first and the last mark of a chain."""
    if not chain or not lines:
        return 0.4
    return 0.4 + 0.6 * (chain[-1].line_index - chain[0].line_index + 1) / len(lines)

"""Which lines open with a number, and in which style of numbering."""

import re
from dataclasses import dataclass

from corpus.chinese_numbers import NUMERAL_CHARACTERS, parse_number
from ingest.document import Line

_CHINESE = f"[{NUMERAL_CHARACTERS}]{{1,7}}"
_ANY = rf"{_CHINESE}|\d{{1,4}}"
_STOP = r"[、，,．.:：\s]?"
# Tried in this order; a line has at most one style. Each pattern's first group is the numeral, and what follows the
# match is the heading. "\d" reads full-width digits too.
STYLES: dict[str, re.Pattern[str]] = {
    "第N问": re.compile(rf"第\s?({_ANY})\s?[问題题]{_STOP}"),
    "问题N": re.compile(rf"问题\s?({_ANY}){_STOP}(?=\D)"),
    "QN": re.compile(rf"[QqＱｑ]\.?\s?(\d{{1,4}}){_STOP}(?=\D)"),
    "一、": re.compile(rf"({_CHINESE})\s?[、，,．.:：]"),
    "（1）": re.compile(rf"[(（]\s?({_ANY})\s?[)）]{_STOP}"),
    "1）": re.compile(r"(\d{1,4})\s?[)）]"),
    # Not "2.5%", and not the clock or the date of a sentence.
    "1.": re.compile(r"(\d{1,4})\s?[、，,．.](?!\d)"),
    "①": re.compile(r"([①-⑳])"),
}
PART_HEADING = re.compile(rf"(第\s?({_ANY})\s?(?:部分|篇|编|章|单元))(?![^\s：:]*[。；])[\s：:、]*(.*)")
_CIRCLED_ONE = ord("①")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberMark:
    """A line that opens with a number.

    Attributes:
        line_index: Index of the line in the document, from 0.
        style: A key of STYLES.
        number: At least 1.
        words: The line without its number, trimmed.
    """

    line_index: int
    style: str
    number: int
    words: str


def number_mark(line: Line, line_index: int) -> NumberMark | None:
    """Return the number a line opens with, or None; leading spaces of any kind do not matter."""
    words = line.words.strip()
    for style, pattern in STYLES.items():
        match = pattern.match(words)
        if match is None:
            continue
        number = _value(match[1])
        if number is None or number < 1:
            return None
        return NumberMark(line_index=line_index, style=style, number=number, words=words[match.end() :].strip())
    return None


def _value(numeral: str) -> int | None:
    if "①" <= numeral <= "⑳":
        return ord(numeral) - _CIRCLED_ONE + 1
    return parse_number(numeral)

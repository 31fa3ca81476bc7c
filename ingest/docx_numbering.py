"""Word's automatic numbers as the reader of the page sees them.

Word stores "item 3 of list 7", not "三、". The visible label follows from the list's definition.
Source: ECMA-376 part 1, 17.9 (numbering).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from corpus.chinese_numbers import LARGEST, chinese_numeral

CHINESE_FORMATS = {
    "chineseCounting",
    "chineseCountingThousand",
    "chineseLegalSimplified",
    "ideographDigital",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
}
CIRCLED_NUMBERS = 20
ROMAN = [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list definition.

    Attributes:
        number_format: Word's name for the kind of numeral.
        pattern: The label around the numerals, such as "%1、".
        start: The first number.
        suffix: What stands between label and words: a space where Word has a tab or a space.
    """

    number_format: str
    pattern: str
    start: int
    suffix: str


class AutomaticNumbers:
    """The visible labels of numbered paragraphs, asked for in reading order.

    Word counts a list over the whole document, so each numbered paragraph must be asked for exactly once.
    """

    def __init__(self, document: WordDocument) -> None:
        self._levels: dict[tuple[str, int], Level] = {}
        self._abstract_of: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        if any(relation.reltype.endswith("/numbering") for relation in document.part.rels.values()):
            self._read_definitions(document.part.numbering_part.element)

    def next_label(self, paragraph: Paragraph) -> str:
        """Return the label that stands before the paragraph's words, or "" when it has none."""
        place = _list_place(paragraph)
        if place is None:
            return ""
        number_id, depth = place
        abstract_id = self._abstract_of.get(number_id)
        level = self._levels.get((number_id, depth))
        if abstract_id is None or level is None or level.number_format in {"bullet", "none"}:
            return ""
        # Lists that share a definition also share its counters, unless the list overrides the start.
        counts = self._counts[number_id if (number_id, -1) in self._levels else abstract_id]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        return self._label(number_id, depth, counts)

    def _label(self, number_id: str, depth: int, counts: dict[int, int]) -> str:
        label = self._levels[number_id, depth].pattern
        for shallower in range(depth + 1):
            shown = self._levels.get((number_id, shallower))
            if shown is not None:
                count = counts.get(shallower, shown.start)
                label = label.replace(f"%{shallower + 1}", _printed_number(count, shown.number_format))
        return label + self._levels[number_id, depth].suffix

    def _read_definitions(self, numbering: Any) -> None:  # noqa: ANN401 - an lxml element of a class without stubs
        abstract_levels = {
            abstract.get(qn("w:abstractNumId")): {
                int(level.get(qn("w:ilvl"))): _level(level) for level in abstract.findall(qn("w:lvl"))
            }
            for abstract in numbering.findall(qn("w:abstractNum"))
        }
        for number in numbering.findall(qn("w:num")):
            number_id = number.get(qn("w:numId"))
            abstract_id = number.find(qn("w:abstractNumId")).get(qn("w:val"))
            self._abstract_of[number_id] = abstract_id
            for depth, level in abstract_levels.get(abstract_id, {}).items():
                self._levels[number_id, depth] = level
            for override in number.findall(qn("w:lvlOverride")):
                self._read_override(number_id, override)

    def _read_override(self, number_id: str, override: Any) -> None:  # noqa: ANN401 - as above
        depth = int(override.get(qn("w:ilvl")))
        if (level := override.find(qn("w:lvl"))) is not None:
            self._levels[number_id, depth] = _level(level)
        start = override.find(qn("w:startOverride"))
        if start is not None and (number_id, depth) in self._levels:
            old = self._levels[number_id, depth]
            self._levels[number_id, depth] = replace(old, start=int(start.get(qn("w:val"))))
            self._levels[number_id, -1] = old  # marks a list that counts for itself


def _level(element: Any) -> Level:  # noqa: ANN401 - as above
    def value(tag: str, default: str) -> str:
        child = element.find(qn(tag))
        return default if child is None else str(child.get(qn("w:val"), default))

    return Level(
        number_format=value("w:numFmt", "decimal"),
        pattern=value("w:lvlText", ""),
        start=int(value("w:start", "1")),
        suffix="" if value("w:suff", "tab") == "nothing" else " ",
    )


def styles_of(paragraph: Paragraph) -> Iterator[ParagraphStyle]:
    """Yield a paragraph's style and the styles it is based on; a broken file's circle ends where it closes."""
    style, seen = paragraph.style, set[str]()
    while style is not None and style.style_id not in seen:
        seen.add(style.style_id)
        yield style
        style = style.base_style


def _list_place(paragraph: Paragraph) -> tuple[str, int] | None:
    """Return (list id, depth) of a paragraph, from itself or from its styles; depth counts from 0."""
    elements = [paragraph._p.pPr]  # noqa: SLF001 - python-docx has no public access to numbering
    elements += [style.element.pPr for style in styles_of(paragraph)]
    number_id, depth = None, None
    for properties in elements:
        place = None if properties is None else properties.numPr
        if place is None:
            continue
        if depth is None and place.ilvl is not None:
            depth = int(place.ilvl.val)
        if number_id is None and place.numId is not None:
            number_id = str(place.numId.val)
    # List id 0 switches off the numbering that a style would give.
    return None if number_id in {None, "0"} else (str(number_id), depth or 0)


def _printed_number(count: int, number_format: str) -> str:
    if number_format in CHINESE_FORMATS:
        return chinese_numeral(count) if 1 <= count <= LARGEST else str(count)
    if number_format in {"upperLetter", "lowerLetter"}:
        letter = chr(ord("A") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter if number_format == "upperLetter" else letter.lower()
    if number_format in {"upperRoman", "lowerRoman"}:
        roman, rest = "", count
        for value, sign in ROMAN:
            roman += sign * (rest // value)
            rest %= value
        return roman if number_format == "upperRoman" else roman.lower()
    if number_format == "decimalEnclosedCircle" and 1 <= count <= CIRCLED_NUMBERS:
        return chr(0x2460 + count - 1)
    if number_format == "decimalZero":
        return f"{count:02d}"
    return str(count)

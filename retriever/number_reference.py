"""Questions asked by their number: “第十九问”, “Q38”, “问题三十八讲什么”."""

import re
from typing import NamedTuple

from corpus.chinese_numbers import NUMERAL_CHARACTERS, parse_number

_NUMERAL = rf"([{NUMERAL_CHARACTERS}]{{1,7}}|\d{{1,4}})"
# What may follow a bare number so that it is a reference and not the start of something counted ("问题三天了").
_STOP = r"(?=$|[\s,，。;；:：、?？!！的是讲说里呢啥写谈与和答给第])"
# Read on normalised text: simplified, lower case, half width.
PATTERNS = (
    re.compile(rf"第\s*{_NUMERAL}\s*(?:个\s*)?(?:问题?|题)"),
    re.compile(r"(?<![a-z0-9])(?:q|question|no)\s*[.．:：]?\s*(\d{1,4})(?![\da-z])"),
    re.compile(rf"问题\s*{_NUMERAL}{_STOP}"),
    re.compile(rf"(?:^|[\s,，看查讲翻到说])(\d{{1,4}}|[{NUMERAL_CHARACTERS}]{{1,4}})\s*号?\s*(?:问题?|题){_STOP}"),
    # "我要看第十二个", "小册子里第四十四条": only reading, or a booklet, makes them question numbers.
    re.compile(rf"(?:看|读|翻|查|念|打开)\s*(?:一下)?\s*第\s*{_NUMERAL}\s*个\s*$"),
    re.compile(rf"(?:册子?|手册|书|本子)(?:里|中|上|里面|上面)?的?\s*第\s*{_NUMERAL}\s*条"),
)
# The numerals of forms and cheques, of the same length, so that places stay.
FORMAL_NUMERALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰", "一二三四五六七八九十百")
# A bare number and nothing else is how people page through a booklet.
ONLY_A_NUMBER = re.compile(rf"{_NUMERAL}[.。?？!！]?")


class NumberReference(NamedTuple):
    """A question number that was asked for, and the words around it."""

    number: int
    rest: str


def number_reference(text: str) -> NumberReference | None:
    """Return the question number a normalised question asks for, or None when it asks by content.

    Ordinals of other things (第七届, 第一产业), counts (25条, 50问 as a title) and numerals of zero are none.
    """
    plain = text.translate(FORMAL_NUMERALS)
    bare = ONLY_A_NUMBER.fullmatch(text.strip())
    if bare is not None and bare[1].isdecimal():
        return _reference(bare[1], "")
    for pattern in PATTERNS:
        match = pattern.search(plain)
        if match is not None:
            rest = f"{text[: match.start()]} {text[match.end() :]}".strip()
            return _reference(match[1], rest)
    return None


def _reference(numeral: str, rest: str) -> NumberReference | None:
    number = parse_number(numeral)
    return NumberReference(number, rest) if number else None

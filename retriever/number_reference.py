"""Questions asked by their number: “第十九问”, “Q38”, “问题三十八讲什么”."""

import re
from typing import NamedTuple

from corpus.chinese_numbers import NUMERAL_CHARACTERS, parse_number

_CHINESE = rf"[{NUMERAL_CHARACTERS}](?:\s?[{NUMERAL_CHARACTERS}]){{0,6}}"
_NUMERAL = rf"({_CHINESE}|\d{{1,4}})"
# 第, or what is heard for it at the beginning; counted from the end it is another question.
_THE = r"(?:(?<!倒数)第|(?<![^\s,，看查讲翻到说读])[弟地递])"
# What may follow a bare number so that it is a reference and not the start of something counted ("问题三天了").
_STOP = r"(?=$|[\s,，。;；:：、?？!！的是讲说里呢啥写谈与和答给第])"
_END = r"(?=$|[\s,，。;；:：?？!！讲说写])"
# “50问里第28个”: the booklet's title, not its last question; “35问第一句” is a part of that question.
_IN_THE_BOOK = r"\s*[里中]?的?\s*第\s*"
_NO_TITLE = rf"(?!{_IN_THE_BOOK}\d\d)"
_BEFORE = r"(?:^|[\s,，看查讲翻到说读])"
_READ = r"(?:看|读|翻|查|念|找|打开|翻到|跳到|转到)\s*(?:一下)?"
_SAYS = r"(?:(?:是|讲|说|写)(?:的|了)?是?(?:什么|啥|哪些)(?:内容)?)?"
# Read on normalised text: simplified, lower case, half width.
PATTERNS = (
    re.compile(rf"{_THE}\s*{_NUMERAL}\s*(?:个\s*|道|小)?(?:问题?|题)"),
    # 道 alone, and what dictation writes for 问.
    re.compile(rf"{_THE}\s*{_NUMERAL}\s*[道文闻]{_END}"),
    re.compile(r"(?<![a-z0-9])(?:q|question|no)\s*[.．:：]?\s*(\d{1,4})(?![\da-z])"),
    re.compile(rf"问题\s*{_NUMERAL}{_STOP}"),
    re.compile(rf"{_BEFORE}[问题]\s*[:：]?\s*(?![一两]){_NUMERAL}{_END}"),
    # “来50题” are fifty, “来个28问” is the 28th.
    re.compile(rf"[我给来把个要](?![一两]){_NUMERAL}\s*(?:号|[那这]个?)?\s*问{_NO_TITLE}{_STOP}"),
    re.compile(rf"{_BEFORE}(?![一两]){_NUMERAL}\s*(?:号|[那这]个?)?\s*(?:问题?|题目?){_NO_TITLE}{_STOP}"),
    # "我要看第十二个", "小册子里第四十四条": only reading, or a booklet, makes them question numbers.
    re.compile(rf"{_READ}\s*第\s*{_NUMERAL}\s*个\s*$"),
    re.compile(rf"(?:册子?|手册|书|本子)(?:里|中|上|里面|上面)?的?\s*第\s*{_NUMERAL}\s*条"),
    re.compile(rf"\d问{_IN_THE_BOOK}(\d\d)(?!\d)"),
)
# Nothing else is said. “第二个” would be one of an answer's list, so only from this number on; “第38条” may be a law's.
SMALLEST_BY_ITSELF = 11
BY_ITSELF = re.compile(rf"(?:{_READ})?\s*(?:{_THE}\s*{_NUMERAL}\s*个?|(\d{{1,3}}))\s*{_SAYS}[.。?？!！]?")
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
    by_itself = BY_ITSELF.fullmatch(plain.strip())
    if by_itself is not None and (number := _reference(next(filter(None, by_itself.groups())), "")) is not None:
        return number if number.number >= SMALLEST_BY_ITSELF else None
    for pattern in PATTERNS:
        match = pattern.search(plain)
        if match is not None:
            rest = f"{text[: match.start()]} {text[match.end() :]}".strip()
            return _reference(match[1], rest)
    return None


def _reference(numeral: str, rest: str) -> NumberReference | None:
    number = parse_number("".join(numeral.split()))
    return NumberReference(number, rest) if number else None

"""Questions asked by their number: “第十九问”, “Q38”, “问题三十八讲什么”, “第12和13问”, “倒数第二问”."""

import re
from typing import NamedTuple

from retriever.question_numerals import (
    FORMAL_NUMERALS,
    HEARD_NUMERAL,
    KEYCAP,
    NUMERAL,
    RANGE,
    SYLLABLE,
    from_sound,
    numbers_of,
)

_UNIT = r"(?:个\s*|道|小)?(?:问题?|题目?)"
# “第(38)问”
_AROUND = r"[\s()\[\]【】《》“”\"'「」.、_-]*"
_AND = rf"\s*(?:[、,，/和跟与及加同]|{RANGE}|还有|以及)\s*第?\s*"
# “12、13”, “12问到15”, “第12问和第13”, “12问13”.
_NUMERALS = rf"(?P<numerals>{NUMERAL}(?:(?:\s*(?:{_UNIT})?{_AND}|\s*{_UNIT}\s*第?\s*){NUMERAL}){{0,4}})"
# 第, or what is heard for it at the beginning; counted from the end it is another question.
_THE = r"(?:(?<!倒数)(?<!倒着数)(?<!往前数)(?<!末尾)第|(?<![^\s,，看查讲翻到说读])[弟地递低帝提滴])"
# What may follow a bare number so that it is a reference and not the start of something counted ("问题三天了").
_STOP = r"(?=$|[\s,，。;；:：、?？!！的是讲说里呢啥写谈与和答给第])"
_END = r"(?=$|[\s,，。;；:：?？!！讲说写])"
# “50问里第28个”: the booklet's title, not its last question; “35问第一句” is a part of that question.
_IN_THE_BOOK = r"\s*[里中]?的?\s*第\s*"
_NO_TITLE = rf"(?!{_IN_THE_BOOK}\d\d)"
_BEFORE = r"(?:^|[\s,，看查讲翻到说读])"
# Found anywhere in normalised text: simplified, lower case, half width.
ANYWHERE = (
    re.compile(rf"{_THE}{_AROUND}{_NUMERALS}{_AROUND}{_UNIT}"),
    # 道 alone, and what dictation writes for 问.
    re.compile(rf"{_THE}\s*{_NUMERALS}\s*[道文闻吻稳]{_END}"),
    re.compile(rf"(?<![a-z0-9])(?:q|question|no)\s*[.．:：#-]?\s*(?:number)?\s*(?P<numerals>{NUMERAL})(?![\da-z])"),
    re.compile(r"(?<![\da-z])(?P<numerals>\d{1,3})(?:st|nd|rd|th)\s*(?:question|q)(?![a-z])"),
    re.compile(rf"问题\s*{_NUMERALS}{_STOP}"),
    re.compile(rf"{_BEFORE}[问题]\s*[:：]?\s*(?![一两]){_NUMERALS}{_END}"),
    # “来50题” are fifty, “来个28问” is the 28th.
    re.compile(rf"[我给来把个要](?![一两]){_NUMERALS}\s*(?:号|[那这]个?)?\s*问{_NO_TITLE}{_STOP}"),
    re.compile(rf"{_BEFORE}(?![一两]){_NUMERALS}\s*(?:号|[那这]个?)?\s*(?:问题?|题目?){_NO_TITLE}{_STOP}"),
    # "小册子里第四十四条": a booklet makes it a question's number and not a law's.
    re.compile(rf"(?:册子?|手册|书|本子)(?:里|中|上|里面|上面)?的?\s*第\s*{_NUMERALS}\s*条"),
    re.compile(rf"\d问{_IN_THE_BOOK}(?P<numerals>\d\d)(?!\d)"),
)
# At the edge of other words it may be a title: “职工维权38问”.
AT_THE_EDGE = (re.compile(rf"^(?P<numerals>\d\d)问{_NO_TITLE}"), re.compile(r"(?<!\d)(?P<numerals>\d\d)问$"))

# Nothing but a number and words such as these: somebody who pages through the booklet. Possessive, so that many of
# them cost no more than few.
_READ = (
    "看看|看|瞧|瞅|查|读|念念|念|听|背|讲讲|讲一讲|讲|说说|说一说|说|解释|回答|回复|回到|翻|点开|打开|调出|跳|转|到|发|找|选|学"
    "|了解|知道|显示|输入|复制|告诉"
)
_POLITE = (
    "请问|请|麻烦|帮|给|咱|我|想|要|求|来|能不能|可以|只|光|就|再|先|还有|换成?|改|下一个|那|把|将|从|一下|一眼|眼|下|里头"
    "|[里上中]面?|的|其中|一共|为|pls|please"
)
_BOOK = "这本|手册|小?册子|书|本子|目录|全书|(?:产改|职工)?(?:知识)?(?:50|五十)个?(?:问题?|题)之?"
_LABEL = "问答|问题编号|问题号|问题|编号|标号|序号|题号|问号|题目|题|question|q&a|q|no|number|item|#|问"
_ASKED = "内容|答案|原文|全文|原话|标准|是|讲讲|讲|说说|说|写|谈"
_FILLER = (
    "的|了|什么|啥|哪些|怎么|答|[呢吧吗啊呗哈哦咯噻撒嘞呀]|也|都|就行|即可|发|给|我|看看|看|一下|下|谢谢|谢了|thx|please|一遍|具体|到底|主要|关于|问题|有|些|来着|[那这]个?"
    "|翻?出来|拿来"
)
_MARK = r"[\s.。:：,，、?？!！()\[\]【】《》“”\"'「」&_~～…*+@/\\-]"
_LEAD = rf"(?P<lead>(?:{_READ}|{_POLITE}|{_BOOK}|{_LABEL}|{_MARK})*+)"
_TAIL = rf"(?P<tail>(?:{_ASKED}|{_FILLER}|{_MARK})*+)"
LABELS = re.compile(_LABEL)
NAMES_A_QUESTION = re.compile(rf"{_BOOK}|{_LABEL}")
ASKS_TO_READ = re.compile(rf"{_READ}|{_ASKED}")
BY_ITSELF = re.compile(
    rf"{_LEAD}(?P<the>{_THE}|头|来个)?{_AROUND}{_NUMERALS}{_AROUND}"
    rf"(?:(?P<unit>号?{_UNIT})|(?P<counted>号|道|条|章|节|段|项|点|部分|篇|则)|(?P<one>个)|[那这]一?[个条道]?(?:问题?|题)?"
    rf"|q|question|th|st|nd|rd)?{_TAIL}(?P<part>第.{{1,6}})?"
)
A_NUMBER_ALONE = re.compile(rf"{_MARK}*(?P<numerals>\d{{1,4}}){_MARK}*")
FROM_THE_END = re.compile(rf"{_LEAD}(?:倒数|倒着数|从后往前数|末尾)第?\s*{_NUMERALS}\s*{_UNIT}{_TAIL}")
THE_LAST = re.compile(rf"{_LEAD}(?:最后|末尾)(?:[的那]|面)*一?(?:个|道)?(?P<unit>问题?|题){_TAIL}")
# “第二个” would be one of an answer's list, so only from this number on; “第38条” may be a law's.
SMALLEST_BY_ITSELF = 11
# Written as it sounds.
PINYIN = re.compile(rf"(?<![a-z])di ?(\d{{1,3}}|(?:(?:{SYLLABLE.pattern}) ?)+?) ?(?:ge ?)?(?:wen|ti)(?![a-z])")
HEARD = re.compile(rf"第({HEARD_NUMERAL})[问题]$")


class NumberReference(NamedTuple):
    """The question numbers that were asked for, in that order, and the words around them.

    Attributes:
        numbers: From 1; from -1 downwards when counted from the end of a handbook. Never empty.
        rest: The question's other words.
        is_certain: False when something else may be meant, as by “第38条” or “15号”: an offer, not an answer.
        is_named: Whether a word says that a question is meant (第38问, Q38) and not the number alone (38, 看38).
    """

    numbers: tuple[int, ...]
    rest: str
    is_certain: bool = True
    is_named: bool = True


def number_reference(text: str) -> NumberReference | None:
    """Return the question numbers a normalised question asks for, or None when it asks by content.

    Ordinals of other things (第七届, 第一产业), counts (25条, 50问 as a title) and numerals of zero are none.
    """
    text = KEYCAP.sub("", text)
    plain = text.translate(FORMAL_NUMERALS)
    return _alone(plain) or _from_the_end(plain) or _by_itself(plain) or _among_others(plain, text) or _perhaps(plain)


def _alone(plain: str) -> NumberReference | None:
    match = A_NUMBER_ALONE.fullmatch(plain)
    found = match and _reference(match["numerals"], "")
    return found and found._replace(is_named=False)


def _from_the_end(plain: str) -> NumberReference | None:
    if (match := FROM_THE_END.fullmatch(plain)) is not None:
        found = _reference(match["numerals"], "")
        return found and found._replace(numbers=tuple(-number for number in found.numbers))
    if (last := THE_LAST.fullmatch(plain)) is not None:
        # “最后一个问题” alone is how people begin what they ask next.
        return NumberReference((-1,), "", is_certain=last["unit"] != "问题" or _says_more(last))
    return None


def _among_others(plain: str, text: str) -> NumberReference | None:
    for pattern in ANYWHERE:
        if (match := pattern.search(plain)) is not None:
            return _reference(match["numerals"], _around(match, text))
    if (spelled := PINYIN.search(plain)) is not None:
        return _reference(from_sound(spelled[1]), _around(spelled, text))
    for pattern in AT_THE_EDGE:
        if (match := pattern.search(plain)) is not None and int(match["numerals"]) >= SMALLEST_BY_ITSELF:
            return _reference(match["numerals"], _around(match, text), is_certain=False)
    return None


def _by_itself(plain: str) -> NumberReference | None:
    """Return the reference of a question that says nothing else, or None where other patterns must decide."""
    match = BY_ITSELF.fullmatch(plain)
    found = match and _reference(match["numerals"], match["part"] or "")
    if match is None or found is None:
        return None
    if min(found.numbers) < SMALLEST_BY_ITSELF:
        return found if match["the"] and match["unit"] else None
    if match["unit"]:
        # “给我20个问题” are twenty, “要50题” fifty.
        is_ordinal = match["the"] or match["unit"] in ("问", "号问", "号问题") or NAMES_A_QUESTION.search(match["lead"])
        return found if is_ordinal else None
    if match["counted"]:
        is_named = match["counted"] == "道" or bool(NAMES_A_QUESTION.search(match["lead"]))
        return found._replace(is_certain=is_named) if match["the"] or match["counted"] == "号" else None
    if match["one"] and not match["the"]:
        return None
    says_no_other_word = not any(word.isalnum() for word in match["lead"] + match["tail"])
    is_named = bool(match["the"] or LABELS.search(match["lead"]))
    return found._replace(is_certain=is_named or says_no_other_word or _says_more(match), is_named=is_named)


def _perhaps(plain: str) -> NumberReference | None:
    """Return what may be asked for: a small number among words of reading, or one written as it sounds."""
    match = BY_ITSELF.fullmatch(plain)
    if match is not None and not (match["unit"] or match["counted"] or match["one"]):
        is_named = match["the"] or _says_more(match)
        return _reference(match["numerals"], "", is_certain=False) if is_named else None
    heard = HEARD.search(plain)
    return heard and _reference(from_sound(heard[1]), "", is_certain=False)


def _says_more(match: re.Match[str]) -> bool:
    """Return whether the words around a number are of reading, or of a booklet."""
    return bool(NAMES_A_QUESTION.search(match["lead"]) or ASKS_TO_READ.search(match["lead"] + match["tail"]))


def _around(match: re.Match[str], text: str) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}".strip()


def _reference(numerals: str, rest: str, *, is_certain: bool = True) -> NumberReference | None:
    numbers = numbers_of(numerals)
    return NumberReference(numbers, rest, is_certain) if numbers else None

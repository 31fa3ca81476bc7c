"""How people write a question's number: 38, 三十八, 叁拾捌, 廿八, 12到15, san shi ba, and what is heard."""

import re

from corpus.chinese_numbers import NUMERAL_CHARACTERS, parse_number

# Chinese numerals may be spaced and mixed with Arabic digits, as in “二 十 八” and “3十8”.
NUMERAL = rf"(?:\d{{1,4}}(?![\d{NUMERAL_CHARACTERS}])|[{NUMERAL_CHARACTERS}\d](?:\s?[{NUMERAL_CHARACTERS}\d]){{0,6}})"
RANGE = r"[到至~～—-]"
NUMERAL_OR_RANGE = re.compile(rf"(?P<numeral>{NUMERAL})|{RANGE}")
# “第12到15问” are four questions; a longer way would be the booklet.
LONGEST_RANGE = 10
# The numerals of forms and cheques, of the same length, so that places stay.
FORMAL_NUMERALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰幺", "一二三四五六七八九十百一")
# What makes a key of a phone's keyboard of a digit.
KEYCAP = re.compile("[\ufe0f\u20e3]")
# “3 8”, typed one by one, and “30八”, which dictation makes of 三十八.
SPACED_DIGITS = re.compile(r"(?<!\d)\d(?: \d)+(?!\d)")
ROUND_TENS_FIRST = re.compile(r"(\d)0([一二三四五六七八九])")
ARABIC_AS_CHINESE = str.maketrans("0123456789", "零一二三四五六七八九")
# Each numeral's syllable, and characters of that sound which keyboards and dictation write for it: “第四是八问”.
SOUNDS = {
    "一": ("yi", "依衣医"),
    "二": ("er", "儿耳而"),
    "三": ("san", "山散"),
    "四": ("si", "司斯死思"),
    "五": ("wu", "武午舞"),
    "六": ("liu", "流溜刘"),
    "七": ("qi", "期起其气"),
    "八": ("ba", "吧巴把爸"),
    "九": ("jiu", "就久酒旧"),
    "十": ("shi", "是时事实石师试使"),
}
SYLLABLES = {syllable: numeral for numeral, (syllable, _) in SOUNDS.items()}
SYLLABLE = re.compile("|".join(SYLLABLES))
HEARD_FOR = str.maketrans({heard: numeral for numeral, (_, all_) in SOUNDS.items() for heard in all_})
HEARD_NUMERAL = rf"[{NUMERAL_CHARACTERS}{''.join(heard for _, heard in SOUNDS.values())}]{{1,4}}"


def numbers_of(numerals: str) -> tuple[int, ...]:
    """Return the numbers of one or more numerals in the order written, each once, ranges filled in.

    Empty when one of them is no number, or zero.
    """
    numbers: list[int] = []
    is_range = False
    for match in NUMERAL_OR_RANGE.finditer(SPACED_DIGITS.sub(lambda digits: digits[0].replace(" ", ""), numerals)):
        if match["numeral"] is None:
            is_range = True
            continue
        number = _value(match["numeral"])
        if not number:
            return ()
        if is_range and 0 < number - numbers[-1] < LONGEST_RANGE:
            numbers += range(numbers[-1] + 1, number)
        numbers.append(number)
        is_range = False
    return tuple(dict.fromkeys(numbers))


def from_sound(heard: str) -> str:
    """Return the numeral that was heard, from pinyin or from characters of its sound; others stay."""
    return SYLLABLE.sub(lambda syllable: SYLLABLES[syllable[0]], heard).translate(HEARD_FOR)


def _value(numeral: str) -> int | None:
    digits = "".join(numeral.split())
    if (tens_first := ROUND_TENS_FIRST.fullmatch(digits)) is not None:
        digits = tens_first[1] + tens_first[2]
    return parse_number(digits if digits.isdecimal() else digits.translate(ARABIC_AS_CHINESE))

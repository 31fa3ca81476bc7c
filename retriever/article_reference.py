"""Questions that ask for an article of a law: “劳动合同法第十九条”, “工会法第25条第二款怎么说”."""

import re
from typing import NamedTuple

from corpus.chinese_numbers import NUMERAL_CHARACTERS, chinese_numeral, parse_number

_NUMERAL = rf"([{NUMERAL_CHARACTERS}]{{1,8}}|\d{{1,4}})"
# Read on normalised text.
ARTICLE = re.compile(rf"第\s*{_NUMERAL}\s*条(?:之{_NUMERAL})?")
FULL_NAME = "中华人民共和国"
REMARK = re.compile(r"[（(][^）)]*[）)]$")


class ArticleReference(NamedTuple):
    """An article that was asked for: as print calls it ("第十九条之一"), and the question without it."""

    article: str
    rest: str


def article_reference(text: str) -> ArticleReference | None:
    """Return the article that a normalised question names, or None."""
    match = ARTICLE.search(text)
    number = parse_number(match[1]) if match else None
    if match is None or not number:
        return None
    sub_number = parse_number(match[2]) if match[2] else None
    article = f"第{chinese_numeral(number)}条" + (f"之{chinese_numeral(sub_number)}" if sub_number else "")
    return ArticleReference(article, f"{text[: match.start()]} {text[match.end() :]}".strip())


def short_law_name(title: str) -> str:
    """Return a law's title as people say it: 中华人民共和国劳动合同法（2012年修正） is 劳动合同法."""
    return REMARK.sub("", title.strip("《》")).removeprefix(FULL_NAME).strip("《》")

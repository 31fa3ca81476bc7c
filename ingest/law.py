"""Laws and rules: articles (第十九条, 第十九条之一) under 编, 章 and 节, cited as 《劳动合同法》第十九条."""

import hashlib
import re
from dataclasses import dataclass

from corpus.chinese_numbers import NUMERAL_CHARACTERS, chinese_numeral, parse_number
from corpus.handbook import Part
from ingest.document import Line
from ingest.entries import Entry
from ingest.sections import UNNUMBERED_TITLES, without_han_spaces

_NUMERAL = rf"[{NUMERAL_CHARACTERS}]{{1,8}}|\d{{1,4}}"
# An article opens its line. Without a space behind, what follows must not read on as "第十九条规定的……".
ARTICLE = re.compile(
    rf"第\s?({_NUMERAL})\s?条(?:之({_NUMERAL}))?(?:[\s：:]+|(?=[【〔（(\[])|$|(?![和与至到或及、，,的所第规款项中之以]))"
)
ARTICLE_TITLE = re.compile(r"[【〔(（\[]([^】〕)）\]。；]{1,40})[】〕)）\]]")
DIVISION = re.compile(rf"第\s?({_NUMERAL})\s?(分编|编|章|节)(?:[\s：:]+|(?=\S))(\S.{{0,40}})?")
DEPTHS = {"编": 0, "分编": 1, "章": 2, "节": 3}
LAW_TITLE = re.compile(
    r"[^。；;，：:？?!！第]{1,50}(?:法|条例|规定|办法|细则|决定|解释|章程|规则|意见|准则|制度|规程)"
    r"(?:[（(][^）)]{1,30}[）)])?"
)
FULL_NAME = "中华人民共和国"
REMARK = re.compile(r"[（(][^）)]*[）)]$")
SEARCHED_TITLE_LINES = 20
MAX_GAP = 20
CONTENTS_TITLE = re.compile(r"目\s*[录次]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A line that opens with an article number.

    Attributes:
        line_index: Index of the line in the document, from 0.
        number: Article number, and the number behind 之, or 0.
        title: The words in brackets behind the number, or "".
    """

    line_index: int
    number: tuple[int, int]
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """One law of a document: its name, its articles, and the numbers that are missing between them."""

    name: str
    articles: tuple[Article, ...]
    gaps: tuple[tuple[int, int, int], ...] = ()


def find_laws(lines: list[Line], title: str = "") -> tuple[Law, ...]:
    """Return the laws of a document in order; an article that begins again at 第一条 begins another law.

    Args:
        lines: Of the document.
        title: What the law is called where its text does not say.
    """
    chains: list[list[Article]] = []
    articles = _article_lines(lines)
    for position, article in enumerate(articles):
        following = articles[position + 1].number if position + 1 < len(articles) else None
        if article.number == (1, 0):
            chains.append([article])
        elif chains and _continues(chains[-1][-1].number, article.number, following):
            chains[-1].append(article)
        elif not chains and article.number[0] <= MAX_GAP:
            chains.append([article])
    laws: list[Law] = []
    floor = 0
    for chain in chains:
        name = _name_above(lines, chain[0].line_index, floor) or (title if not laws else "")
        laws.append(Law(name=_short_name(name), articles=tuple(chain), gaps=_gaps(chain)))
        floor = chain[-1].line_index + 1
    return tuple(laws)


def _article_lines(lines: list[Line]) -> list[Article]:
    found = []
    for index, line in enumerate(lines):
        words = line.words.strip()
        match = ARTICLE.match(words)
        number = parse_number(match[1]) if match else None
        if match and number:
            bracket = ARTICLE_TITLE.match(words[match.end() :].lstrip())
            found.append(
                Article(
                    line_index=index,
                    number=(number, (parse_number(match[2]) or 0) if match[2] else 0),
                    title=bracket[1].strip() if bracket else "",
                )
            )
    return found


def _continues(last: tuple[int, int], number: tuple[int, int], following: tuple[int, int] | None) -> bool:
    """Return whether an article goes on behind another: the next one, or behind a gap when the one after it fits."""
    if number in {(last[0] + 1, 0), (last[0], last[1] + 1)}:
        return True
    is_ahead = last[0] < number[0] <= last[0] + MAX_GAP and not number[1]
    return is_ahead and following in {None, (1, 0), (number[0] + 1, 0), (number[0], 1)}


def _gaps(chain: list[Article]) -> tuple[tuple[int, int, int], ...]:
    """Return missing numbers as (first, last, line number of the article before)."""
    gaps, number, line = [], 0, 0
    for article in chain:
        if article.number[0] > number + 1:
            gaps.append((number + 1, article.number[0] - 1, line))
        number, line = article.number[0], article.line_index + 1
    return tuple(gaps)


def _name_above(lines: list[Line], article_index: int, floor: int) -> str:
    """Return the name of a law: the highest line above its first article that reads like one, or ""."""
    for index in range(floor, article_index):
        words = lines[index].words.strip()
        if LAW_TITLE.fullmatch(words) and index >= article_index - SEARCHED_TITLE_LINES - 200:
            return without_han_spaces(words)
    return ""


def _short_name(name: str) -> str:
    return REMARK.sub("", re.sub(r"\s", "", name)).removeprefix(FULL_NAME).strip("《》")


def law_entries(laws: tuple[Law, ...], lines: list[Line]) -> tuple[list[Entry], set[int]]:
    """Return the articles as entries, with a preamble and an appendix, and the lines of headings between them."""
    entries: list[Entry] = []
    headings: set[int] = set()
    floor = 0
    for place, law in enumerate(laws):
        prefix = "" if place == 0 else f"{hashlib.sha256(f'{law.name}/{place}'.encode()).hexdigest()[:6]}-"
        named = f"《{law.name}》" if law.name else ""
        end = laws[place + 1].articles[0].line_index if place + 1 < len(laws) else len(lines)
        divisions = _divisions(lines, floor, end, law.articles[0].line_index)
        headings |= divisions.keys()
        headings |= {index for index in range(floor, law.articles[0].line_index) if _is_title(lines[index])}
        preamble = _preamble(lines, floor, law)
        if preamble is not None:
            entries.append(
                Entry(
                    section_id=f"{prefix}preamble",
                    line_index=preamble,
                    body_index=preamble,
                    heading=f"{named}题注",
                    cited_as=f"{named}题注",
                )
            )
        entries += [_article_entry(article, named, prefix, divisions) for article in law.articles]
        if (appendix := _appendix(lines, law.articles[-1].line_index, end)) is not None:
            heading = without_han_spaces(lines[appendix].words)
            entries.append(
                Entry(section_id=f"{prefix}appendix", line_index=appendix, body_index=appendix + 1, heading=heading)
            )
        floor = _first_line_behind(lines, law.articles[-1].line_index, end)
    return entries, headings


def _article_entry(article: Article, named: str, prefix: str, divisions: dict[int, Part]) -> Entry:
    number, sub_number = article.number
    printed = f"第{chinese_numeral(number)}条" + (f"之{chinese_numeral(sub_number)}" if sub_number else "")
    above = [index for index in divisions if index < article.line_index]
    return Entry(
        section_id=f"{prefix}a{number}" + (f"-{sub_number}" if sub_number else ""),
        line_index=article.line_index,
        body_index=article.line_index,
        heading=f"{named}{printed}" + (f" {article.title}" if article.title else ""),
        cited_as=f"{named}{printed}",
        part=divisions[max(above)] if above else None,
    )


def _divisions(lines: list[Line], floor: int, end: int, first_article: int) -> dict[int, Part]:
    """Return the headings of 编, 章 and 节 by line, each with those above it; a table of contents counts last."""
    path: dict[int, str] = {}
    found: dict[int, Part] = {}
    for index in range(floor, end):
        words = lines[index].words.strip()
        match = DIVISION.fullmatch(words)
        if match is None or words[-1] in "。；;，,：:":
            continue
        depth = DEPTHS[match[2]]
        path = {level: title for level, title in path.items() if level < depth}
        label = f"第{match[1]}{match[2]}"
        path[depth] = f"{label} {without_han_spaces(match[3] or '')}".strip()
        above = " › ".join(path[level] for level in sorted(path))
        found[index] = Part(number=parse_number(match[1]) or 1, title=above.removeprefix(label).strip(), label=label)
        if not above.startswith(label):
            found[index] = Part(number=parse_number(match[1]) or 1, title=above, label="")
    contents_end = next((index for index in found if index > first_article), end)
    repeated = {part.display for index, part in found.items() if index >= contents_end}
    return {index: part for index, part in found.items() if index > first_article or part.display not in repeated}


def _preamble(lines: list[Line], floor: int, law: Law) -> int | None:
    """Return the line at which words stand between a law's title and its first article, or None."""
    for index in range(floor, law.articles[0].line_index):
        if lines[index].words.strip() and not _is_title(lines[index]):
            return index
    return None


def _is_title(line: Line) -> bool:
    """Return whether a line before the first article is the law's name or stands in its table of contents."""
    words = line.words.strip()
    return any(title.fullmatch(words) for title in (LAW_TITLE, DIVISION, CONTENTS_TITLE))


def _appendix(lines: list[Line], last_article: int, end: int) -> int | None:
    titles = (UNNUMBERED_TITLES["appendix"], re.compile(r"附件[一二三四五六七八九十\d]*[：:\s]?.{0,30}"))
    for index in range(last_article + 1, end):
        words = re.sub(r"\s", "", lines[index].words)
        if any(title.fullmatch(words) for title in titles):
            return index
    return None


def _first_line_behind(lines: list[Line], last_article: int, end: int) -> int:
    """Return the line behind a law's last article at which the next law's own lines may begin."""
    for index in range(last_article + 1, end):
        if LAW_TITLE.fullmatch(lines[index].words.strip()):
            return index
    return min(last_article + 1, end)

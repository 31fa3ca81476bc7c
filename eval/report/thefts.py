"""Which questions of the handbook come first in the place of which."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from eval.dataset import LabelledQuestion
from eval.figures import is_best_right
from eval.report.markup import NOTHING, Markup, element, joined
from eval.report.rows import QUESTION_CHARACTERS, anchor
from eval.report.words import by_number, group_name, section_name, shortened
from eval.served import Served
from eval.store import StoredRun

SHOWN_AT_ONCE: Final = 12
SHOWN_THIEVES: Final = 5
Names = Mapping[str, str]
Pair = tuple[str, str]


def confusion(run: StoredRun) -> Markup:
    """Return which sections came first in the place of which, most often first, with their questions."""
    stolen: dict[Pair, list[int]] = {}
    for place, (row, served) in enumerate(zip(run.rows, run.served, strict=True)):
        if row.is_answerable and served.ranking and not is_best_right(row, served):
            stolen.setdefault((_expected(row, served), served.ranking[0].section_id), []).append(place)
    if not stolen:
        return element("p", "没有一题被别的问抢走第一。")
    pairs = sorted(stolen, key=lambda pair: (-len(stolen[pair]), by_number(pair[0]), by_number(pair[1])))
    items = [_theft(run, pair, stolen[pair]) for pair in pairs]
    rest = items[SHOWN_AT_ONCE:]
    more = element("details", element("summary", f"其余 {len(rest)} 对"), element("ul", *rest, class_="thefts"))
    return joined(
        element("p", _thieves(pairs, stolen, run.header.section_names)),
        element("ul", *items[:SHOWN_AT_ONCE], class_="thefts"),
        more if rest else NOTHING,
    )


def _expected(row: LabelledQuestion, served: Served) -> str:
    """Return the answering section that came nearest; of those that did not come at all, the first."""
    ranked = (one.section_id for one in served.ranking if one.section_id in row.answering_sections)
    return next(ranked, min(row.answering_sections, key=by_number))


def _thieves(pairs: Sequence[Pair], stolen: Mapping[Pair, Sequence[int]], names: Names) -> str:
    total = sum(len(places) for places in stolen.values())
    counts: Counter[str] = Counter()
    for pair in pairs:
        counts[pair[1]] += len(stolen[pair])
    often = sorted((one for one in counts if counts[one] > 1), key=lambda one: (-counts[one], by_number(one)))
    told = f"{total} 题被别的问抢走第一，共 {len(pairs)} 对。"
    if often:
        worst = "；".join(f"{section_name(one, names)}（{counts[one]} 题）" for one in often[:SHOWN_THIEVES])
        told += f"抢得最多的：{worst}。"
    return told


def _theft(run: StoredRun, pair: Pair, places: Sequence[int]) -> Markup:
    expected, first = (section_name(section, run.header.section_names) for section in pair)
    summary = element(
        "summary",
        element("b", f"{len(places)} 题", class_="badge"),
        f"应到 {expected}",
        element("span", f"却到 {first}"),
    )
    questions = [
        element(
            "li",
            element("a", shortened(run.rows[place].question, QUESTION_CHARACTERS), href=f"#{anchor(place)}"),
            element("small", group_name(run.rows[place].category)),
        )
        for place in places
    ]
    return element("li", element("details", summary, element("ul", *questions)))

"""What a newer edition changes: which of its questions is which of the older one's."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from difflib import SequenceMatcher

from corpus.handbook import Handbook, Section
from corpus.text import folded
from ingest.law import ARTICLE

PUNCTUATION = re.compile(r"[\W_]+")
# Below this many characters an answer, such as “是。”, says nothing about whose it is.
MIN_TELLING_CHARACTERS = 12
MIN_LIKENESS = 0.6
# How alike two articles of one number must be to be the same article; less is a renumbered law.
MIN_ARTICLE_LIKENESS = 0.3
COMPARED_CHARACTERS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A question that both editions have: its labels, and whether number, heading or text differ."""

    old_label: str
    new_label: str
    heading: str
    is_reworded: bool
    is_rewritten: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a newer edition changes.

    Attributes:
        added: Label and heading of each question that is new, in reading order.
        removed: The same of those that are gone, in the older edition's order.
        changed: Questions that differ in number, heading or text.
        unchanged_count: Questions that do not.
        new_ids: The newer edition's section id of each of the older one's that it still has.
    """

    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]
    changed: tuple[Change, ...]
    unchanged_count: int
    new_ids: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Side:
    """A section as it is compared: its heading without marks, and its answer without number and spaces."""

    section: Section
    heading: str
    answer: str


def compare(old: Handbook, new: Handbook) -> Difference:
    """Return the difference between two editions.

    A question is found again by heading and answer, by its answer alone, by its heading alone, and at last by how alike
    both are, in this order; its number plays no part, so that a question put in between renumbers the others and loses
    none.
    """
    olds, news = _sides(old), _sides(new)
    pairs: list[tuple[_Side, _Side]] = []
    for key in (_by_both, _by_answer, _by_heading):
        pairs += _matched(olds, news, key, is_law=new.structure == "law")
    pairs += _alike(olds, news)
    order = {section.section_id: place for place, section in enumerate(new.sections)}
    pairs.sort(key=lambda pair: order[pair[1].section.section_id])
    changes = [
        Change(
            old_label=before.section.label,
            new_label=after.section.label,
            heading=after.section.heading,
            is_reworded=before.heading != after.heading and new.structure != "law",
            is_rewritten=before.answer != after.answer,
        )
        for before, after in pairs
    ]
    changed = tuple(
        change
        for change in changes
        if change.is_reworded or change.is_rewritten or change.old_label != change.new_label
    )
    return Difference(
        added=tuple((side.section.label, side.section.heading) for side in news),
        removed=tuple((side.section.label, side.section.heading) for side in olds),
        changed=changed,
        unchanged_count=len(pairs) - len(changed),
        new_ids={before.section.section_id: after.section.section_id for before, after in pairs},
    )


def _sides(handbook: Handbook) -> list[_Side]:
    sides = []
    for section in handbook.sections:
        answer = "\n".join(handbook.text[paragraph.start : paragraph.end] for paragraph in section.paragraphs)
        sides.append(_Side(section, _plain(section.heading), _plain(ARTICLE.sub("", answer, count=1))))
    return sides


def _plain(words: str) -> str:
    return PUNCTUATION.sub("", folded(words))


def _by_both(side: _Side) -> Hashable:
    return side.heading, side.answer


def _by_answer(side: _Side) -> Hashable:
    return side.answer if len(side.answer) >= MIN_TELLING_CHARACTERS else None


def _by_heading(side: _Side) -> Hashable:
    return side.heading


def _matched(
    olds: list[_Side], news: list[_Side], key: Callable[[_Side], Hashable], *, is_law: bool
) -> list[tuple[_Side, _Side]]:
    """Return the sides with the same key, in order, and take them out of both lists."""
    waiting: dict[Hashable, list[_Side]] = {}
    for side in news:
        waiting.setdefault(key(side), []).append(side)
    pairs = []
    for side in list(olds):
        same = waiting.get(key(side)) if key(side) is not None else None
        if not same:
            continue
        if is_law and key is _by_heading and _likeness(side.answer, same[0].answer) < MIN_ARTICLE_LIKENESS:
            continue
        pairs.append((side, same.pop(0)))
        olds.remove(side)
        news.remove(pairs[-1][1])
    return pairs


def _alike(olds: list[_Side], news: list[_Side]) -> list[tuple[_Side, _Side]]:
    """Return the most alike of what is left, the best pairs first, and take them out of both lists."""
    offers = []
    for old_place, before in enumerate(olds):
        for new_place, after in enumerate(news):
            likeness = max(
                _likeness(before.heading, after.heading) * 0.9 + 0.1 * _likeness(before.answer, after.answer),
                _likeness(before.answer, after.answer),
            )
            if likeness >= MIN_LIKENESS:
                offers.append((-likeness, old_place, new_place))
    pairs, used = [], set[tuple[str, int]]()
    for _, old_place, new_place in sorted(offers):
        if ("old", old_place) not in used and ("new", new_place) not in used:
            used |= {("old", old_place), ("new", new_place)}
            pairs.append((olds[old_place], news[new_place]))
    for before, after in pairs:
        olds.remove(before)
        news.remove(after)
    return pairs


def _likeness(left: str, right: str) -> float:
    """Return how much of two texts is the same, in [0, 1]; 0 when a bound shows that it is below every limit."""
    matcher = SequenceMatcher(None, left[:COMPARED_CHARACTERS], right[:COMPARED_CHARACTERS], autojunk=False)
    if not left or not right or matcher.real_quick_ratio() < MIN_ARTICLE_LIKENESS:
        return 0.0
    return matcher.ratio() if matcher.quick_ratio() >= MIN_ARTICLE_LIKENESS else 0.0

"""Sections that say the same: in two handbooks, or in two editions of one.

Each stays a citation of its own, but they do not compete: the probability that a question is answered must not halve
because a second handbook answers it too.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from retriever.fusion import RankedSection
from retriever.index import SearchIndex
from retriever.section_table import SectionKey
from retriever.signals import Candidate

Twins = dict[SectionKey, tuple[SectionKey, ...]]
"""The others that say the same, newest first, by the one that stands for all."""


def without_twins(candidates: Sequence[Candidate], index: SearchIndex, today: date) -> tuple[list[Candidate], Twins]:
    """Return the candidates without those for which a twin stands, and who these are.

    Twins are sections of the same words and heading in different handbooks, and sections of the same heading in
    editions of one handbook. An edition that is in force stands for one that is not, then the newer for the older, then
    the first in the order of the handbooks.
    """
    if len({candidate.key[0] for candidate in candidates}) < 2:  # noqa: PLR2004 - twins stand in two handbooks
        return list(candidates), {}
    groups: dict[Hashable, list[SectionKey]] = {}
    for candidate in candidates:
        groups.setdefault(_identity(candidate.key, index), []).append(candidate.key)
    outdated = index.outdated_ids(today)
    twins: Twins = {}
    for keys in groups.values():
        if len({handbook_id for handbook_id, _ in keys}) > 1:
            # Python's sort is stable: what is equally new stays in the order of the handbooks.
            newest_first = sorted(keys, key=lambda key: index.date_of(key[0]), reverse=True)
            first, *others = sorted(newest_first, key=lambda key: key[0] in outdated)
            twins[first] = tuple(others)
    stood_for = {key for keys in twins.values() for key in keys}
    return [candidate for candidate in candidates if candidate.key not in stood_for], twins


def _identity(key: SectionKey, index: SearchIndex) -> Hashable:
    content, heading = index.fingerprints(key)
    work = index.work_of(key[0])
    return content if work is None else (work, heading)


def with_twins(ranking: Sequence[RankedSection], twins: Twins) -> tuple[RankedSection, ...]:
    """Return a ranking with the twins of each section behind it, at the same score and share."""
    return tuple(section for first in ranking for section in (first, *_twins_of(first, twins.get(first.key, ()))))


def _twins_of(section: RankedSection, keys: Iterable[SectionKey]) -> list[RankedSection]:
    return [replace(section, key=key) for key in keys]

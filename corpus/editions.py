"""Which edition of a handbook counts on a day."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple


class EditionDates(NamedTuple):
    """What decides whether an edition counts; the fields are those of `Handbook`."""

    handbook_id: str
    effective_from: str
    effective_to: str
    replaces: str


def outdated_ids(editions: Iterable[EditionDates], today: date) -> frozenset[str]:
    """Return the ids of the editions that are no longer in force, or of which a newer one already is."""
    outdated = set()
    for edition in editions:
        is_in_force = not edition.effective_from or first_day(edition.effective_from) <= today
        if edition.replaces and is_in_force:
            outdated.add(edition.replaces)
        if edition.effective_to and last_day(edition.effective_to) < today:
            outdated.add(edition.handbook_id)
    return frozenset(outdated)


def works(editions: Iterable[EditionDates]) -> dict[str, str]:
    """Return, for each edition that replaces another or is replaced, a name that all editions of it share."""
    older = {edition.handbook_id: edition.replaces for edition in editions if edition.replaces}
    names = {}
    for handbook_id in {*older, *older.values()}:
        oldest, seen = handbook_id, {handbook_id}
        while older.get(oldest) and older[oldest] not in seen:
            oldest = older[oldest]
            seen.add(oldest)
        names[handbook_id] = oldest
    return names


def first_day(words: str) -> date:
    """Return the first day of a day, month or year as manifests write it ("2024-05")."""
    year, month, day = (*map(int, words.split("-")), 1, 1)[:3]
    return date(year, month, day)


def last_day(words: str) -> date:
    """Return the last day of a day, month or year as manifests write it."""
    parts = [int(part) for part in words.split("-")]
    if len(parts) == 3:  # noqa: PLR2004 - year, month and day
        return date(*parts)
    year, month = (*parts, 12)[:2]
    return date.fromordinal(date(year + month // 12, month % 12 + 1, 1).toordinal() - 1)

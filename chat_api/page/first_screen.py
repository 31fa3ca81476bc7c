"""What the first screen shows before anything is asked: which handbooks are quoted, and what one could ask."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chat_api.schema import HandbookSummary
from chat_api.wire import handbook_summary
from retriever.index import SearchIndex

STARTERS: Final = 4
# A list that is longer helps nobody to choose, and every page would carry it.
MOST_OFFERED: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstScreen:
    """What the first screen shows.

    Attributes:
        handbooks: To choose from, at most `MOST_OFFERED`.
        handbook_count: How many there are.
        chosen: The handbook that the address names, or None for all.
        starters: Questions to begin with: of a person's choice as (question, None), else headings with their label.
    """

    handbooks: tuple[HandbookSummary, ...]
    handbook_count: int
    chosen: HandbookSummary | None
    starters: tuple[tuple[str, str | None], ...]


def first_screen(index: SearchIndex, handbook_id: str | None) -> FirstScreen:
    """Return what the first screen shows for all handbooks or for one.

    Raises:
        UnknownHandbook: If it is not served.
    """
    today = datetime.now().astimezone().date()
    outdated = index.outdated_ids(today)
    public = [entry for entry in index.manifest.handbooks if entry.visibility == "public"]
    chosen = None if handbook_id is None else index.handbook(handbook_id).handbook_id
    offered = public[:MOST_OFFERED]
    first = chosen or (public[0].handbook_id if public else None)
    return FirstScreen(
        handbooks=tuple(handbook_summary(entry, outdated) for entry in offered),
        handbook_count=len(public),
        chosen=None if chosen is None else handbook_summary(index.entry(chosen), outdated),
        starters=() if first is None else _starters(index, first),
    )


def _starters(index: SearchIndex, handbook_id: str) -> tuple[tuple[str, str | None], ...]:
    handbook = index.handbook(handbook_id)
    if handbook.starter_questions:
        return tuple((question, None) for question in handbook.starter_questions[:STARTERS])
    # Spread over the booklet, so that the first screen shows how wide it is.
    step = max(1, len(handbook.entries) // STARTERS)
    shown = handbook.entries[::step][:STARTERS]
    return tuple((section.heading, section.label if section.number else None) for section in shown)

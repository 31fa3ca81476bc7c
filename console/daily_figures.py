"""What is counted a day, summed up for people."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chat_api.state.answer_counts import AnswerClass

STATUSES: Final = ("answered", "clarify", "abstained")


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyFigures:
    """One day, or one handbook over several days.

    Attributes:
        name: The day as "11-23", or the handbook's title.
        counts: How many answers had each outcome.
        useful: How many were found useful.
        useless: How many were not.
    """

    name: str
    counts: Mapping[str, int]
    useful: int = 0
    useless: int = 0

    @property
    def total(self) -> int:
        """How many questions there were."""
        return sum(self.counts.values())

    def share(self, status: str) -> float:
        """Return the share of an outcome, in [0, 1]; 0 without questions."""
        return self.counts.get(status, 0) / self.total if self.total else 0.0


def by_day(
    answers: Mapping[AnswerClass, int], feedback: Mapping[tuple[dt.date, bool], int], days: list[dt.date]
) -> tuple[DailyFigures, ...]:
    """Return the figures of some days, in their order; a day without questions has zeros."""
    counts: dict[dt.date, Counter[str]] = {day: Counter() for day in days}
    for one, count in answers.items():
        if one.answered_on in counts:
            counts[one.answered_on][one.status] += count
    return tuple(
        DailyFigures(
            name=day.strftime("%m-%d"),
            counts=counts[day],
            useful=feedback.get((day, True), 0),
            useless=feedback.get((day, False), 0),
        )
        for day in days
    )


def by_handbook(answers: Mapping[AnswerClass, int], titles: Mapping[str, str]) -> tuple[DailyFigures, ...]:
    """Return the figures of each handbook that came first, the most asked first; "" is for nothing found."""
    counts: dict[str, Counter[str]] = {}
    for one, count in answers.items():
        counts.setdefault(one.handbook_id, Counter())[one.status] += count
    found = [
        DailyFigures(name=titles.get(name, name) or "没有找到任何一本", counts=one) for name, one in counts.items()
    ]
    return tuple(sorted(found, key=lambda figures: (-figures.total, figures.name)))


def percentile_ms(answers: Mapping[AnswerClass, int], share: float) -> int | None:
    """Return the time within which a share of the answers were found, as the upper end of its class; None for none."""
    by_time: Counter[int] = Counter()
    for one, count in answers.items():
        by_time[one.up_to_ms] += count
    needed, seen = share * by_time.total(), 0
    for up_to_ms in sorted(by_time):
        seen += by_time[up_to_ms]
        if seen >= needed:
            return up_to_ms
    return None

"""今日概况: how much was asked, and how it went."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from console.access import ConsoleDep, SessionDep
from console.daily_figures import STATUSES, DailyFigures, by_day, by_handbook, percentile_ms
from console.render import page
from console.routing import PageRoute

router = APIRouter(prefix="/console", route_class=PageRoute, include_in_schema=False)
DAYS: Final = 14
PLOT_HEIGHT: Final = 160
BAR_WIDTH: Final = 30
BAR_STEP: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A part of a column of the plot, in units of the drawing; y grows downwards."""

    status: str
    y: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A day in the plot: its outcomes on top of each other.

    Attributes:
        day: What happened on it.
        middle: Where it stands, from the left.
        y: Where it ends at the top.
        bars: From the bottom up; none for an outcome that there was not.
    """

    day: DailyFigures
    middle: int
    y: int
    bars: tuple[Bar, ...]


@router.get("")
def show_overview(request: Request, session: SessionDep, console: ConsoleDep) -> Response:
    """Show today, the last two weeks by day, and by handbook."""
    database = console.services.database
    database.answer_counts.write()
    today = dt.datetime.now().astimezone().date()
    days = [today - dt.timedelta(days=DAYS - 1 - place) for place in range(DAYS)]
    answers, feedback = database.answer_counts.since(days[0]), database.feedback.since(days[0])
    figures = by_day(answers, feedback, days)
    manifest = console.services.live_retriever.get().index.manifest
    of_today = {one: count for one, count in answers.items() if one.answered_on == today}
    return page(
        request,
        "overview.html",
        session,
        today=figures[-1],
        days=figures,
        handbooks=by_handbook(answers, {entry.handbook_id: entry.title for entry in manifest.handbooks}),
        statuses=STATUSES,
        median_ms=percentile_ms(of_today, 0.5),
        slow_ms=percentile_ms(of_today, 0.95),
        columns=_columns(figures),
        bar_step=BAR_STEP,
        bar_width=BAR_WIDTH,
        plot_height=PLOT_HEIGHT,
        waiting_count=len(console.state.wordings.proposed()),
        open_count=len(database.questions.open_questions()),
        version=manifest.version,
    )


def _columns(figures: tuple[DailyFigures, ...]) -> list[Column]:
    """Return the columns of the plot, one a day; the highest fills it."""
    highest, columns = max((day.total for day in figures), default=0), []
    for place, day in enumerate(figures):
        y, bars = PLOT_HEIGHT, []
        for status in STATUSES:
            height = round(day.counts.get(status, 0) * PLOT_HEIGHT / highest) if highest else 0
            y -= height
            if height:
                bars.append(Bar(status=status, y=y, height=height))
        columns.append(Column(day=day, middle=place * BAR_STEP + BAR_STEP // 2, y=y, bars=tuple(bars)))
    return columns

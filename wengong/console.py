"""Two streams: data goes to standard output, talk to standard error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


def talk() -> Console:
    """Return the console for people: messages, progress and errors, on standard error."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def data() -> Console:
    """Return the console for results, on standard output; nothing is coloured when it is piped."""
    return Console(highlight=False, soft_wrap=True, markup=False, emoji=False)


@contextmanager
def progress_bars() -> Iterator[Callable[[str, int, int], None]]:
    """Give a function to call with what is being done, how many are done, and how many there are; a bar for each."""
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=talk()
    ) as progress:
        bars: dict[str, TaskID] = {}

        def report(doing: str, done: int, total: int) -> None:
            if doing not in bars:
                bars[doing] = progress.add_task(doing, total=total)
            progress.update(bars[doing], completed=done, total=total)

        yield report

"""What reading a file gives: its canonical text, and which of its lines the word processor marked as headings."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus.text import canonical, count_bookmark_marks
from ingest.faq import FaqRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the canonical text: `text[start:end]` without its line end."""

    start: int
    end: int
    words: str
    heading_level: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file as text.

    Attributes:
        path: Where it was read from.
        text: The canonical text.
        bookmark_mark_count: How many bookmark marks were removed from it.
        heading_levels: Level (1 is the highest) of each line index that carries a heading style.
        page_starts: Offset in the text at which each printed page begins; empty for files without pages.
        faq: The rows of a sheet of questions and answers; empty for every other kind of file.
        notes: What the reader did that a person should know, in Chinese.
    """

    path: Path
    text: str
    bookmark_mark_count: int = 0
    heading_levels: dict[int, int] = field(default_factory=dict)
    page_starts: tuple[int, ...] = ()
    faq: tuple[FaqRow, ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def from_raw(cls, path: Path, raw: str, heading_levels: dict[int, int] | None = None) -> "Document":
        """Return the document of a raw text; heading levels count lines of the raw text, which canonicalising keeps."""
        return cls(
            path=path,
            text=canonical(raw),
            bookmark_mark_count=count_bookmark_marks(raw),
            heading_levels=heading_levels or {},
        )

    def with_pages(self, page_starts: tuple[int, ...], notes: tuple[str, ...]) -> "Document":
        """Return the document with the places at which its pages begin, and notes."""
        return replace(self, page_starts=page_starts, notes=notes)

    def lines(self) -> list[Line]:
        """Return the lines in order, blank ones included."""
        lines, start = [], 0
        for index, words in enumerate(self.text.split("\n")):
            end = start + len(words)
            lines.append(Line(start=start, end=end, words=words, heading_level=self.heading_levels.get(index)))
            start = end + 1
        return lines

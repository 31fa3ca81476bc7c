"""Markdown files (.md): the words a reader sees, without the marks, and which lines are headings."""

from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.document import Document
from ingest.read_text import decoded


def read_markdown(path: Path) -> Document:
    """Return the document in a Markdown file (CommonMark with tables); a table becomes one line a row.

    Raises:
        UnreadableFile: If no encoding fits or the bytes are not text.
    """
    # Raw HTML is left as it is written; nothing of it is run or fetched.
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    page = _Page()
    for token in parser.parse(decoded(path, path.read_bytes())):
        page.take(token)
    return Document.from_raw(path, "\n".join(page.lines), page.heading_levels)


class _Page:
    """The lines of a page while its tokens are taken, one after the other."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.heading_levels: dict[int, int] = {}
        self._label = ""
        self._cells: list[str] | None = None

    def take(self, token: Token) -> None:
        if token.type == "heading_open":
            self.heading_levels[len(self.lines)] = int(token.tag[1])
        elif token.type == "list_item_open":
            # The number as it was typed; bullets carry none.
            self._label = f"{token.info}{token.markup} " if token.info else ""
        elif token.type == "tr_open":
            self._cells = []
        elif token.type == "tr_close":
            self.lines.append("\t".join(self._cells or []))
            self._cells = None
        elif token.type in {"fence", "code_block"}:
            self.lines += token.content.rstrip("\n").split("\n")
        elif token.type == "inline":
            self._add(_visible(token.children or []))

    def _add(self, words: str) -> None:
        if self._cells is not None:
            self._cells.append(words.replace("\n", " "))
            return
        self.lines += (self._label + words).split("\n")
        self._label = ""


def _visible(tokens: list[Token]) -> str:
    words = []
    for token in tokens:
        if token.type in {"softbreak", "hardbreak"}:
            words.append("\n")
        elif token.type == "image":
            words.append(_visible(token.children or []))
        else:
            words.append(token.content)
    return "".join(words)

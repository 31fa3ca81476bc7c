"""Web pages (.html): visible text, headings, numbered lists and tables in reading order."""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree, html

from corpus.errors import UnreadableFile
from ingest.document import Document
from ingest.read_text import decoded

BLOCKS = frozenset(
    (  # noqa: SIM905 - one tag a line would fill a page
        "address article aside blockquote body caption dd details div dl dt fieldset figcaption figure footer form "
        "h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section summary table tbody tfoot thead tr ul"
    ).split()
)
# Never shown to a reader, or not part of the text: programs, styles, menus, reading aids above characters.
HIDDEN_TAGS = frozenset({"script", "style", "noscript", "template", "head", "nav", "rt", "rp", "svg", "math", "iframe"})
INVISIBLE_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
META_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
HTML_SPACE = re.compile(r"[ \t\r\n\f]+")
# libxml2 drops what is deeper than 256 without a word.
MAX_DEPTH = 200


def read_html(path: Path) -> Document:
    """Return the document in a web page; a table becomes one line a row, its cells joined by tabs.

    Raises:
        UnreadableFile: If no encoding fits, or its elements stand in each other deeper than any page's.
    """
    lines, heading_levels = html_lines(_decoded(path, path.read_bytes()), path)
    return Document.from_raw(path, "\n".join(lines), heading_levels)


def html_lines(content: str, path: Path) -> tuple[list[str], dict[int, int]]:
    """Return the visible lines of a page, and the level of those that are headings, by index."""
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        root = html.document_fromstring(XML_DECLARATION.sub("", content), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(f"{path}：网页里没有可读的内容。") from error
    page = _Page(path)
    page.read(root)
    page.end_line()
    return page.lines, page.heading_levels


def _decoded(path: Path, content: bytes) -> str:
    declared = META_CHARSET.search(content[:4096])
    if declared and declared[1].lower() in {b"gb2312", b"gbk", b"gb18030", b"big5"}:
        encoding = "big5" if declared[1].lower() == b"big5" else "gb18030"
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            raise UnreadableFile(f"{path}：网页自称是 {encoding} 编码，其实不是，请另存为 UTF-8。") from error
    return decoded(path, content)


class _Page:
    """A page while it is read; lxml's own text functions know neither lines nor list numbers."""

    def __init__(self, path: Path) -> None:
        self.lines: list[str] = []
        self.heading_levels: dict[int, int] = {}
        self._path = path
        self._pieces: list[str] = []
        self._counters: list[int | None] = []

    def read(self, root: html.HtmlElement) -> None:
        # Not recursive: a hostile page is deeper than Python's stack.
        stack: list[tuple[html.HtmlElement, Iterator[html.HtmlElement]]] = []
        self._open(root)
        stack.append((root, iter(root)))
        while stack:
            element, children = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                self._close(element)
                if stack:
                    self._add(element.tail)
            elif _is_hidden(child):
                self._add(child.tail)
            elif len(stack) > MAX_DEPTH:
                raise UnreadableFile(f"{self._path}：网页的元素一层套一层，超过 {MAX_DEPTH} 层，已拒绝。")
            else:
                self._open(child)
                stack.append((child, iter(child)))

    def end_line(self) -> None:
        words = HTML_SPACE.sub(" ", "".join(self._pieces).replace("\t", "\v")).strip(" \v").replace("\v", "\t")
        self._pieces = []
        if words:
            self.lines.append(words)

    def _open(self, element: html.HtmlElement) -> None:
        tag = str(element.tag)
        if tag in BLOCKS:
            self.end_line()
        if tag in {"ol", "ul"}:
            start = element.get("start", "1")
            self._counters.append(int(start) - 1 if tag == "ol" and start.lstrip("-").isdecimal() else None)
        if tag == "li" and self._counters and self._counters[-1] is not None:
            self._counters[-1] += 1
            self._pieces.append(f"{self._counters[-1]}. ")
        if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":  # noqa: PLR2004 - h1 to h6
            self.heading_levels[len(self.lines)] = int(tag[1])
        self._add(element.text)

    def _close(self, element: html.HtmlElement) -> None:
        tag = str(element.tag)
        if tag in {"ol", "ul"} and self._counters:
            self._counters.pop()
        if tag in {"td", "th"} and element.getnext() is not None:
            self._pieces.append("\t")
        if tag in BLOCKS or tag == "br":
            self.end_line()

    def _add(self, words: str | None) -> None:
        if words:
            self._pieces.append(HTML_SPACE.sub(" ", words))


def _is_hidden(element: html.HtmlElement) -> bool:
    return (
        not isinstance(element.tag, str)
        or element.tag in HIDDEN_TAGS
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(INVISIBLE_STYLE.search(element.get("style") or ""))
    )

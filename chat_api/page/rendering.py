"""Pages from templates. Everything that comes from outside is text there, never markup."""

import hashlib
import json
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chat_api.page.languages import LANGUAGES, fill, load_words
from chat_api.page.marked_text import marked_pieces
from chat_api.schema import Span

FOLDER: Final = Path(__file__).resolve().parent
STATIC_FOLDER: Final = FOLDER / "static"
WIDGET_FOLDER: Final = FOLDER / "widget"
WIDGET_WORDS: Final = ("widget_launch", "widget_title", "widget_opening", "widget_failed", "widget_page", "close")
ENTRY: Final = "chat.js"
# In the order in which they build on each other.
STYLES: Final = ("theme", "controls", "frame", "answer", "reading", "chat")
PHONE_NUMBER: Final = re.compile(r"(\d[\d-]{4,}\d|\d{5}|(?<!\d)1[12]0(?!\d))")


def static_address() -> str:
    """Return where the page's files are served: an address of their content, so that browsers may keep them."""
    checksum = hashlib.sha256()
    for path in sorted(STATIC_FOLDER.iterdir()):
        checksum.update(path.name.encode() + path.read_bytes())
    return f"/static/{checksum.hexdigest()[:16]}"


class Pages:
    """The templates, words and styles of all pages, read once."""

    def __init__(self) -> None:
        self._words = load_words()
        # One file over the wire: each more costs a phone another round trip and another set of headers.
        self.styles = "\n".join((STATIC_FOLDER / f"{name}.css").read_text(encoding="utf-8") for name in STYLES)
        self._environment = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            marked_pieces=marked_pieces,
            spans=_spans,
            # Splitting at a group puts the numbers at the odd places.
            phone_pieces=PHONE_NUMBER.split,
            static=static_address(),
            scripts=sorted(path.name for path in STATIC_FOLDER.glob("*.js") if path.name != ENTRY),
            language_names={language: words["language_name"] for language, words in self._words.items()},
        )

    def widget(self) -> str:
        """Return the script for pages of other sites, with its words and styles."""
        script, styles = ((WIDGET_FOLDER / name).read_text(encoding="utf-8") for name in ("widget.js", "widget.css"))
        words = {
            language: {key.removeprefix("widget_"): words[key] for key in WIDGET_WORDS}
            for language, words in self._words.items()
        }
        parts = json.dumps({"wordsOf": words, "styles": styles}, ensure_ascii=False)
        return f"({script.rstrip()})({parts});\n"

    def words(self, language: str) -> dict[str, str]:
        """Return all words of a language, by key."""
        return self._words[language]

    def render(self, template: str, language: str, **values: Any) -> str:  # noqa: ANN401 -- whatever a template names
        """Return a page in one of `LANGUAGES`; a name that a template misses is an error, never a gap in the page."""
        say = partial(fill, self._words[language])
        return self._environment.get_template(template).render(t=say, language=language, languages=LANGUAGES, **values)


def _spans(given: Sequence[Span]) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in given]

"""The XML of the official account's messages: one flat element. No entity, no document type, no nesting."""

from typing import Final
from xml.parsers import expat

from corpus.access_errors import WeChatCallbackRefused

MAX_XML_BYTES: Final = 64 * 1024
MAX_DEPTH: Final = 3


def parse_message(content: bytes) -> dict[str, str]:
    """Return the fields of a message; of nested fields only the outer ones, with all text inside them.

    Raises:
        WeChatCallbackRefused: If it is no well-formed XML, too large or too deep, or declares a document type.
    """
    if len(content) > MAX_XML_BYTES:
        raise _refused()
    reader = _Reader()
    try:
        reader.parser.Parse(content, True)  # noqa: FBT003 -- expat takes no keyword here
    except (expat.ExpatError, ValueError, LookupError):
        raise _refused() from None
    return {name: "".join(pieces) for name, pieces in reader.fields.items()}


def write_message(fields: dict[str, str]) -> str:
    """Return the XML of a message; every value is a CDATA section, split where it holds the end of one."""
    lines = [f"<{name}><![CDATA[{_safe(value)}]]></{name}>" for name, value in fields.items()]
    return "<xml>" + "".join(lines) + "</xml>"


class _Reader:
    def __init__(self) -> None:
        self.fields: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _doctype(self, *_declared: object) -> None:
        # Entities are declared here: files of the server, or a few lines that grow to gigabytes.
        raise _refused()

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._open.append(name)
        if len(self._open) > MAX_DEPTH:
            raise _refused()
        if len(self._open) == 2:  # noqa: PLR2004 -- a child of the one outer element
            self.fields.setdefault(name, [])

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        if len(self._open) > 1:
            self.fields[self._open[1]].append(text)


def _safe(value: str) -> str:
    kept = "".join(character for character in value if character in "\t\n\r" or character >= " ")
    return kept.replace("]]>", "]]]]><![CDATA[>")


def _refused() -> WeChatCallbackRefused:
    return WeChatCallbackRefused("消息不是微信的 XML 格式。")

"""What is given broken input: every reader of files, whole and part by part, and that of an official account."""

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from chat_api.wechat.xml_message import parse_message
from corpus.errors import WengongError
from ingest.faq_sheet import load_faq
from ingest.read import read
from ingest.structure import recognise
from tests.fuzz.whole_files import MESSAGE, WHOLE

# A packed file whose bytes were changed is hardly ever opened; its parts are, when they are packed again.
PARTS = {
    "docx": ["word/document.xml", "word/styles.xml", "word/numbering.xml", "[Content_Types].xml"],
    "xlsx": ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"],
    "epub": ["a.xhtml", "a.opf", "META-INF/container.xml"],
}
SHEETS = {"csv", "xlsx"}


class Target(NamedTuple):
    """What reads bytes, and bytes that it reads well."""

    whole: bytes
    reads: Callable[[bytes], bool]

    def tried(self, content: bytes) -> None:
        """Read bytes, whatever comes of it."""
        self.reads(content)


def reads_file(kind: str, content: bytes) -> bool:
    """Read a file of a kind and find its questions; say whether it was accepted. Only expected errors are right."""
    with tempfile.NamedTemporaryFile(suffix=f".{kind}") as file:
        file.write(content)
        file.flush()
        try:
            recognise(read(Path(file.name)))
            if kind in SHEETS:
                load_faq(Path(file.name))
        except WengongError:
            return False
    return True


def reads_message(content: bytes) -> bool:
    """Read a message; say whether it was accepted."""
    try:
        parse_message(content)
    except WengongError:
        return False
    return True


def with_part(packed: bytes, name: str, content: bytes) -> bytes:
    """A packed file with another content of one part."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as before, zipfile.ZipFile(changed, "w") as after:
        for part in before.namelist():
            after.writestr(part, content if part == name else before.read(part))
    return changed.getvalue()


def part_of(packed: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return archive.read(name)


def _whole_file(kind: str) -> Target:
    return Target(WHOLE[kind](), lambda content: reads_file(kind, content))


def _part(kind: str, name: str) -> Target:
    packed = WHOLE[kind]()
    return Target(part_of(packed, name), lambda content: reads_file(kind, with_part(packed, name, content)))


TARGETS: dict[str, Callable[[], Target]] = {
    **{kind: (lambda kind=kind: _whole_file(kind)) for kind in WHOLE},
    **{
        f"{kind}-{Path(name).name.strip('[]')}": (lambda kind=kind, name=name: _part(kind, name))
        for kind, names in PARTS.items()
        for name in names
    },
    "message": lambda: Target(MESSAGE, reads_message),
}

"""Plain text files: which encoding, and is it text at all."""

from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.text import CONTROL
from ingest.document import Document

# Tried in this order; strict decoding decides. GB18030 contains GBK and GB2312, and comes last because it accepts
# most byte strings that the others refuse.
ENCODINGS = ("utf-8-sig", "gb18030")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# The level-1 and level-2 ideographs of GB 2312 cover over 99 % of running Chinese text. Bytes of another encoding that
# happen to decode as GB18030 give rare ideographs and private-use characters instead.
MIN_COMMON_SHARE = 0.9
MAX_CONTROL_SHARE = 0.001


def read_text(path: Path) -> Document:
    """Return the document in a UTF-8 (with or without mark), UTF-16 (with mark) or GB18030 text file.

    Raises:
        UnreadableFile: If no encoding fits or the bytes are not text.
    """
    return Document.from_raw(path, decoded(path, path.read_bytes()))


def decoded(path: Path, content: bytes) -> str:
    """Return the text that some bytes are, a byte order mark left out; see `read_text` for what is tried and raised."""
    encodings = ("utf-16",) if content.startswith(UTF16_MARKS) else ENCODINGS
    for encoding in encodings:
        try:
            raw = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _looks_like_text(raw, encoding):
            return raw
    raise UnreadableFile(
        f"{path}：不是 UTF-8 或 GB18030 编码的文字，可能是二进制文件，或编码有误。请另存为 UTF-8 文本。"
    )


def _looks_like_text(raw: str, encoding: str) -> bool:
    if len(CONTROL.findall(raw)) > MAX_CONTROL_SHARE * len(raw):
        return False
    unusual = [character for character in raw if not character.isascii()]
    if encoding != "gb18030" or not unusual:
        return True
    return sum(map(_is_in_gb2312, unusual)) >= MIN_COMMON_SHARE * len(unusual)


def _is_in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True

"""Archives that documents come in (DOCX, XLSX, EPUB): what is refused before anything inside is parsed."""

import lzma
import re
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path, PurePosixPath

from corpus.errors import UnreadableFile

# Office programs compress about tenfold; a member beyond these limits is a bomb, not a booklet.
MAX_UNPACKED_BYTES = 256 * 1024 * 1024
MAX_COMPRESSION_RATIO = 200
MAX_MEMBERS = 5_000
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACRO_MEMBERS = re.compile(r"(^|/)vba(Project|Data)[^/]*\.(bin|xml)$", re.IGNORECASE)
XML_SUFFIXES = (".xml", ".rels", ".opf", ".ncx", ".xhtml", ".html", ".htm")
# XML that defines entities of its own; declared in the prolog, which stands at the very start.
ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
PROLOG_BYTES = 8_192
# What the standard library raises over an archive that is broken, or packed or locked in a way that it does not know.
ARCHIVE_DAMAGES = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, LookupError, ValueError, RuntimeError)


def refuse_dangerous_archive(path: Path, kind: str, save_as: str) -> None:
    """Return when an archive may be opened.

    Args:
        path: The file.
        kind: What people call it, such as "Word 文件".
        save_as: The suffix that a protected or old file should be saved as.

    Raises:
        UnreadableFile: If it is protected by a password, truncated, no archive, unpacks to too much, holds macros,
            defines XML entities, or names a member outside itself.
    """
    with path.open("rb") as file:
        start = file.read(len(OLE_MARK))
    if start == OLE_MARK:
        raise UnreadableFile(f"{path}：文件有密码保护，或其实是旧格式的文件。请取消密码，另存为 {save_as}。")
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_members(path, archive.infolist())
            _refuse_entities(path, archive)
    except (*ARCHIVE_DAMAGES, OSError) as error:
        raise UnreadableFile(f"{path}：不是完整的 {kind}（可能没有下载完）。") from error


def _refuse_members(path: Path, members: list[zipfile.ZipInfo]) -> None:
    unpacked_bytes = sum(member.file_size for member in members)
    packed_bytes = max(1, sum(member.compress_size for member in members))
    is_bomb = unpacked_bytes > MAX_UNPACKED_BYTES or (
        unpacked_bytes > MAX_UNPACKED_BYTES // 16 and unpacked_bytes / packed_bytes > MAX_COMPRESSION_RATIO
    )
    if is_bomb or len(members) > MAX_MEMBERS:
        raise UnreadableFile(f"{path}：解压后有 {unpacked_bytes // 1_000_000} MB，像是压缩炸弹，已拒绝。")
    if any(member.flag_bits & 0x1 for member in members):
        raise UnreadableFile(f"{path}：文件有密码保护，请取消密码后再试。")
    for member in members:
        if is_outside(member.filename):
            raise UnreadableFile(f"{path}：压缩包里有指向外面的路径“{member.filename[:80]}”，已拒绝。")
        if MACRO_MEMBERS.search(member.filename):
            raise UnreadableFile(f"{path}：文件里有宏程序，请另存为不带宏的文件后再试。")


def is_outside(name: str) -> bool:
    """Return whether a member's name leads out of its archive."""
    place = PurePosixPath(name.replace("\\", "/"))
    return place.is_absolute() or ".." in place.parts or ":" in (place.parts or ("",))[0]


def _refuse_entities(path: Path, archive: zipfile.ZipFile) -> None:
    """Refuse what no office program writes (ECMA-376 part 2 forbids it): XML that defines entities of its own."""
    for member in archive.infolist():
        if member.filename.lower().endswith(XML_SUFFIXES) and ENTITY.search(_prolog(archive, member)):
            raise UnreadableFile(f"{path}：文件里有 XML 实体定义，办公软件不会这样写，已拒绝。")


def _prolog(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    # What is damaged inside is for the reader of the format to say.
    with suppress(*ARCHIVE_DAMAGES, OSError), archive.open(member) as file:
        return file.read(PROLOG_BYTES)
    return b""

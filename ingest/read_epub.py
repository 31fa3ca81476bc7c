"""E-books (.epub): the chapters in reading order.

Source: EPUB 3.3, 4 (open container format) and 5 (package document).
"""

import posixpath
import zipfile
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from corpus.errors import UnreadableFile
from ingest.archive import ARCHIVE_DAMAGES, is_outside, refuse_dangerous_archive
from ingest.document import Document
from ingest.read_html import html_lines
from ingest.read_text import decoded

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
# Fonts may be scrambled; chapters that are cannot be read.
FONT_SCRAMBLING = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")

DAMAGES = (*ARCHIVE_DAMAGES, etree.XMLSyntaxError)


def read_epub(path: Path) -> Document:
    """Return the document in an e-book; its table of contents is left out.

    Raises:
        UnreadableFile: If it is protected, truncated, no e-book, or names a chapter outside itself.
    """
    refuse_dangerous_archive(path, "EPUB 电子书", ".epub")
    lines: list[str] = []
    heading_levels: dict[int, int] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_protected(path, archive)
            for name in _chapters(path, archive):
                found, levels = html_lines(decoded(path, archive.read(name)), path)
                heading_levels |= {len(lines) + index: level for index, level in levels.items()}
                lines += found
    except DAMAGES as error:
        raise UnreadableFile(f"{path}：EPUB 电子书已损坏或不完整，请重新导出。") from error
    return Document.from_raw(path, "\n".join(lines), heading_levels)


def _refuse_protected(path: Path, archive: zipfile.ZipFile) -> None:
    if ENCRYPTION not in archive.namelist():
        return
    methods = [
        str(element.get("Algorithm"))
        for element in _parsed(archive.read(ENCRYPTION)).iter("{http://www.w3.org/2001/04/xmlenc#}EncryptionMethod")
    ]
    if any(method not in FONT_SCRAMBLING for method in methods):
        raise UnreadableFile(f"{path}：电子书有数字版权保护，读不出文字，请向出版方索取不加密的文件。")


def _chapters(path: Path, archive: zipfile.ZipFile) -> list[str]:
    """Return the archive names of the chapters in reading order."""
    root_file = next(_parsed(archive.read(CONTAINER)).iter("{*}rootfile"), None)
    if root_file is None:
        raise KeyError(CONTAINER)
    package_name = str(root_file.get("full-path"))
    package = _parsed(archive.read(package_name))
    items = {str(item.get("id")): item for item in package.iter("{*}item")}
    names = []
    for reference in package.iter("{*}itemref"):
        item = items[str(reference.get("idref"))]
        if "nav" in (item.get("properties") or "").split() or reference.get("linear") == "no":
            continue
        place = unquote(str(item.get("href"))).split("#")[0]
        name = posixpath.normpath(posixpath.join(posixpath.dirname(package_name), place))
        if is_outside(name) or "://" in place:
            raise UnreadableFile(f"{path}：电子书的目录指向书外的“{place[:80]}”，已拒绝。")
        names.append(name)
    return names


def _parsed(content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(content, parser)

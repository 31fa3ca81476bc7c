"""Word files with automatic numbers and handbook folders, written the way people's programs write them."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph

from corpus.manifest import Manifest
from ingest.add import manifest_toml

Level = tuple[str, str] | tuple[str, str, int] | tuple[str, str, int, str]
"""Number format, pattern, first number (1), and what follows the label ("tab")."""
DefineList = Callable[..., int]
WriteHandbook = Callable[..., Path]


@pytest.fixture
def define_list() -> DefineList:
    """A function that adds a list definition to a Word file and returns its list id."""

    def define(document: WordDocument, *levels: Level) -> int:
        numbering = document.part.numbering_part.element
        definition_id = 900 + len(numbering.findall(qn("w:abstractNum")))
        xml = ""
        for depth, level in enumerate(levels):
            number_format, pattern, start, suffix = (*level, 1, "tab")[:4] if len(level) == 2 else (*level, "tab")[:4]
            xml += (
                f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{number_format}"/>'
                f'<w:suff w:val="{suffix}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
            )
        definition = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{definition_id}">{xml}</w:abstractNum>'
        numbering.insert(0, parse_xml(definition))
        return int(numbering.add_num(definition_id).numId)

    return define


@pytest.fixture
def number() -> Callable[..., Paragraph]:
    """A function that makes a paragraph an item of a list."""

    def set_number(paragraph: Paragraph, list_id: int, depth: int = 0) -> Paragraph:
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = depth
        properties.get_or_add_numId().val = list_id
        return paragraph

    return set_number


@pytest.fixture
def make_manifest() -> Callable[..., Manifest]:
    """A function that returns the manifest of a source."""

    def make(source: bytes, **changed: object) -> Manifest:
        fields: dict[str, object] = {
            "id": "labour-law",
            "title": "劳动法问答",
            "edition": "2024年版",
            "publisher": "工会",
            "date": "2024",
            "source_file": "source.txt",
            "source_sha256": hashlib.sha256(source).hexdigest(),
            "expected_question_count": 3,
            "origin": "测试",
            "terms": "",
        }
        return Manifest(**{**fields, **changed})  # type: ignore[arg-type]

    return make


@pytest.fixture
def write_handbook(tmp_path: Path, make_manifest: Callable[..., Manifest]) -> WriteHandbook:
    """A function that writes a handbook folder with a plain text source and returns it."""

    def write(text: str, name: str = "labour-law", **changed: object) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "source.txt").write_text(text, encoding="utf-8")
        manifest = make_manifest(text.encode(), id=name, **changed)
        (folder / "manifest.toml").write_text(manifest_toml(manifest), encoding="utf-8")
        return folder

    return write


@pytest.fixture
def write_pdf(tmp_path: Path) -> Callable[..., Path]:
    """A function that prints pages to a PDF: each is a list of (x, y, size, words), as programs lay out print."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    def write(pages: list[list[tuple[float, float, float, str]]], name: str = "book.pdf", **options: object) -> Path:
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        path = tmp_path / name
        canvas = Canvas(str(path), pagesize=(595, 842), **options)
        for page in pages:
            for x, y, size, words in page:
                canvas.setFont("STSong-Light", size)
                canvas.drawString(x, y, words)
            canvas.showPage()
        canvas.save()
        return path

    return write

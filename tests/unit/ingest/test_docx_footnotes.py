"""Footnotes, which python-docx can neither write nor read."""

import zipfile
from pathlib import Path

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.read_docx import read_docx

NOTES = f"""<w:footnotes {nsdecls("w")}>
<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>
<w:footnote w:id="2"><w:p><w:r><w:t>见《工会法》</w:t></w:r><w:r><w:t>第三条。</w:t></w:r></w:p></w:footnote>
<w:footnote w:id="3"><w:p><w:r><w:t>以当地规定为准。</w:t></w:r></w:p></w:footnote></w:footnotes>"""


def refer(paragraph: docx.text.paragraph.Paragraph, number: int) -> None:
    paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="{number}"/></w:r>'))


def test_footnotes_have_a_mark_and_stand_behind_their_paragraph_in_order_of_reference(tmp_path: Path) -> None:
    document = docx.Document()
    first = document.add_paragraph("职工有权入会")
    refer(first, 3)
    first.add_run("。")
    table = document.add_table(1, 1)
    table.cell(0, 0).text = "会费"
    refer(table.cell(0, 0).paragraphs[0], 2)
    document.add_paragraph("完。")
    part = Part(
        PackURI("/word/footnotes.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
        NOTES.encode(),
        document.part.package,
    )
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    path = tmp_path / "notes.docx"
    document.save(str(path))
    assert "word/footnotes.xml" in zipfile.ZipFile(path).namelist()
    assert read_docx(path).text.split("\n") == [
        "职工有权入会[注1]。",
        "[注1] 以当地规定为准。",
        "会费[注2]",
        "[注2] 见《工会法》第三条。",
        "完。",
    ]

"""Footnotes and endnotes of a Word file: a visible mark where they are referred to, and their words behind it.

Source: ECMA-376 part 1, 17.11 (footnotes and endnotes).
"""

from typing import Any

from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import qn

KINDS = {"footnotes": ("w:footnote", "w:footnoteReference"), "endnotes": ("w:endnote", "w:endnoteReference")}


class Footnotes:
    """The notes of a document, numbered in the order in which the text refers to them."""

    def __init__(self, document: WordDocument) -> None:
        self._words: dict[tuple[str, str], str] = {}
        self._count = 0
        self._waiting: list[str] = []
        for relation in document.part.rels.values():
            kind = relation.reltype.rsplit("/", 1)[-1]
            if kind in KINDS:
                self._read_notes(relation.target_part.blob, *KINDS[kind])

    def next_mark(self, run: Any) -> str:  # noqa: ANN401 - an lxml element of a class without stubs
        """Return the mark of the note that a run refers to, such as "[注1]", or "" when it refers to none."""
        marks = ""
        for _, reference in KINDS.values():
            for element in run.findall(qn(reference)):
                words = self._words.get((reference, element.get(qn("w:id"))))
                if words:
                    self._count += 1
                    marks += f"[注{self._count}]"
                    self._waiting.append(f"[注{self._count}] {words}")
        return marks

    def take_lines(self) -> list[str]:
        """Return the notes that were referred to since the last call, one line each."""
        lines, self._waiting = self._waiting, []
        return lines

    def _read_notes(self, content: bytes, tag: str, reference: str) -> None:
        for note in parse_xml(content).findall(qn(tag)):
            paragraphs = ["".join(text.text or "" for text in block.iter(qn("w:t"))) for block in note.iter(qn("w:p"))]
            words = " ".join(words.strip() for words in paragraphs if words.strip())
            self._words[reference, note.get(qn("w:id"))] = words

"""A handbook as a collection of documents, one a section, for other people's tools."""

from corpus.handbook import Handbook
from eval.interchange.beir import Document


def handbook_documents(handbook: Handbook) -> tuple[Document, ...]:
    """Return one document a section in reading order: its heading, and its paragraphs word for word."""
    return tuple(
        Document(
            section.section_id,
            section.heading,
            "\n".join(handbook.text[paragraph.start : paragraph.end] for paragraph in section.paragraphs),
        )
        for section in handbook.sections
    )

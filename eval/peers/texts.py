"""What every peer searches: the handbook's passages and all ways to ask, the same that our own index holds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.errors import InvalidQuestion
from eval.dataset import LabelledQuestion
from eval.interchange.beir import Document
from eval.served import DECIMALS, RANKED_SECTIONS_KEPT, Served, ServedExcerpt, ServedSection
from ingest.searched_text import searched_passage
from retriever.artifact import NO_SECTION
from retriever.index import SearchIndex
from retriever.normalise import Normaliser, checked_question

SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchedText:
    """A text to be searched.

    Attributes:
        handbook_id: The handbook.
        section_id: The section it leads to.
        text: Normalised.
        excerpt: Its words in the handbook; None for a heading or similar question, which cannot be cited.
    """

    handbook_id: str
    section_id: str
    text: str
    excerpt: str | None


def searched_texts(index: SearchIndex) -> tuple[SearchedText, ...]:
    """Return the passages, then the ways to ask, of all handbooks of an index; negative questions left out."""
    normalise = Normaliser()
    passages = [
        SearchedText(
            handbook_id=passage.handbook_id,
            section_id=passage.section_id,
            text=normalise(searched_passage(passage, index.handbooks[passage.handbook_id])),
            excerpt=index.handbooks[passage.handbook_id].text[passage.start : passage.end],
        )
        for passage in index.passages
    ]
    wordings = [
        SearchedText(
            handbook_id=wording.handbook_id,
            section_id=wording.section_id,
            text=normalise(wording.text),
            excerpt=None,
        )
        for wording in index.wordings
        if wording.section_id != NO_SECTION
    ]
    return (*passages, *wordings)


def document_texts(documents: Sequence[Document]) -> tuple[SearchedText, ...]:
    """Return the texts of other people's collections, each its own section."""
    normalise = Normaliser()
    return tuple(
        SearchedText(
            handbook_id="",
            section_id=document.document_id,
            text=normalise(f"{document.title}\n{document.text}".strip()),
            excerpt=document.text,
        )
        for document in documents
    )


class TextScorer:
    """Base of the peers: gives every text a score; a section is as good as its best text.

    A peer answers whatever it finds. Ties go to the text that stands first.
    """

    name: str

    def __init__(self, texts: Sequence[SearchedText]) -> None:
        self._texts = texts
        self._normalise = Normaliser()

    def scores(self, question: str) -> NDArray[np.float64]:
        """Return the score of each text for a normalised question, shape (texts,); 0 and below is no hit."""
        raise NotImplementedError

    def serve(self, row: LabelledQuestion) -> Served:
        """Return the best sections, and of the first three the best passage."""
        try:
            question = self._normalise(checked_question(row.question))
        except InvalidQuestion:
            return Served(row_id=row.row_id, outcome="refused")
        scores = self.scores(question)
        best: dict[str, float] = {}
        excerpts: dict[str, str] = {}
        for place in np.argsort(-scores, kind="stable").tolist():
            text = self._texts[place]
            if row.handbook_id in {None, text.handbook_id}:
                if scores[place] > 0:
                    best.setdefault(text.section_id, float(scores[place]))
                if text.excerpt is not None:
                    excerpts.setdefault(text.section_id, text.excerpt)
        ranked = list(best.items())[:RANKED_SECTIONS_KEPT]
        return Served(
            row_id=row.row_id,
            outcome="answered" if ranked else "abstained",
            ranking=tuple(ServedSection(section_id=name, fused_score=round(score, DECIMALS)) for name, score in ranked),
            excerpts=tuple(
                ServedExcerpt(section_id=name, excerpt=excerpts[name]) for name, _ in ranked[:SHOWN] if name in excerpts
            ),
        )

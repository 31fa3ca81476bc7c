"""One question and the whole way to its answer, by the same `Retriever.answer` that the chat calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from retriever.answer import Answer
from retriever.encoder import Encoder
from retriever.fusion import RankedSection
from retriever.index import SectionKey, Space
from retriever.normalise import Normaliser, checked_question
from retriever.pipeline import Retriever
from retriever.query import Query, make_query
from retriever.signals import Signals
from retriever.steps import watched_steps

SHOWN_HITS: Final = 8
SHOWN_SECTIONS: Final = 8
SIGNAL_NAMES: Final[dict[str, str]] = {
    "passage_similarity": "原文语义",
    "wording_similarity": "问法语义",
    "wording_similarity_mean": "问法语义（前三平均）",
    "passage_coverage": "原文用词",
    "wording_coverage": "问法用词",
    "wording_coverage_mean": "问法用词（前三平均）",
    "figure_share": "数字、英文对得上",
    "figure_coverage": "对得上的数字、英文占问题多少",
    "negative_similarity": "反例语义",
    "negative_similarity_mean": "反例语义（前三平均）",
    "negative_coverage": "反例用词",
    "negative_coverage_mean": "反例用词（前三平均）",
    "classifier_score": "线性模型",
    "negative_classifier_score": "线性模型判为反例",
}
STEP_NAMES: Final = {
    "normalise": "规范文字",
    "encode": "编码",
    "search": "查找",
    "fuse": "合并打分",
    "excerpts": "选段",
    "cite": "出处",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownHit:
    """A text that one of the searches found: where it leads, its words, and the search's own number."""

    label: str
    text: str
    number: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSection:
    """A candidate in the fused order.

    Attributes:
        key: Handbook id and section id.
        label: Such as "第38问".
        heading: Its heading.
        fused_score: Compares only within this list.
        share: Of all candidates, in [0, 1].
        parts: Name, value, and weighted value of each signal that counts, the heaviest first.
    """

    key: SectionKey
    label: str
    heading: str
    fused_score: float
    share: float
    parts: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HitTest:
    """Everything that led to an answer.

    Attributes:
        question: As typed.
        normalised: As it was searched before its context and sound were considered.
        searched: As it was searched in the end.
        answer: What the chat would say.
        searches: The hits of each search, by the search's Chinese name.
        sections: The best candidates in the fused order.
        answer_threshold: From this probability on it answers.
        clarify_threshold: From this one on it asks back.
        why: Why it came out so, in Chinese.
        steps: Name and milliseconds of each step.
    """

    question: str
    normalised: str
    searched: str
    answer: Answer
    searches: dict[str, tuple[ShownHit, ...]]
    sections: tuple[ShownSection, ...]
    answer_threshold: float
    clarify_threshold: float
    why: str
    steps: tuple[tuple[str, float], ...]


def hit_test(
    question: str, history: Sequence[str], handbook_id: str | None, retriever: Retriever, encoder: Encoder
) -> HitTest:
    """Return how a question is answered, and why.

    Raises:
        InvalidQuestion: If it cannot be asked.
        UnknownHandbook: If the handbook is not served.
    """
    with watched_steps() as milliseconds:
        answer = retriever.answer(question, history, handbook_id)
    normalised = Normaliser()(checked_question(question))
    searched = answer.understood_as or normalised
    query = make_query(searched, encoder)
    best = answer.ranking[0].key[0] if answer.ranking else next(iter(retriever.index.handbooks))
    parameters = retriever.parameters.of(is_curated=retriever.index.is_curated(best))
    return HitTest(
        question=question,
        normalised=normalised,
        searched=searched,
        answer=answer,
        searches=_searches(query, retriever, handbook_id),
        sections=tuple(_shown(section, retriever, parameters.fusion) for section in answer.ranking[:SHOWN_SECTIONS]),
        answer_threshold=parameters.answer_threshold,
        clarify_threshold=parameters.clarify_threshold,
        why=_why(answer, parameters.answer_threshold, parameters.clarify_threshold),
        steps=tuple((STEP_NAMES.get(name, name), value) for name, value in milliseconds.items()),
    )


def _searches(query: Query, retriever: Retriever, handbook_id: str | None) -> dict[str, tuple[ShownHit, ...]]:
    index = retriever.index
    scope = frozenset({handbook_id}) if handbook_id else index.public_ids

    def passage_text(row: int) -> str:
        passage = index.passages[row]
        return index.handbooks[passage.handbook_id].text[passage.start : passage.end]

    def label(key: SectionKey) -> str:
        section = index.sections.get(key)
        return section.label if section else "反例"

    def rows_of(space: Space, by_words: bool) -> list[tuple[int, float]]:  # noqa: FBT001 - a closure of this function
        within = space.within(scope)
        if by_words:
            return [(hit.row, hit.bm25_score) for hit in space.lexical.search(query.terms, SHOWN_HITS, within)]
        if not query.vector.any():
            return []
        return [(hit.row, hit.cosine_similarity) for hit in space.dense.search(query.vector, SHOWN_HITS, within)]

    found: dict[str, tuple[ShownHit, ...]] = {}
    for by_words, kind in ((False, "语义（余弦）"), (True, "用词（BM25）")):
        found[f"原文 · {kind}"] = tuple(
            ShownHit(
                label=label((index.passages[row].handbook_id, index.passages[row].section_id)),
                text=passage_text(row),
                number=number,
            )
            for row, number in rows_of(index.passage_space, by_words)
        )
        found[f"问法 · {kind}"] = tuple(
            ShownHit(
                label=label((index.wordings[row].handbook_id, index.wordings[row].section_id)),
                text=index.wordings[row].text,
                number=number,
            )
            for row, number in rows_of(index.wording_space, by_words)
        )
    return found


def _shown(section: RankedSection, retriever: Retriever, weights: Signals) -> ShownSection:
    found = retriever.index.sections[section.key]
    parts = [
        (SIGNAL_NAMES[name], value, value * weight)
        for name, value, weight in zip(Signals._fields, section.signals, weights, strict=True)
        if weight
    ]
    return ShownSection(
        key=section.key,
        label=found.label,
        heading=found.heading,
        fused_score=section.fused_score,
        share=section.share,
        parts=tuple(sorted(parts, key=lambda part: -abs(part[2]))),
    )


def _why(answer: Answer, answer_threshold: float, clarify_threshold: float) -> str:
    if answer.matched_by == "number":
        return "按问号直接翻到，不用打分。" if answer.citations else "问的是问号，但手册里没有这一问。"
    if not answer.ranking:
        return "没有任何一段原文或问法与它有共同之处，所以不答。"
    probability = f"答对的概率 {answer.answer_probability:.3f}"
    if answer.status == "answered":
        return f"{probability}，达到作答线 {answer_threshold:.3f}，所以作答。"
    if answer.status == "clarify":
        return f"{probability}，没到作答线 {answer_threshold:.3f}，但达到反问线 {clarify_threshold:.3f}，所以反问。"
    return f"{probability}，没到反问线 {clarify_threshold:.3f}，所以不答。"

from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.handbook import Handbook
from corpus.passage import Passage, passage_id
from ingest.document import Document
from ingest.passages import find_passages
from ingest.sections import find_sections
from ingest.sentences import cut_points

EXAMPLES = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
CLAUSE = st.integers(1, 90).map(lambda length: "各级工会依法维护职工合法权益"[: length % 14 + 1] * (length // 14 + 1))
SENTENCE = st.lists(CLAUSE, min_size=1, max_size=4).flatmap(
    lambda clauses: st.sampled_from(["，", "；", "、"]).map(lambda mark: mark.join(clauses))
)
SENTENCES = st.lists(SENTENCE, min_size=1, max_size=8).map(
    lambda sentences: "。".join(sentences) + "。”"[: len(sentences) % 2]
)
ITEM = st.tuples(st.integers(1, 9), SENTENCES).map(lambda item: f"（{item[0]}）{item[1]}")
BLANK = st.sampled_from(["", " ", "\u3000\u3000"])
PARAGRAPH = st.tuples(BLANK, st.one_of(SENTENCES, ITEM), BLANK, st.sampled_from(["\n", "\n\n", "\n\n\n\n"])).map(
    "".join
)
ANSWERS = st.lists(st.lists(PARAGRAPH, max_size=5).map("".join), min_size=3, max_size=3)


def handbook(answers: list[str]) -> Handbook:
    """Return the handbook of some answers, recognised as any file is."""
    raw = "".join(f"第{number}问 第{number}件事怎么办？\n{answer}" for number, answer in enumerate(answers, start=1))
    document = Document.from_raw(Path("book.txt"), raw)
    sections, _ = find_sections(document)
    assert [section.number for section in sections] == list(range(1, len(answers) + 1))
    return Handbook(
        handbook_id="h", title="书", edition="1", publisher="会", date="2024", text=document.text, sections=sections
    )


def positions(spans: list[tuple[int, int]]) -> list[int]:
    return [position for start, end in spans for position in range(start, end)]


@EXAMPLES
@given(ANSWERS)
def test_paragraphs_are_trimmed_slices_inside_their_section(answers: list[str]) -> None:
    book = handbook(answers)
    for section, answer in zip(book.sections, answers, strict=True):
        words = [book.text[paragraph.start : paragraph.end] for paragraph in section.paragraphs]
        assert words == [line.strip() for line in answer.split("\n") if line.strip()]
        assert all(section.start <= paragraph.start < paragraph.end <= section.end for paragraph in section.paragraphs)
        assert [paragraph.is_list_item for paragraph in section.paragraphs] == [word[0] == "（" for word in words]
    for before, after in pairwise(book.sections):
        assert before.end <= after.start


@EXAMPLES
@given(ANSWERS)
def test_passages_cover_every_paragraph_completely_and_do_not_overlap(answers: list[str]) -> None:
    book = handbook(answers)
    covered = positions([(passage.start, passage.end) for passage in find_passages(book)])
    words = positions([(part.start, part.end) for section in book.sections for part in section.paragraphs])
    assert covered == sorted(set(covered))
    assert set(words) <= set(covered)
    assert "".join(book.text[position] for position in sorted(set(covered) - set(words))).strip() == ""


@EXAMPLES
@given(ANSWERS)
def test_passages_keep_to_their_bounds_and_to_one_list_item(answers: list[str]) -> None:
    book = handbook(answers)
    paragraphs = [paragraph for section in book.sections for paragraph in section.paragraphs]
    whole = {(paragraph.start, paragraph.end) for paragraph in paragraphs}
    items = [(paragraph.start, paragraph.end) for paragraph in paragraphs if paragraph.is_list_item]
    for passage in find_passages(book):
        words = book.text[passage.start : passage.end]
        assert words == words.strip()
        assert len(words) <= 220
        assert len(words) >= 40 or _is_whole(passage, whole)
        assert sum(passage.start < end and start < passage.end for start, end in items) <= 1


def _is_whole(passage: Passage, paragraphs: set[tuple[int, int]]) -> bool:
    """Return whether a passage begins where a paragraph does and ends where one does."""
    return passage.start in {start for start, _ in paragraphs} and passage.end in {end for _, end in paragraphs}


@EXAMPLES
@given(ANSWERS)
def test_ids_are_unique_and_neighbours_are_those_of_the_section(answers: list[str]) -> None:
    book = handbook(answers)
    passages = find_passages(book)
    assert len({passage.passage_id for passage in passages}) == len(passages)
    for section in book.sections:
        own = [passage for passage in passages if passage.section_id == section.section_id]
        ids = [passage.passage_id for passage in own]
        assert [passage.previous_id for passage in own] == [None, *ids[:-1]][: len(own)]
        assert [passage.next_id for passage in own] == [*ids[1:], None][: len(own)]
        assert all(section.start < passage.start < passage.end <= section.end for passage in own)
    for passage in passages:
        assert passage.passage_id == passage_id("h", passage.start, book.text[passage.start : passage.end])


@EXAMPLES
@given(st.text("工会，；。！”）\n a.…", max_size=300), st.integers(1, 50))
def test_cut_points_rise_from_end_to_end_in_steps_no_longer_than_asked(text: str, longest: int) -> None:
    points = cut_points(text, longest)
    assert points == sorted(set(points))
    assert (points[0], points[-1]) == (0, len(text))
    assert all(after - before <= longest for before, after in pairwise(points))

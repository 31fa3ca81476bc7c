import json
from collections import Counter

import pytest
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from corpus.errors import DatasetInvalid
from corpus.handbook import Handbook
from eval.dataset import DATASETS, IN_SCOPE, ROWS_NAME, UNANSWERABLE, LabelledQuestion, load_dataset, row_id, section_id

NAME = "worker-questions"
NEARLY_EQUAL = 0.9


@pytest.fixture(scope="module")
def rows() -> tuple[LabelledQuestion, ...]:
    return load_dataset(NAME, "dev") + load_dataset(NAME, "test")


def test_no_row_is_lost_between_the_halves(rows: tuple[LabelledQuestion, ...]) -> None:
    lines = (DATASETS / NAME / ROWS_NAME).read_text(encoding="utf-8").splitlines()
    assert sorted(row.row_id for row in rows) == sorted(json.loads(line)["row_id"] for line in lines)


def test_every_category_and_question_is_asked_often_enough(rows: tuple[LabelledQuestion, ...]) -> None:
    answerable = [row for row in rows if row.is_answerable]
    asked = Counter(section for row in answerable for section in row.answering_sections)
    assert len(answerable) >= 1000
    assert len(rows) - len(answerable) >= 350
    assert min(asked[section_id(number)] for number in range(1, 51)) >= 12
    assert {row.category for row in rows} == {*IN_SCOPE, *UNANSWERABLE}


def test_labels_fit_their_category(rows: tuple[LabelledQuestion, ...]) -> None:
    for row in rows:
        assert row.is_answerable == (row.category in IN_SCOPE), row
        assert row.row_id == row_id(row.question, row.history)
        if row.category == "several":
            assert len(row.answering_sections) >= 2, row


def test_evidence_stands_in_a_question_that_answers(rows: tuple[LabelledQuestion, ...], handbook: Handbook) -> None:
    text_of = {section.section_id: handbook.text[section.start : section.end] for section in handbook.questions}
    for row in rows:
        if row.is_answerable:
            assert row.evidence, row
            for evidence in row.evidence:
                assert any(evidence in text_of[section] for section in row.answering_sections), row
        else:
            assert row.evidence == ()


def test_no_row_nearly_equals_a_curated_wording(rows: tuple[LabelledQuestion, ...], handbook: Handbook) -> None:
    curated = [*(text for _, text in handbook.similar_questions), *handbook.negative_questions]
    similarities = cdist([row.question for row in rows], curated, scorer=Levenshtein.normalized_similarity)
    copies = [row.question for row, best in zip(rows, similarities.max(axis=1), strict=True) if best >= NEARLY_EQUAL]
    assert copies == []


def test_a_missing_set_is_named() -> None:
    with pytest.raises(DatasetInvalid, match="no-such-set"):
        load_dataset("no-such-set", "dev")

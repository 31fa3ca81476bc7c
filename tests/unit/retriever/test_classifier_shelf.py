from pathlib import Path

import pytest

from ingest.fit_classifier import fit_classifier
from retriever.classifier_shelf import ClassifierShelf, save_classifiers

TEXTS = {
    "pay": (
        [["工资", "拖欠"], ["工资", "多少"], ["学历", "提升"], ["学历", "补助"], ["工资", "学历"]],
        ["q1", "q1", "q2", "q2", "q1"],
    ),
    "leave": ([["年假", "几天"], ["年假", "工资"], ["病假", "几天"], ["病假", "工资"]], ["q1", "q1", "q2", "q2"]),
}
HALF_PRECISION = 1e-3
QUESTION = ["工资", "几天", "工资", "没见过"]


@pytest.fixture
def shelf(tmp_path: Path) -> ClassifierShelf:
    save_classifiers(tmp_path / "shelf", [fit_classifier(*texts) for texts in TEXTS.values()])
    return ClassifierShelf.load(tmp_path / "shelf", tuple(TEXTS))


def test_the_shelf_says_what_each_classifier_says(shelf: ClassifierShelf) -> None:
    expected = {name: fit_classifier(*texts).scores(QUESTION) for name, texts in TEXTS.items()}
    together = shelf.scores(QUESTION, TEXTS)
    for name, scores in expected.items():
        assert together[name] == pytest.approx(scores, abs=HALF_PRECISION)
        assert shelf[name].scores(QUESTION) == pytest.approx(scores, abs=HALF_PRECISION)


def test_a_question_of_unknown_terms_is_left_to_the_bias(shelf: ClassifierShelf) -> None:
    assert shelf.scores(["没见过"], ["pay"])["pay"] == shelf["pay"].scores([])


def test_only_the_handbooks_asked_for_are_scored(shelf: ClassifierShelf) -> None:
    assert list(shelf.scores(QUESTION, ["leave"])) == ["leave"]

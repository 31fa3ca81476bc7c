import math
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize

from corpus.errors import IndexDamaged
from ingest.fit_classifier import MANY_TEXTS, PENALTY, fit_classifier, text_importance
from retriever.classifier import SectionClassifier, tf_idf

TERMS = [["工资", "拖欠"], ["工资", "协商"], ["学历", "提升"], ["学历", "提升", "工资"], ["天气"], ["天气", "怎样"]]
SECTIONS = ["q10", "q10", "q38", "q38", "", ""]


@pytest.fixture
def classifier() -> SectionClassifier:
    return fit_classifier(TERMS, SECTIONS)


def test_the_weights_minimise_the_squared_hinge_loss(classifier: SectionClassifier) -> None:
    vectors = np.zeros((len(TERMS), len(classifier.columns)))
    for row, terms in enumerate(TERMS):
        columns, values = tf_idf(terms, classifier.columns, classifier.inverse_document_frequencies)
        vectors[row, columns] = values
    for place, name in enumerate(classifier.section_ids):
        signs = np.array([1.0 if section == name else -1.0 for section in SECTIONS])

        def loss(weights: np.ndarray, signs: np.ndarray = signs) -> float:
            missing = np.maximum(1 - signs * (vectors @ weights), 0)
            return float(np.square(missing).sum() + PENALTY * weights @ weights)

        best = minimize(loss, np.zeros(len(classifier.columns))).x
        assert classifier.weights[:, place] == pytest.approx(best, abs=0.01)


def test_words_speak_for_the_section_they_came_from(classifier: SectionClassifier) -> None:
    for terms, expected in ((["学历", "提升"], "q38"), (["工资"], "q10"), (["天气"], "")):
        scores = classifier.scores(terms)
        assert max(scores, key=lambda name: scores[name]) == expected


def test_terms_of_one_text_only_are_not_kept(classifier: SectionClassifier) -> None:
    assert set(classifier.columns) == {"工资", "学历", "提升", "天气"}


def test_of_many_texts_a_term_must_stand_in_three() -> None:
    texts = [["工资"], ["工资"], ["学历"], ["学历"], ["学历"], *[["天气"]] * MANY_TEXTS]
    assert set(fit_classifier(texts, ["q1"] * len(texts)).columns) == {"学历", "天气"}


def test_unknown_words_leave_the_bias(classifier: SectionClassifier) -> None:
    assert list(classifier.scores(["没见过"]).values()) == [0.0] * 3
    assert classifier.scores([]) == classifier.scores(["没见过"])


def test_a_vector_has_length_one_and_weighs_repetition_by_its_logarithm(classifier: SectionClassifier) -> None:
    idf = classifier.inverse_document_frequencies
    columns, values = tf_idf(["工资", "工资", "学历"], classifier.columns, idf)
    twice, once = (1 + math.log(2)) * idf[columns[0]], 1 * idf[columns[1]]
    length = math.hypot(twice, once)
    assert values.tolist() == pytest.approx([twice / length, once / length], abs=1e-6)


def test_a_saved_classifier_gives_the_same_scores_and_the_same_bytes(
    classifier: SectionClassifier, tmp_path: Path
) -> None:
    classifier.save(tmp_path / "one")
    fit_classifier(TERMS, SECTIONS).save(tmp_path / "two")
    assert SectionClassifier.load(tmp_path / "one").scores(["工资", "学历"]) == classifier.scores(["工资", "学历"])
    for suffix in (".json", ".safetensors"):
        assert (tmp_path / f"one{suffix}").read_bytes() == (tmp_path / f"two{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
def test_a_broken_file_is_damaged(classifier: SectionClassifier, tmp_path: Path, suffix: str) -> None:
    classifier.save(tmp_path / "one")
    path = tmp_path / f"one{suffix}"
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(IndexDamaged):
        SectionClassifier.load(tmp_path / "one")


def test_a_single_text_without_shared_terms_is_enough() -> None:
    assert fit_classifier([["工资"]], ["q1"]).scores(["工资"]) == {"q1": 0.0}


def test_a_section_with_many_ways_to_ask_does_not_crowd_out_one_with_few() -> None:
    sections = ["q1"] * 12 + ["q2"] * 4
    # The usual section has 8 texts, so a text counts 8/12 in the one and 8/4 in the other.
    assert text_importance(sections) == pytest.approx([8 / 12] * 12 + [2] * 4)
    scores = fit_classifier([["工资", "多少"]] * 12 + [["工资", "拖欠"]] * 4, sections).scores(["工资"])
    assert abs(scores["q1"] - scores["q2"]) < 0.55  # it would be 0.58 if every text counted the same


def test_no_text_counts_more_than_three_times_the_usual_and_negative_ones_count_once() -> None:
    importance = text_importance(["q1"] * 100 + ["q2"] * 100 + ["q3"] * 2 + [""] * 10)
    assert importance == pytest.approx([1] * 200 + [3] * 2 + [1] * 10)

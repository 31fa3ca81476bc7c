import math

import pytest

from retriever.answer_features import MAX_MARGIN, AnswerFeatures, answer_features
from retriever.calibration import answer_probability, status
from retriever.context_choice import NO_CONTEXT_FEATURES, ContextWeights
from retriever.encoder import Encoder
from retriever.fusion import RankedSection, fuse
from retriever.lexical import Bm25LexicalIndex
from retriever.parameters import AnswerWeights, Parameters
from retriever.query import make_query
from retriever.signals import NO_SIGNALS, Candidate, Signals

NOTHING = AnswerFeatures(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, NO_SIGNALS)
NO_WEIGHTS = AnswerWeights(intercept=0.0, features=NOTHING)
PARAMETERS = Parameters(
    fusion=NO_SIGNALS,
    answer=NO_WEIGHTS,
    context=ContextWeights(intercept=0.0, features=NO_CONTEXT_FEATURES),
    answer_threshold=0.8,
    clarify_threshold=0.4,
    fitted_on="nothing",
)


def ranking(*scores: float) -> tuple[RankedSection, ...]:
    weights = Signals(1, *[0] * (len(Signals._fields) - 1))
    return fuse(
        [
            Candidate(("h", f"q{number}"), NO_SIGNALS._replace(passage_similarity=score))
            for number, score in enumerate(scores)
        ],
        weights,
    )


@pytest.fixture(scope="module")
def wordings() -> Bm25LexicalIndex:
    return Bm25LexicalIndex.build([["工会", "会费"], ["工会"], ["学历"]])


def test_the_probability_is_the_logistic_of_the_weighted_features() -> None:
    weights = NOTHING._replace(margin=0.5, known_share=2.0, signals=NO_SIGNALS._replace(passage_similarity=0.25))
    features = NOTHING._replace(margin=1.0, known_share=0.75, signals=NO_SIGNALS._replace(passage_similarity=4.0))
    expected = -1.0 + 0.5 * 1.0 + 2.0 * 0.75 + 0.25 * 4.0
    probability = answer_probability(features, AnswerWeights(intercept=-1.0, features=weights))
    assert probability == pytest.approx(1 / (1 + math.exp(-expected)))


def test_without_a_section_the_probability_is_zero(hash_encoder: Encoder, wordings: Bm25LexicalIndex) -> None:
    assert answer_features((), make_query("工会", hash_encoder), wordings) is None
    assert answer_probability(None, NO_WEIGHTS) == 0.0


def test_the_margin_is_cut_and_full_when_there_is_no_second(hash_encoder: Encoder, wordings: Bm25LexicalIndex) -> None:
    query = make_query("工会", hash_encoder)
    margins = [answer_features(ranking(*scores), query, wordings) for scores in ((9.0, 1.0), (9.0,), (3.0, 1.0))]
    assert [features.margin for features in margins if features] == [MAX_MARGIN, MAX_MARGIN, pytest.approx(2.0)]


def test_what_the_question_is_made_of(hash_encoder: Encoder, wordings: Bm25LexicalIndex) -> None:
    features = answer_features(ranking(1.0), make_query("工会 ok", hash_encoder), wordings)
    assert features is not None
    assert features.han_share == pytest.approx(2 / 4)
    assert features.log_length == pytest.approx(math.log(1 + 4))
    # The terms are 工会, ok and the pair ·工会; the first alone is known.
    known, unknown = wordings.information(["工会"]), wordings.information(["ok", "·工会"])
    assert features.known_share == pytest.approx(known / (known + unknown))


def test_features_survive_being_put_in_a_row() -> None:
    features = AnswerFeatures(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, Signals(*range(len(Signals._fields))))
    assert AnswerFeatures.from_flat(features.flat()) == features


def test_extreme_logits_stay_in_the_unit_interval() -> None:
    assert answer_probability(NOTHING, AnswerWeights(intercept=1e6, features=NOTHING)) <= 1.0
    assert answer_probability(NOTHING, AnswerWeights(intercept=-1e6, features=NOTHING)) >= 0.0


@pytest.mark.parametrize(
    ("probability", "outcome"),
    [
        (1.0, "answered"),
        (0.8, "answered"),
        (0.79, "clarify"),
        (0.4, "clarify"),
        (0.39, "abstained"),
        (0.0, "abstained"),
    ],
)
def test_a_threshold_itself_counts_as_reached(probability: float, outcome: str) -> None:
    assert status(probability, PARAMETERS) == outcome

import math

import pytest

from retriever.context_choice import (
    MAX_LOG_ODDS,
    NO_CONTEXT_FEATURES,
    ContextWeights,
    Found,
    context_features,
    meant_shares,
)

HERE, THERE = ("h", "q1"), ("h", "q2")
INFORMATION = {"工资": 0.4, "凭证": 0.9}


def found(section=HERE, probability=0.5, held=()) -> Found:
    return Found(section, probability, frozenset(held))


def test_what_each_reading_holds_is_compared() -> None:
    features = context_features(
        "那工资凭证呢?", INFORMATION, found(HERE, 0.2, ["工资"]), found(THERE, 0.8, ["工资", "凭证"]), found(THERE)
    )
    assert features.points_back == 1
    assert features.points_to_the_first == features.names_nothing == 0
    assert features.information == pytest.approx(1.3)
    assert features.information_gained == pytest.approx(0.9)
    assert (features.held_together, features.rarest_held_together, features.rarest_held_alone) == (1, 1, 0)
    assert features.together_log_odds == pytest.approx(-features.alone_log_odds) == pytest.approx(math.log(4))
    assert (features.together_as_alone, features.alone_as_earlier) == (0, 0)


def test_a_question_that_names_nothing_finds_all_it_names() -> None:
    features = context_features("最开始说的呢", {}, found(), found(), found())
    assert features.points_to_the_first == features.names_nothing == features.held_together == 1
    assert features.information == features.information_gained == 0
    assert (features.together_as_alone, features.alone_as_earlier) == (1, 1)


@pytest.mark.parametrize(
    ("probability", "log_odds"), [(0.0, -MAX_LOG_ODDS), (1.0, MAX_LOG_ODDS), (0.99999, MAX_LOG_ODDS)]
)
def test_no_probability_is_too_sure_to_be_compared(probability: float, log_odds: float) -> None:
    features = context_features(
        "工资",
        INFORMATION,
        found(probability=probability),
        found(section=None),
        found(section=None, probability=probability),
    )
    assert features.alone_log_odds == features.earlier_log_odds == log_odds


def test_words_that_are_as_rare_are_told_apart_the_same_way_every_time() -> None:
    alone, together = found(held=["甲"]), found(held=["乙"])
    features = [
        context_features("甲乙", dict.fromkeys(words, 0.5), alone, together, found()) for words in ("甲乙", "乙甲")
    ]
    assert features[0] == features[1]


def test_the_shares_are_those_of_a_logit_and_the_question_alone_comes_first() -> None:
    weights = ContextWeights(intercept=-1.0, features=NO_CONTEXT_FEATURES._replace(information_gained=2.0))
    shares = meant_shares([NO_CONTEXT_FEATURES, NO_CONTEXT_FEATURES._replace(information_gained=1.0)], weights)
    assert shares.sum() == pytest.approx(1)
    assert shares[2] / shares[0] == pytest.approx(math.e)
    assert shares[0] / shares[1] == pytest.approx(math.e)


def test_without_a_context_the_question_is_meant_alone() -> None:
    assert meant_shares([], ContextWeights(intercept=5.0, features=NO_CONTEXT_FEATURES)).tolist() == [1.0]

import numpy as np
import pytest

from eval.dataset import LabelledQuestion, load_dataset
from eval.fit_context import Choice, context_choices, fit_context
from eval.topic_changes import after_another
from retriever.context_choice import NO_CONTEXT_FEATURES, meant_shares
from retriever.pipeline import Retriever

HANDBOOK = "industrial-workers-50"


def row(question: str, *numbers: int, category: str = "fact", history: tuple[str, ...] = ()) -> LabelledQuestion:
    return LabelledQuestion(
        row_id=f"w{question}",
        category=category,
        question=question,
        history=history,
        handbook_id=HANDBOOK,
        relevance={f"q{number}": 2 for number in numbers},
    )


def test_the_feature_that_tells_what_is_meant_gets_the_weight() -> None:
    generator = np.random.default_rng(3)
    choices = []
    for _ in range(200):
        features = generator.normal(size=(2, len(NO_CONTEXT_FEATURES)))
        meant = int(np.argmax([0.0, *(4 * features[:, 3])]))
        choices.append(Choice(features, np.arange(3) == meant, 1.0))
    weights = fit_context(choices)
    telling, *others = sorted(map(abs, weights.features), reverse=True)
    assert telling == weights.features.log_length
    assert telling > 5 * max(others)
    right = [int(meant_shares(list(one.features), weights).argmax()) == int(one.is_right.argmax()) for one in choices]
    assert np.mean(right) > 0.95


def test_a_row_counts_as_much_as_it_weighs() -> None:
    features = np.zeros((1, len(NO_CONTEXT_FEATURES)))
    alone, together = np.array([True, False]), np.array([False, True])
    weights = fit_context([Choice(features, alone, 1.0), Choice(features, together, 3.0)])
    assert meant_shares(list(features), weights)[1] == pytest.approx(0.75, abs=0.01)


def test_there_must_be_something_to_fit_on() -> None:
    with pytest.raises(ValueError, match="earlier"):
        fit_context([])


def test_a_topic_is_changed_to_one_with_other_answers_and_the_same_every_time() -> None:
    rows = (row("甲", 1), row("乙", 1, 2), row("丙", 2), row("丁", category="near"))
    changed = after_another(rows)
    assert changed == after_another(rows)
    histories = {one.question: one.history for one in changed}
    assert histories["甲"] == ("丙",)
    assert histories["丙"] == ("甲",)
    assert len(histories["丁"]) == 1
    assert "乙" not in histories  # every other row shares an answer with it


def test_what_does_not_stand_by_itself_is_not_asked_after_another() -> None:
    rows = (row("甲", 1), row("乙", 2), row("第3问", 3, category="number"), row("那丙呢", 4, history=("丁",)))
    assert {one.question for one in after_another(rows)} == {"甲", "乙"}


def test_the_choices_say_which_reading_is_meant(retriever: Retriever) -> None:
    asked = "求学圆梦行动是什么"
    follow_up = row("那具体资助了多少人?", 31, 38, category="follow_up", history=(asked,))
    change = row("年休假有几天", category="near", history=(asked,))
    choices = context_choices((follow_up, change), retriever)
    assert [choice.is_right.tolist() for choice in choices] == [[False, True], [True, False]]
    assert all(choice.features.shape == (1, len(NO_CONTEXT_FEATURES)) for choice in choices)
    assert context_choices((row("换个话题,第38问", 38, history=(asked,)),), retriever) == []


def test_rows_of_the_dev_half_give_enough_to_fit_on(retriever: Retriever) -> None:
    rows = load_dataset("worker-questions", "dev")[:120]
    choices = context_choices(rows, retriever)
    assert len(choices) > 50
    assert all(choice.is_right.any() for choice in choices)

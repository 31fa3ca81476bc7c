from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from retriever.highlight import Highlight, highlights
from retriever.normalise import Normaliser

NORMALISE = Normaliser()


def marked(excerpt: str, question: str) -> list[str]:
    return [excerpt[span.start : span.end] for span in highlights(excerpt, NORMALISE(question), NORMALISE)]


def test_words_of_the_question_are_marked_wherever_they_stand() -> None:
    assert marked("培训农民工，农民工培训。", "农民工培训") == ["培训农民工", "农民工培训"]


def test_traditional_and_full_width_forms_match() -> None:
    assert marked("農民工可以下載ＡＰＰ。", "农民工的app") == ["農民工", "ＡＰＰ"]


def test_words_without_a_topic_are_not_marked() -> None:
    assert marked("什么是这个问题，怎么办。", "这个问题怎么办") == []


def test_a_character_that_folds_to_several_is_marked_whole() -> None:
    assert marked("第⑩条", "10条") == ["⑩"]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.text(max_size=30))
def test_highlights_lie_inside_the_excerpt_in_order_without_touching(excerpt: str, question: str) -> None:
    spans = highlights(excerpt, NORMALISE(question), NORMALISE)
    assert all(0 <= span.start < span.end <= len(excerpt) for span in spans)
    assert all(before.end < after.start for before, after in pairwise(spans))
    assert spans == tuple(Highlight(*span) for span in spans)

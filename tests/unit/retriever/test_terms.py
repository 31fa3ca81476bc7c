import pytest

from retriever.terms import COUNTED_MARK, counted, figures, terms


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("2.5%提到8%是什么比例", ["2.5%", "8%"]),
        ("第七届职工技能大赛", ["第七届"]),
        ("十四五期间培训多少人", ["十四五"]),
        ("工会的app好不好用,app在哪下", ["app"]),
        ("一个人也能学吗", []),
        ("", []),
    ],
)
def test_figures_are_numbers_ordinals_and_latin_words(question: str, found: list[str]) -> None:
    assert figures(question) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("9.6万个工会和1000万名职工", ["9.6万个", "1000万名"]),
        ("20余万名,8300多万人", ["20余万名", "8300多万人"]),
        ("600是什么,2.5%是啥", []),
        ("38.4亿是什么", ["38.4亿"]),
        ("第3名,共3项", ["3名", "3项"]),
    ],
)
def test_a_number_is_kept_with_what_it_counts(text: str, found: list[str]) -> None:
    assert counted(text) == [COUNTED_MARK + number for number in found]
    assert terms(text)[len(terms(text)) - len(found) :] == counted(text)

import pytest

from retriever.terms import figures


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

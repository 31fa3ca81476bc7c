import pytest

from retriever.article_reference import article_reference, short_law_name


@pytest.mark.parametrize(
    ("text", "article", "rest"),
    [
        ("劳动合同法第十九条", "第十九条", "劳动合同法"),
        ("工会法第25条讲什么", "第二十五条", "工会法 讲什么"),
        ("刑法第一百三十四条之一", "第一百三十四条之一", "刑法"),
    ],
)
def test_an_article_is_read_as_print_calls_it(text: str, article: str, rest: str) -> None:
    assert article_reference(text) == (article, rest)


@pytest.mark.parametrize("text", ["25条意见是什么", "第一产业工人", "条件", "第零条"])
def test_other_words_name_no_article(text: str) -> None:
    assert article_reference(text) is None


@pytest.mark.parametrize(
    ("title", "name"),
    [("中华人民共和国劳动合同法（2012年修正）", "劳动合同法"), ("《工会法》", "工会法"), ("某市条例", "某市条例")],
)
def test_laws_are_called_by_their_short_names(title: str, name: str) -> None:
    assert short_law_name(title) == name

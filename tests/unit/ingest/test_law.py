from pathlib import Path

import pytest

from corpus.chinese_numbers import chinese_numeral
from corpus.handbook import Section
from ingest.document import Document
from ingest.structure import Recognised, recognise

LAW = """中华人民共和国劳动合同法（2012年修正）
（2007年6月29日第十届全国人民代表大会常务委员会第二十八次会议通过）
目 录
第一章 总 则
第二章 劳动合同的订立
第一章 总 则
第一条　为了完善劳动合同制度，制定本法。
第二条　中华人民共和国境内的用人单位适用本法。
国家机关依照本法执行。
第二章 劳动合同的订立
第一节 一般规定
第三条 【试用期】劳动合同期限三个月以上不满一年的，试用期不得超过一个月：
（一）期限一年以上的，不得超过二个月；
（二）期限三年以上的，不得超过六个月。
第三条规定的试用期包含在合同期限内。
第三条之一　非全日制用工不得约定试用期。
第四条　本法自2008年1月1日起施行。
"""


def law(text: str, **options: object) -> tuple[Recognised, str]:
    document = Document.from_raw(Path("law.txt"), text)
    return recognise(document, **options), document.text  # type: ignore[arg-type]


def words(section: Section, text: str) -> list[str]:
    return [text[span.start : span.end] for span in section.paragraphs]


def test_a_law_is_cited_by_its_short_name_and_article() -> None:
    found, _ = law(LAW)
    assert (found.structure, found.count, found.gaps) == ("law", 5, ())
    assert found.confidence > 0.7
    assert [(section.section_id, section.label) for section in found.sections] == [
        ("preamble", "《劳动合同法》题注"),
        ("a1", "《劳动合同法》第一条"),
        ("a2", "《劳动合同法》第二条"),
        ("a3", "《劳动合同法》第三条"),
        ("a3-1", "《劳动合同法》第三条之一"),
        ("a4", "《劳动合同法》第四条"),
    ]
    assert all(section.number is None for section in found.sections)


def test_paragraphs_and_items_belong_to_their_article_and_a_reference_opens_none() -> None:
    found, text = law(LAW)
    article = found.sections[3]
    assert words(article, text)[1:] == [
        "（一）期限一年以上的，不得超过二个月；",
        "（二）期限三年以上的，不得超过六个月。",
        "第三条规定的试用期包含在合同期限内。",
    ]
    assert [span.is_list_item for span in article.paragraphs] == [False, True, True, False]
    assert article.heading == "《劳动合同法》第三条 试用期"


def test_chapters_and_parts_stand_above_their_articles_and_the_contents_do_not() -> None:
    found, text = law(LAW)
    parts = {section.section_id: section.part.display if section.part else None for section in found.sections}
    assert parts["a2"] == "第一章 总则"
    assert parts["a3"] == "第二章 劳动合同的订立 › 第一节 一般规定"
    assert words(found.sections[0], text) == [text.split("\n")[1]]
    assert "目 录" not in "".join(words for section in found.sections for words in words_of(section, text))


def words_of(section: Section, text: str) -> list[str]:
    return words(section, text)


def test_a_missing_article_is_named_and_the_rest_is_found() -> None:
    lines = [f"第{chinese_numeral(number)}条　第{number}件事。" for number in range(1, 30) if number not in {7, 8}]
    found, _ = law("\n".join(["某某条例", *lines]))
    assert (found.count, found.gaps) == (27, ((7, 8, 7),))


@pytest.mark.parametrize("mark", ["　", " ", "：", "\t"])
def test_every_article_of_a_long_law_is_found(mark: str) -> None:
    lines = [f"第{chinese_numeral(number)}条{mark}第{number}件事，依照第九条办理。" for number in range(1, 401)]
    found, _ = law("\n".join(["某某办法", *lines]))
    assert found.count == 400
    assert [section.section_id for section in found.sections] == [f"a{number}" for number in range(1, 401)]


def test_several_laws_in_one_file_keep_their_names() -> None:
    one = "工会法\n第一条　甲。\n第二条　乙。\n第三条　丙。\n"
    two = "劳动法\n第一章 总则\n第一条　丁。\n第二条　戊。\n第三条　己。\n"
    found, text = law(one + two)
    labels = [section.label for section in found.sections]
    assert labels == [f"《{name}》第{number}条" for name in ("工会法", "劳动法") for number in "一二三"]
    assert len({section.section_id for section in found.sections}) == 6
    assert words(found.sections[2], text) == ["第三条　丙。"]


def test_a_law_that_does_not_name_itself_has_the_handbooks_title() -> None:
    found, _ = law("第一条　甲。\n第二条　乙。\n第三条　丙。\n", title="中华人民共和国工会法")
    assert found.sections[0].label == "《工会法》第一条"

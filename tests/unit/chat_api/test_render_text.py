import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_api.render_text import ABSTAINED, CUT_MARK, UNSURE, characters_within, choices, cut_to_bytes, render_text
from chat_api.schema import AskResponse, CitationBody, ErratumNote, SuggestionBody

FAMILY = "👨‍👩‍👧"
WORKER = "👷🏽‍♀️"


def citation(number: int | None = 38, excerpt: str = "凭入学通知书申请补助。", **more: object) -> CitationBody:
    fields = {
        "handbook_id": "h",
        "handbook_title": "职工知识50问",
        "edition": "2022年版",
        "part": "第五部分",
        "question_number": number,
        "label": f"第{number}问" if number else "前言",
        "question": "怎么提升学历？",
        "excerpt": excerpt,
        "start": 0,
        "end": len(excerpt),
        "highlights": [],
        "passage_id": "p_1",
        "errata": [],
        "url": "/v1/handbooks/h/questions/38",
        "page": None,
        "outdated": False,
        "effective_from": "",
        "effective_to": "",
    }
    return CitationBody.model_validate(fields | more)


def suggestion(number: int) -> SuggestionBody:
    return SuggestionBody(
        handbook_id="h",
        question_number=number,
        question=f"第{number}个标题？",
        label=f"第{number}问",
        url=f"/v1/handbooks/h/questions/{number}",
    )


def answer(status: str = "answered", **more: object) -> AskResponse:
    fields = {
        "answer_id": "a_0",
        "status": status,
        "answer_probability": 0.9,
        "understood_as": None,
        "citations": [citation()],
        "suggestions": [],
        "contact": None,
        "index_version": "v",
        "took_ms": 1,
    }
    return AskResponse.model_validate(fields | more)


def test_an_answer_is_heading_excerpt_and_source() -> None:
    assert render_text(answer(), 2048) == (
        "第38问 怎么提升学历？\n凭入学通知书申请补助。\n〔出处〕《职工知识50问》2022年版 · 第五部分 · 第38问"
    )


def test_the_page_is_named_and_an_edition_that_no_longer_counts_is_marked() -> None:
    text = render_text(answer(citations=[citation(page=12, outdated=True)]), 2048)
    assert text.splitlines()[-2:] == [
        "〔出处〕《职工知识50问》2022年版 · 第五部分 · 第38问 · 第12页起",
        "（这一版已失效，请以新规定为准）",
    ]


def test_other_questions_are_listed_to_be_asked_for_or_numbered() -> None:
    asked = answer(
        "clarify", suggestions=[suggestion(38), suggestion(12), suggestion(7), suggestion(5)], contact="工会"
    )
    text = render_text(asked, 2048)
    assert text.startswith(UNSURE)
    assert text.endswith("还可以问：\n第12问 第12个标题？\n第7问 第7个标题？")
    numbered = render_text(asked, 2048, is_numbered=True)
    assert numbered.splitlines()[-3:] == [
        "回复 1 看第38问全文：怎么提升学历？",
        "回复 2 看第12问全文：第12个标题？",
        "回复 3 看第7问全文：第7个标题？",
    ]
    assert choices(asked) == [("h", 38), ("h", 12), ("h", 7)]


def test_abstaining_says_so_and_whom_to_ask() -> None:
    text = render_text(answer("abstained", citations=[], suggestions=[suggestion(12)], contact="问问工会。"), 2048)
    assert text == f"{ABSTAINED}问问工会。\n还可以问：\n第12问 第12个标题？"


def test_help_comes_first_and_misprints_are_noted() -> None:
    note = ErratumNote(start=0, end=2, printed="融人", corrected="融入")
    text = render_text(answer(urgent_contact="请拨打 120。", citations=[citation(errata=[note])]), 2048)
    assert text.startswith("请拨打 120。\n第38问")
    assert text.endswith("（原书印作“融人”，疑为“融入”）")


def test_a_section_without_a_number_is_cited_and_not_offered() -> None:
    text = render_text(answer(citations=[citation(None)]), 2048, is_numbered=True)
    assert "〔出处〕《职工知识50问》2022年版 · 第五部分 · 前言" in text
    assert "回复" not in text


def test_the_excerpt_is_cut_and_never_its_source() -> None:
    text = render_text(answer(citations=[citation(excerpt="长" * 3000)]), 2048)
    assert 2040 <= len(text.encode()) <= 2048
    assert f"长{CUT_MARK}\n〔出处〕" in text
    assert text.endswith("· 第38问")


@pytest.mark.parametrize(
    ("text", "max_bytes", "characters"),
    [
        ("工会", 6, 2),
        ("工会", 5, 1),
        ("工会", 3, 1),
        ("工会", 2, 0),
        ("a👷b", 5, 2),
        ("a👷b", 4, 1),
        (f"a{FAMILY}b", 18, 1),
        (f"a{FAMILY}b", 19, 6),
        (f"a{WORKER}b", 16, 1),
        ("e\u0301x", 2, 0),
        ("☎\ufe0fx", 5, 0),
        ("", 0, 0),
        ("abc", 0, 0),
    ],
)
def test_no_character_and_no_joined_emoji_is_split(text: str, max_bytes: int, characters: int) -> None:
    assert characters_within(text, max_bytes) == characters


@given(st.text(), st.integers(0, 200))
def test_a_cut_is_a_beginning_that_fits(text: str, max_bytes: int) -> None:
    cut = cut_to_bytes(text, max_bytes)
    assert len(cut.encode()) <= max_bytes
    assert cut == text or text.startswith(cut.removesuffix(CUT_MARK))


@given(
    excerpt=st.text(min_size=1, max_size=1500),
    max_bytes=st.integers(100, 2048),
    near=st.integers(0, 4),
    status=st.sampled_from(["answered", "clarify"]),
    is_numbered=st.booleans(),
)
def test_any_answer_fits_its_channel(
    *, excerpt: str, max_bytes: int, near: int, status: str, is_numbered: bool
) -> None:
    suggestions = [suggestion(number) for number in range(1, near + 1)]
    asked = answer(status, citations=[citation(excerpt=excerpt)], suggestions=suggestions)
    assert len(render_text(asked, max_bytes, is_numbered=is_numbered).encode()) <= max_bytes

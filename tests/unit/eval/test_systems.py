"""The service and the plainer searches beside it keep one contract, and the known-good check sees when one does not."""

from collections.abc import Callable

import pytest

from eval.dataset import LabelledQuestion
from eval.known_good import heading_rows, missed_headings
from eval.served import RANKED_SECTIONS_KEPT, Served
from eval.systems import EXCERPTS, HYBRID, SYSTEM_NAMES, System, open_system
from ingest.pipeline import build_index
from retriever import Retriever
from retriever.encoder import Encoder
from retriever.normalise import MAX_QUESTION_CHARACTERS

HANDBOOK_ID = "industrial-workers-50"
EVERY_SYSTEM = pytest.mark.parametrize("name", SYSTEM_NAMES)
# All but the service are plain searches: no history, no numbers, no will to abstain.
EVERY_SEARCH = pytest.mark.parametrize("name", [name for name in SYSTEM_NAMES if name != HYBRID])
ASKED = [
    "农民工怎么提升学历",
    "技能大赛得了名次有什么好处，工资会涨吗？",
    "今天天气怎么样",
    "App",
    "第38问",
    "ＡＢＣ１２３",
    "職業技能等級認定",
]
Open = Callable[[str], System]
LONG_HEADING = "职工" * 300 + "怎么办？"


@pytest.fixture(scope="module")
def shipped(retriever: Retriever, encoder: Encoder) -> Open:
    return lambda name: open_system(name, retriever, encoder)


@pytest.fixture(scope="module")
def two_handbooks(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, write_handbook) -> Retriever:
    """Both know of annual leave; the second has a question without an answer, one asked twice and an endless one."""
    folder = tmp_path_factory.mktemp("two")
    first = write_handbook(
        folder / "leave", {"年休假有几天？": "职工年休假5天。", "加班费怎么算？": "平日加班按百分之一百五十支付。"}
    )
    second = write_handbook(
        folder / "benefits",
        {
            "高温津贴怎么发？": "",
            "年休假能折成钱吗？": "经职工同意不安排年休假的，按日工资三倍支付。",
            LONG_HEADING: "找工会。",
            "年休假 能折成钱吗？": "同上。",
        },
    )
    build_index([first, second], folder / "index", encoder, allow_missing=True)
    return Retriever.open_current(folder / "index", encoder)


@pytest.fixture(scope="module")
def small(two_handbooks: Retriever, encoder: Encoder) -> Open:
    return lambda name: open_system(name, two_handbooks, encoder)


def asked(question: str, handbook_id: str | None = HANDBOOK_ID, history: tuple[str, ...] = ()) -> LabelledQuestion:
    return LabelledQuestion(
        row_id="r", category="everyday", question=question, history=history, handbook_id=handbook_id, relevance={}
    )


def order(served: Served) -> list[str]:
    return [ranked.section_id for ranked in served.ranking]


@EVERY_SYSTEM
def test_every_heading_leads_to_its_own_section(retriever: Retriever, shipped: Open, name: str) -> None:
    rows = heading_rows(retriever.index, [HANDBOOK_ID])
    assert len(rows) == 50
    assert missed_headings(rows, shipped(name)) == ()


@EVERY_SYSTEM
def test_a_ranking_falls_names_no_section_twice_and_stops_at_ten(
    retriever: Retriever, shipped: Open, name: str
) -> None:
    for question in ASKED:
        served = shipped(name).serve(asked(question))
        scores = [ranked.fused_score for ranked in served.ranking]
        if name != HYBRID:  # which puts first what a number names, and what each of several questions asks for
            assert scores == sorted(scores, reverse=True)
        assert len(set(order(served))) == len(order(served)) <= RANKED_SECTIONS_KEPT
        assert {(HANDBOOK_ID, section) for section in order(served)} <= retriever.index.sections.keys()


@EVERY_SYSTEM
def test_excerpts_are_slices_of_their_section(retriever: Retriever, shipped: Open, name: str) -> None:
    shown = 0
    for question in ASKED:
        served = shipped(name).serve(asked(question))
        assert len(served.excerpts) <= EXCERPTS
        for excerpt in served.excerpts:
            section = retriever.index.section(HANDBOOK_ID, excerpt.section_id)
            text = retriever.index.handbook(HANDBOOK_ID).text
            assert excerpt.excerpt in text[section.start : section.end]
            assert excerpt.excerpt
            shown += 1
    assert shown >= len(ASKED) - 1  # a linear model has nothing to say of “App”


@EVERY_SEARCH
def test_the_best_three_sections_are_shown_in_their_order(shipped: Open, name: str) -> None:
    served = shipped(name).serve(asked("农民工怎么提升学历"))
    assert [excerpt.section_id for excerpt in served.excerpts] == order(served)[:EXCERPTS]


@EVERY_SYSTEM
def test_the_same_question_is_served_the_same_again(shipped: Open, name: str) -> None:
    for question in ASKED:
        assert shipped(name).serve(asked(question)) == shipped(name).serve(asked(question))


@EVERY_SYSTEM
@pytest.mark.parametrize("question", [" ", "问" * (MAX_QUESTION_CHARACTERS + 1), "工会\x07", "工\ud800会"])
def test_a_question_that_cannot_be_asked_is_refused_and_not_lost(shipped: Open, name: str, question: str) -> None:
    assert shipped(name).serve(asked(question)) == Served(row_id="r", outcome="refused")


@EVERY_SYSTEM
@pytest.mark.parametrize("question", ["？", "\u0378", "😀"])
def test_a_question_that_shares_nothing_is_abstained(small: Open, name: str, question: str) -> None:
    served = small(name).serve(asked(question, "leave"))
    if name == "classifier":  # it knows of every section how likely it is, whatever is asked
        assert set(order(served)) <= {"q1", "q2"}
    else:
        assert (served.outcome, served.ranking, served.excerpts) == ("abstained", (), ())


@EVERY_SYSTEM
def test_only_the_handbook_of_the_row_is_searched(small: Open, name: str) -> None:
    first = small(name).serve(asked("年休假有几天？", "leave"))
    second = small(name).serve(asked("年休假有几天？", "benefits"))
    assert order(first)[0] == "q1"
    assert set(order(first)) <= {"q1", "q2"}
    assert [excerpt.excerpt for excerpt in first.excerpts[:1]] == ["职工年休假5天。"]
    assert "职工年休假5天。" not in {excerpt.excerpt for excerpt in second.excerpts}


@EVERY_SEARCH
def test_a_row_without_a_handbook_searches_all(small: Open, name: str) -> None:
    found = {excerpt.excerpt for excerpt in small(name).serve(asked("年休假有几天，能折成钱吗？", None)).excerpts}
    assert {"职工年休假5天。", "经职工同意不安排年休假的，按日工资三倍支付。"} <= found


@EVERY_SYSTEM
def test_a_section_without_an_answer_is_ranked_and_shows_nothing(small: Open, name: str) -> None:
    served = small(name).serve(asked("高温津贴怎么发？", "benefits"))
    assert order(served)[0] == "q1"
    assert "q1" not in {excerpt.section_id for excerpt in served.excerpts}


def test_the_service_reads_history_and_numbers_and_the_searches_do_not(shipped: Open) -> None:
    number = asked("第38问")
    assert order(shipped(HYBRID).serve(number))[0] == "q38"
    assert shipped(HYBRID).serve(asked("那工资呢", history=("农民工怎么提升学历",))).understood_as is not None
    for name in SYSTEM_NAMES[1:]:
        after = shipped(name).serve(asked("那工资呢", history=("农民工怎么提升学历",)))
        assert after == shipped(name).serve(asked("那工资呢"))


@EVERY_SYSTEM
def test_only_the_service_knows_a_probability(shipped: Open, name: str) -> None:
    served = shipped(name).serve(asked("农民工怎么提升学历"))
    assert (served.answer_probability is not None) == (name == HYBRID)
    assert shipped(name).name == name


def test_the_headings_of_the_named_handbooks_alone_are_asked(
    two_handbooks: Retriever,
) -> None:
    rows = heading_rows(two_handbooks.index, ["leave", "leave", None])
    assert [(row.question, row.relevance, row.handbook_id) for row in rows] == [
        ("年休假有几天？", {"q1": 2}, "leave"),
        ("加班费怎么算？", {"q2": 2}, "leave"),
    ]
    assert heading_rows(two_handbooks.index, []) == ()


def test_a_heading_that_stands_twice_has_two_answers_and_an_endless_one_is_asked_as_far_as_it_can_be(
    two_handbooks: Retriever, small: Open
) -> None:
    rows = heading_rows(two_handbooks.index, ["benefits"])
    assert [len(row.question) for row in rows if row.relevance == {"q3": 2}] == [MAX_QUESTION_CHARACTERS]
    assert {"q2": 2, "q4": 2} in [row.relevance for row in rows]
    assert missed_headings(rows, small(HYBRID)) == ()


def test_a_heading_that_leads_elsewhere_is_told(retriever: Retriever, shipped: Open) -> None:
    class Wrong:
        name = "wrong"

        def serve(self, row: LabelledQuestion) -> Served:
            served = shipped(HYBRID).serve(row)
            return served if "q7" not in row.relevance else Served(row_id=row.row_id, outcome="abstained")

    rows = heading_rows(retriever.index, [HANDBOOK_ID])
    assert missed_headings(rows, Wrong()) == (retriever.index.section(HANDBOOK_ID, "q7").heading,)

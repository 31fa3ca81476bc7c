from pathlib import Path

import pytest

from ingest.pipeline import build_index
from retriever.encoder import Encoder
from retriever.pipeline import Retriever
from retriever.query import make_query
from retriever.signals import find_candidates


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, write_handbook):
    folder: Path = tmp_path_factory.mktemp("figures")
    answers = {
        "培训经费怎么提？": "企业按工资总额的2.5%提取职工教育经费。",
        "培训经费能提到多少？": "有条件的企业可以提到8%，从2.5%起步。",
        "培训经费谁来管？": "由企业和工会共同管理经费。",
    }
    build_index([write_handbook(folder / "training-funds", answers)], folder / "index", encoder)
    retriever = Retriever.open_current(folder / "index", encoder)

    def figures_of(question: str) -> list[tuple[float, float]]:
        found = find_candidates(make_query(question, encoder), retriever.index, None)
        return [(candidate.signals.figure_share, candidate.signals.figure_coverage) for candidate in found]

    return figures_of


def test_a_section_counts_the_figures_that_it_holds_and_shares_them_with_others_that_do(figures) -> None:
    assert [share for share, _ in figures("提到8%")] == [0.0, 1.0, 0.0]
    assert [share for share, _ in figures("从2.5%起")] == [0.5, 0.5, 0.0]
    assert [share for share, _ in figures("经费2.5%提到8%")] == [0.25, 0.75, 0.0]


def test_figures_weigh_as_much_as_they_say_of_the_question(figures) -> None:
    first, second, third = (coverage for _, coverage in figures("经费2.5%提到8%"))
    assert 0 == third < first < second < 1
    bare, among_words = figures("8%")[1][1], figures("经费怎么从2.5%提到8%，企业和工会谁来管")[1][1]
    assert bare == pytest.approx(1)  # nothing else is asked
    assert among_words < second


def test_a_question_without_figures_favours_no_section(figures) -> None:
    assert figures("培训经费怎么提") == [(0.0, 0.0)] * 3

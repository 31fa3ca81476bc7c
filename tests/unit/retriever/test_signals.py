from pathlib import Path

import pytest

from ingest.pipeline import build_index
from retriever.encoder import Encoder
from retriever.pipeline import Retriever
from retriever.query import make_query
from retriever.signals import find_candidates


@pytest.fixture(scope="module")
def shares(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, write_handbook):
    folder: Path = tmp_path_factory.mktemp("figures")
    answers = {
        "培训经费怎么提？": "企业按工资总额的2.5%提取职工教育经费。",
        "培训经费能提到多少？": "有条件的企业可以提到8%，从2.5%起步。",
        "培训经费谁来管？": "由企业和工会共同管理经费。",
    }
    build_index([write_handbook(folder / "training-funds", answers)], folder / "index", encoder)
    retriever = Retriever.open_current(folder / "index", encoder)

    def figure_shares(question: str) -> list[float]:
        found = find_candidates(make_query(question, encoder), retriever.index, None)
        return [candidate.signals.figure_share for candidate in found]

    return figure_shares


def test_a_section_counts_the_figures_that_it_holds(shares) -> None:
    assert shares("经费2.5%提到8%") == [0.5, 1.0, 0.0]


def test_a_question_without_figures_favours_no_section(shares) -> None:
    assert shares("培训经费怎么提") == [0.0, 0.0, 0.0]

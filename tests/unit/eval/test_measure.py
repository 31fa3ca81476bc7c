"""A data set measured from end to end, over an index that is right and over one that is wrong."""

from dataclasses import replace

import pytest

from corpus.errors import DatasetInvalid
from eval.gates import check_gates, parse_gate
from eval.measure import Plan, measure_handbooks
from retriever import Retriever
from retriever.artifact import Contents
from retriever.encoder import Encoder
from retriever.index import SearchIndex


def test_an_unknown_system_names_those_there(retriever: Retriever, encoder: Encoder) -> None:
    plan = Plan(dataset="worker-questions", split="dev", system="best")
    with pytest.raises(DatasetInvalid, match="hybrid、dense"):
        measure_handbooks(plan, retriever, encoder, lambda *_: None)


def test_a_scrambled_index_scores_near_zero_and_fails_every_check(retriever: Retriever, encoder: Encoder) -> None:
    index = retriever.index
    names = [section.section_id for section in index.handbook("industrial-workers-50").questions]
    moved = dict(zip(names, [*names[7:], *names[:7]], strict=True))
    scrambled = SearchIndex(
        index.manifest,
        Contents(
            handbooks=tuple(index.handbooks.values()),
            passages=tuple(
                replace(one, section_id=moved.get(one.section_id, one.section_id)) for one in index.passages
            ),
            wordings=tuple(
                replace(one, section_id=moved.get(one.section_id, one.section_id)) for one in index.wordings
            ),
        ),
        passage_indexes=(index.passage_space.dense, index.passage_space.lexical),
        wording_indexes=(index.wording_space.dense, index.wording_space.lexical),
        classifiers={
            handbook_id: replace(one, section_ids=tuple(moved.get(name, name) for name in one.section_ids))
            for handbook_id, one in index.classifiers.items()
        },
        sounds=index.sounds,
    )
    plan = Plan(dataset="worker-questions", split="dev", limit=250)
    measured = measure_handbooks(plan, Retriever(scrambled, encoder, retriever.parameters), encoder, lambda *_: None)
    hit = measured.run.figures.groups["in_scope"]["hit@1"]
    assert hit.value is not None
    assert hit.value < 0.05
    assert len(measured.missed_headings) == 50
    assert not check_gates([parse_gate("min", "hit@1=0.8")], measured.run.figures)[0].passes

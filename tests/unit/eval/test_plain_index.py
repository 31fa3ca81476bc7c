"""An index as if nobody had written down how people ask, and the numbers that are used for one."""

from collections.abc import Callable
from pathlib import Path

from eval.plain_index import plain_version
from ingest.pipeline import build_index
from retriever import Retriever
from retriever.encoder import Encoder
from retriever.index import SearchIndex


def test_a_plain_version_holds_headings_alone_and_leaves_the_handbook_as_it_is(
    leave_handbook: Path, encoder: Encoder
) -> None:
    (leave_handbook / "similar_questions.jsonl").write_text('{"n": 1, "q": "歇几天"}\n', encoding="utf-8")
    (leave_handbook / "negative_questions.jsonl").write_text('{"q": "食堂在哪"}\n', encoding="utf-8")
    before = {path.name: path.read_bytes() for path in leave_handbook.iterdir()}
    with plain_version([leave_handbook], encoder) as folder:
        index = SearchIndex.open(folder, encoder.encoder_id)
        assert [wording.text for wording in index.wordings] == [
            one.heading for one in index.handbook("paid-leave").entries
        ]
        assert not index.is_curated("paid-leave")
    assert not folder.exists()
    assert {path.name: path.read_bytes() for path in leave_handbook.iterdir()} == before


def test_each_kind_of_handbook_is_judged_by_its_own_numbers_and_both_are_found(
    tmp_path: Path, leave_handbook: Path, encoder: Encoder, write_handbook: Callable[[Path, dict[str, str]], Path]
) -> None:
    answers = {"食堂几点开饭？": "午饭十一点半开始。", "班车几点开？": "六点。"}
    curated = write_handbook(tmp_path / "folders" / "canteen", answers)
    wordings = [(1, "啥时候吃饭"), (1, "饭点"), (2, "几点坐车"), (2, "末班车")]
    lines = [f'{{"n": {number}, "q": "{text}"}}\n' for number, text in wordings]
    (curated / "similar_questions.jsonl").write_text("".join(lines), encoding="utf-8")
    build_index([curated, leave_handbook], tmp_path / "index", encoder)
    retriever = Retriever.open_current(tmp_path / "index", encoder)
    assert [retriever.index.is_curated(name) for name in ("canteen", "paid-leave")] == [True, False]
    for question, best in (("啥时候吃饭", ("canteen", "q1")), ("加班费怎么算", ("paid-leave", "q2"))):
        answer = retriever.answer(question)
        assert answer.ranking[0].key == best
        assert {section.key[0] for section in answer.ranking} == {"canteen", "paid-leave"}
        scores = [section.fused_score for section in answer.ranking]
        assert scores == sorted(scores, reverse=True)
        assert sum(section.share for section in answer.ranking) <= 1 + 1e-9
    alone = retriever.answer("加班费怎么算", handbook_id="paid-leave")
    assert alone.ranking[0].key == ("paid-leave", "q2")
    assert alone.answer_probability == retriever.answer("加班费怎么算").answer_probability

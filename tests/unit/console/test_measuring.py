import html
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from console.measuring import measure_draft
from console.places import Places
from console.state import ConsoleState
from console.state.wordings import Proposal
from corpus.errors import GateInvalid
from eval.dataset import row_id
from retriever.encoder import Encoder

ASKED = {"年假到底能放几天呢": 1, "加班一小时算多少": 2, "参加工会走什么手续": 3, "加班能不能换成调休": 2}


def silent(_doing: str, _done: int, _total: int) -> None:
    """Say nothing."""


@pytest.fixture
def places(places: Places, tmp_path: Path) -> Places:
    """Places with a data set about the small handbook, and a gate that it reaches."""
    folder = tmp_path / "dataset"
    folder.mkdir()
    rows = [
        {
            "row_id": row_id(question, ()),
            "category": "everyday",
            "question": question,
            "handbook_id": "paid-leave",
            "answers": {number: 2},
        }
        for question, number in ASKED.items()
    ]
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "rows.jsonl").write_text("".join(lines), encoding="utf-8")
    gates = tmp_path / "gates.toml"
    gates.write_text('[min]\n"hit@3" = 0.1\n', encoding="utf-8")
    return replace(places, dataset=str(folder), gates=gates)


def approved(state: ConsoleState, section_id: str, wording: str) -> None:
    state.wordings.propose([Proposal(handbook_id="paid-leave", section_id=section_id, wording=wording)], "编辑甲")
    [proposed] = state.wordings.proposed()
    state.wordings.decide(proposed.id, "发布人甲", approve=True)


def test_a_wrong_wording_shows_as_rows_that_got_worse(places: Places, state: ConsoleState, encoder: Encoder) -> None:
    for question, number in ASKED.items():
        approved(state, "q3" if number != 3 else "q1", question)
    result = measure_draft(places, state, encoder, silent)
    assert result["served_version"] != result["draft_version"]
    assert len(result["worse"]) == result["row_count"] > 0
    assert result["better"] == []
    [hit] = [one for one in result["differences"] if one["measure"] == "第一个就找对"]
    assert hit["after"] < hit["before"]
    json.dumps(result)


def test_an_unchanged_draft_moves_nothing_and_leaves_the_served_index_alone(
    places: Places, state: ConsoleState, encoder: Encoder
) -> None:
    served = {path: path.stat().st_mtime_ns for path in places.index_folder.rglob("*")}
    result = measure_draft(places, state, encoder, silent)
    assert result["served_version"] == result["draft_version"]
    assert (result["better"], result["worse"]) == ([], [])
    assert [gate["passes"] for gate in result["gates"]] == [True]
    assert {path: path.stat().st_mtime_ns for path in places.index_folder.rglob("*")} == served


def test_gates_that_nobody_can_read_are_named(places: Places, state: ConsoleState, encoder: Encoder) -> None:
    places.gates.write_text("[min", encoding="utf-8")
    with pytest.raises(GateInvalid, match=r"gates\.toml"):
        measure_draft(places, state, encoder, silent)


def test_an_editor_measures_from_the_page(editor: Any, places: Places) -> None:
    places.gates.write_text('[min]\n"hit@1" = 1.0\n[max]\n"hit@3" = 0.0\n', encoding="utf-8")
    assert editor.send("/console/evals", "/console/evals").status_code == 303
    for _ in range(300):
        if "进行中" not in editor.http.get("/console/evals/job").text:
            break
        time.sleep(0.1)
    shown = html.unescape(editor.http.get("/console/evals").text)
    assert "没有全过" in shown
    assert "第一个就找对" in shown

from pathlib import Path

import pytest

from corpus.errors import GateInvalid
from eval.figures import Figures, compute_figures
from eval.gates import Gate, check_gates, load_gates, parse_gate


@pytest.fixture
def figures(row, serve) -> Figures:
    rows = [row("a", {"q1": 2}), row("b", {"q2": 2}, "fact"), row("n", {}, "near")]
    return compute_figures(rows, [serve("a", "q1"), serve("b", "q1"), serve("n", "q1", "clarify")])


def test_a_gate_names_measure_group_and_limit() -> None:
    assert parse_gate("min", "hit@1=0.9") == Gate(bound="min", measure="hit@1", group="", limit=0.9)
    assert parse_gate("min", "hit@3@fact = 0.99") == Gate(bound="min", measure="hit@3", group="fact", limit=0.99)
    assert parse_gate("max", "false_answer@near=0.1") == Gate(
        bound="max", measure="false_answer", group="near", limit=0.1
    )


@pytest.mark.parametrize("text", ["hit@1", "=0.5", "hit@1=", "hit@1=viel", "hit@1=1.5", "hit@1=-0.1", "hit@1=nan"])
def test_a_gate_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(GateInvalid, match=r"hit@1=0\.9"):
        parse_gate("min", text)


def test_a_figure_at_its_limit_passes_and_one_beyond_it_does_not(figures: Figures) -> None:
    gates = [parse_gate("min", "hit@1=0.5"), parse_gate("min", "hit@1=0.51"), parse_gate("max", "false_answer=0.0")]
    results = check_gates(gates, figures)
    assert [(one.value, one.passes) for one in results] == [(0.5, True), (0.5, False), (0.0, True)]


def test_a_group_can_be_named(figures: Figures) -> None:
    assert check_gates([parse_gate("min", "hit@1@fact=0.5")], figures)[0].passes is False


@pytest.mark.parametrize(("text", "hint"), [("hit@2=0.5", "hit@1"), ("hit@1@noisy=0.5", "everyday")])
def test_a_gate_of_an_unknown_figure_is_refused_and_says_which_there_are(
    figures: Figures, text: str, hint: str
) -> None:
    with pytest.raises(GateInvalid, match=hint):
        check_gates([parse_gate("min", text)], figures)


def test_gates_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "gates.toml"
    path.write_text('[min]\n"hit@1" = 0.9\n[max]\n"false_answer@near" = 0.1\n', encoding="utf-8")
    assert [(gate.bound, gate.name, gate.limit) for gate in load_gates(path)] == [
        ("min", "hit@1", 0.9),
        ("max", "false_answer@near", 0.1),
    ]


@pytest.mark.parametrize("content", ["[least]\nx = 1\n", "min = 3\n", "[min\n", "[min]\n'hit@1' = 'hoch'\n"])
def test_a_file_of_another_form_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "gates.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(GateInvalid):
        load_gates(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(GateInvalid, match=r"none\.toml"):
        load_gates(tmp_path / "none.toml")

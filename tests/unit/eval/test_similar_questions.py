"""Wordings asked while they are left out: what was planted to be stolen, lonely or contradictory is found."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from eval.similar_questions import LONELY, SAME, AskedWording, Theft, ask_left_out, thefts
from retriever.encoder import Encoder

ANSWERS = {
    "探亲假的路费怎么报销": "往返路费由所在单位负担，凭票据在一个月内报销。",
    "高温津贴从哪个月开始发": "每年六月开始，按月随工资发放。",
    "工伤认定要在多久之内申请": "事故发生之日起三十日内，由单位提出申请。",
}
SIMILAR = [
    (1, "回家看爹妈的车票钱单位给报不"),
    (1, "探亲的车票钱单位给报不"),
    (1, "看爹妈来回路费能报吗"),
    (1, "天热了单位给发降温的钱吗"),  # belongs to the second: it will be stolen
    (2, "天热了单位给不给发降温的钱"),
    (2, "天热的时候降温的钱哪个月发"),
    (2, "夏天降温的钱几月份开始发"),
    (3, "受伤了多少天以内要去申请认定"),
    (3, "干活受伤多久之内要申请"),
    (2, "啦啦啦"),
]
SIMILAR_SECTIONS = {text: number for number, text in SIMILAR}


@pytest.fixture(scope="module")
def folder(write_handbook: Callable[[Path, dict[str, str]], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_handbook(tmp_path_factory.mktemp("handbooks") / "leave", ANSWERS)
    lines = (json.dumps({"n": number, "q": text}, ensure_ascii=False) + "\n" for number, text in SIMILAR)
    (folder / "similar_questions.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def asked(folder: Path, encoder: Encoder) -> dict[str, AskedWording]:
    """Each wording asked while it alone is left out."""
    reports: list[tuple[str, int, int]] = []
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    found = ask_left_out(folder, encoder, len(SIMILAR), lambda *report: reports.append(report))
    assert reports == [("拿掉再问", fold, len(SIMILAR)) for fold in range(1, len(SIMILAR) + 1)]
    assert [one.wording for one in found] == [text for _, text in SIMILAR]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    return {one.wording: one for one in found}


def test_a_wording_with_others_like_it_is_found_without_itself(asked: dict[str, AskedWording]) -> None:
    assert asked["探亲的车票钱单位给报不"].is_right
    assert asked["夏天降温的钱几月份开始发"].is_right


def test_a_wording_under_the_wrong_question_is_a_theft_and_a_contradiction(asked: dict[str, AskedWording]) -> None:
    wrong = asked["天热了单位给发降温的钱吗"]
    assert (wrong.expected, wrong.served, wrong.is_right) == ("q1", "q2", False)
    assert wrong.contradicts
    assert (wrong.other_section, wrong.other_wording) == ("q2", "天热了单位给不给发降温的钱")
    assert ("q1", "q2") in [(theft.expected, theft.served) for theft in thefts(list(asked.values()))]


def test_a_wording_like_no_other_is_lonely(asked: dict[str, AskedWording]) -> None:
    assert asked["啦啦啦"].is_lonely
    assert not asked["探亲的车票钱单位给报不"].is_lonely


def test_what_is_told_of_a_wording_fits_together(asked: dict[str, AskedWording]) -> None:
    for number, text in SIMILAR:
        one = asked[text]
        assert one.expected == f"q{number}"
        assert one.is_right == (one.served == one.expected) == (one.place == 1)
        assert one.other_section != one.expected
        assert (f"q{SIMILAR_SECTIONS[one.other_wording]}", one.contradicts) == (
            one.other_section,
            one.other_similarity >= SAME,
        )
        assert one.is_lonely == (not one.is_right and one.own_similarity < LONELY)
        assert max(one.own_similarity, one.other_similarity) <= 1


def test_a_wording_is_never_its_own_neighbour(encoder: Encoder, asked: dict[str, AskedWording]) -> None:
    vectors = encoder.encode([text for _, text in SIMILAR])
    similarities = vectors @ vectors.T
    for place, (number, text) in enumerate(SIMILAR):
        own = [similarities[place, i] for i, (other, _) in enumerate(SIMILAR) if other == number and i != place]
        others = [similarities[place, i] for i, (other, _) in enumerate(SIMILAR) if other != number]
        assert asked[text].own_similarity == pytest.approx(float(max(own)), abs=1e-4)
        assert asked[text].other_similarity == pytest.approx(float(max(others)), abs=1e-4)


def test_two_folds_ask_every_wording_once_and_the_same_twice_over(folder: Path, encoder: Encoder) -> None:
    first, second = (ask_left_out(folder, encoder, 2, lambda *_: None) for _ in range(2))
    assert [one.wording for one in first] == [text for _, text in SIMILAR]
    assert first == second


def test_a_handbook_without_similar_questions_has_nothing_to_ask(leave_handbook: Path, encoder: Encoder) -> None:
    assert ask_left_out(leave_handbook, encoder, 2, lambda *_: None) == ()


def test_thefts_are_counted_most_often_first_and_ties_by_name() -> None:
    def one(expected: str, served: str) -> AskedWording:
        return AskedWording(
            expected=expected,
            wording="",
            served=served,
            place=1 if expected == served else None,
            own_similarity=0.0,
            other_similarity=0.0,
            other_wording="",
            other_section="",
        )

    pairs = ["q1 q2", "q3 q1", "q1 q2", "q1 q1", "q2 ", "q1 q3", "q2 q2"]
    assert thefts([one(*pair.split(" ")) for pair in pairs]) == (
        Theft("q1", "q2", 2),
        Theft("q1", "q3", 1),
        Theft("q2", "", 1),
        Theft("q3", "q1", 1),
    )
    assert thefts([]) == ()

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from eval.similar_questions import AskedWording, ask_left_out, thefts
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
    (3, "啦啦啦"),
]


@pytest.fixture(scope="module")
def asked(
    write_handbook: Callable[[Path, dict[str, str]], Path],
    tmp_path_factory: pytest.TempPathFactory,
    encoder: Encoder,
) -> dict[str, AskedWording]:
    folder = write_handbook(tmp_path_factory.mktemp("handbooks") / "leave", ANSWERS)
    lines = (json.dumps({"n": number, "q": text}, ensure_ascii=False) + "\n" for number, text in SIMILAR)
    (folder / "similar_questions.jsonl").write_text("".join(lines), encoding="utf-8")
    reports: list[tuple[str, int, int]] = []
    found = ask_left_out(folder, encoder, len(SIMILAR), lambda *report: reports.append(report))
    assert reports[-1][1:] == (len(SIMILAR), len(SIMILAR))
    assert [one.wording for one in found] == [text for _, text in SIMILAR]
    return {one.wording: one for one in found}


def test_a_wording_with_others_like_it_is_found_without_itself(asked: dict[str, AskedWording]) -> None:
    assert asked["探亲的车票钱单位给报不"].is_right
    assert asked["夏天降温的钱几月份开始发"].is_right


def test_a_wording_under_the_wrong_question_is_a_theft_and_a_contradiction(asked: dict[str, AskedWording]) -> None:
    wrong = asked["天热了单位给发降温的钱吗"]
    assert (wrong.expected, wrong.served, wrong.is_right) == ("q1", "q2", False)
    assert wrong.contradicts
    assert (wrong.other_section, wrong.other_wording) == ("q2", "天热了单位给不给发降温的钱")
    assert thefts(list(asked.values()))[0].served == "q2"


def test_a_wording_like_no_other_is_lonely(asked: dict[str, AskedWording]) -> None:
    assert asked["啦啦啦"].is_lonely
    assert not asked["探亲的车票钱单位给报不"].is_lonely

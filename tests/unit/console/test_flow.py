"""From a question nobody could answer to an answer: one person proposes, another approves, a publisher publishes."""

import html
import re
import time
from typing import Any

from console.places import Places
from console.publishing import served_version
from console.state import ConsoleState

QUESTION = "调休单子找谁签字"
FIRST = "paid-leave/q1"


def unanswered(editor: Any) -> str:
    """Ask what is not answered, say so, and give the answer's id."""
    asked = editor.http.post("/v1/ask", json={"question": QUESTION}).json()
    assert asked["status"] != "answered"
    feedback = {"answer_id": asked["answer_id"], "useful": False, "reason": "没有说找谁，我的电话 13812345678"}
    assert editor.http.post("/v1/feedback", json=feedback).status_code == 200
    return str(asked["answer_id"])


def wait_for_job(browser: Any) -> str:
    for _ in range(400):
        shown = html.unescape(browser.http.get("/console/versions/job").text)
        if "进行中" not in shown:
            return shown
        time.sleep(0.1)
    raise AssertionError("the job does not end")


def proposal_id(browser: Any) -> str:
    found = re.search(r'name="id" value="(\d+)"', browser.http.get("/console/wordings").text)
    assert found is not None
    return found[1]


def propose_and_approve(editor: Any, publisher: Any, answer_id: str) -> None:
    fields = {"answer_id": answer_id, "what": "attached", "wording": QUESTION, "section": FIRST}
    assert editor.send("/console/unanswered", "/console/unanswered", **fields).status_code == 303
    assert QUESTION not in editor.http.get("/console/unanswered").text
    number = proposal_id(editor)
    mine = editor.send("/console/wordings", "/console/wordings/decide", id=number, decision="approve")
    assert mine.status_code == 409
    decided = publisher.send("/console/wordings", "/console/wordings/decide", id=number, decision="approve")
    assert decided.status_code == 303


def test_a_question_in_vain_is_shown_masked_with_what_people_thought(editor: Any) -> None:
    unanswered(editor)
    shown = html.unescape(editor.http.get("/console/unanswered").text)
    assert QUESTION in shown
    assert "没用 1 次" in shown
    assert "[手机号]" in shown
    assert "13812345678" not in shown


def test_a_question_goes_from_the_log_to_an_answer_and_back(
    editor: Any, publisher: Any, state: ConsoleState, places: Places
) -> None:
    answer_id = unanswered(editor)
    before = served_version(places.index_folder)
    propose_and_approve(editor, publisher, answer_id)
    shown = html.unescape(publisher.http.get("/console/versions").text)
    assert QUESTION in shown
    assert editor.send("/console/audit", "/console/versions/publish").status_code == 403
    assert publisher.send("/console/audit", "/console/versions/publish").status_code == 303
    assert "完成" in wait_for_job(publisher)
    assert served_version(places.index_folder) != before
    time.sleep(1.1)
    after = editor.http.post("/v1/ask", json={"question": QUESTION}).json()
    assert after["index_version"] == served_version(places.index_folder)
    nearest = (after["citations"] or after["suggestions"])[0]
    assert nearest["question_number"] == 1
    assert "没有差别" in publisher.http.get("/console/versions").text

    assert editor.send("/console/audit", "/console/versions/rollback", version=before).status_code == 403
    gone = publisher.send("/console/audit", "/console/versions/rollback", version="v0000000000000000")
    assert gone.status_code == 410
    assert publisher.send("/console/audit", "/console/versions/rollback", version=before).status_code == 303
    assert served_version(places.index_folder) == before
    assert QUESTION in publisher.http.get("/console/versions").text
    actions = [change.action for change in state.audit.newest()]
    assert actions[:2] == ["退回版本", "发布版本"]
    assert {"处理未答问题", "提议添加问法", "批准添加问法"} <= set(actions)


def test_the_handbook_s_own_files_are_never_written(editor: Any, publisher: Any, places: Places) -> None:
    own = {path: path.read_bytes() for path in places.shipped.rglob("*") if path.is_file()}
    editor.send("/console/wordings", "/console/wordings", section=FIRST, wordings="年假怎么请")
    publisher.send("/console/wordings", "/console/wordings/decide", id=proposal_id(publisher), decision="approve")
    publisher.send("/console/audit", "/console/versions/publish")
    assert "完成" in wait_for_job(publisher)
    assert {path: path.read_bytes() for path in places.shipped.rglob("*") if path.is_file()} == own
    assert "年假怎么请" in (places.draft / "paid-leave" / "similar_questions.jsonl").read_text(encoding="utf-8")


def test_a_draft_that_cannot_be_built_says_why_and_the_served_version_stays(
    publisher: Any, state: ConsoleState, places: Places
) -> None:
    before = served_version(places.index_folder)
    state.documents.save("paid-leave", "errata", "[[erratum", "发布人甲", before="")
    publisher.send("/console/audit", "/console/versions/publish")
    shown = wait_for_job(publisher)
    assert "没有成功" in shown
    assert "errata.toml" in shown
    assert served_version(places.index_folder) == before


def test_two_pieces_of_work_never_run_at_once(publisher: Any, state: ConsoleState) -> None:
    state.jobs.start("evaluate", "编辑甲")
    refused = publisher.send("/console/audit", "/console/versions/publish")
    assert refused.status_code == 409
    assert "还在进行" in refused.text

import html
from typing import Any

import pytest

from console.state import ConsoleState
from console.state.wordings import MAX_WORDING_CHARACTERS

FIRST = "paid-leave/q1"


def propose(browser: Any, wordings: str, **fields: str) -> Any:
    return browser.send("/console/wordings", "/console/wordings", section=FIRST, wordings=wordings, **fields)


def test_each_line_is_a_proposal_and_none_is_taken_twice(editor: Any, state: ConsoleState) -> None:
    assert propose(editor, "年假怎么请\n年假找谁批\n\n年假怎么请").status_code == 303
    assert "there_already" in propose(editor, "年假怎么请").headers["location"]
    assert [one.wording for one in state.wordings.proposed()] == ["年假怎么请", "年假找谁批"]
    assert all("现在这样问" in one.finding for one in state.wordings.proposed())


@pytest.mark.parametrize("wordings", ["", "长" * (MAX_WORDING_CHARACTERS + 1), "\n".join(map(str, range(30)))])
def test_what_cannot_be_a_wording_is_refused(editor: Any, state: ConsoleState, wordings: str) -> None:
    assert propose(editor, wordings).status_code == 422
    assert state.wordings.proposed() == ()


def test_another_wording_replaces_one_in_the_draft(editor: Any, publisher: Any, state: ConsoleState) -> None:
    propose(editor, "年假能休多久", old="带薪休假多少天")
    for proposed in state.wordings.proposed():
        publisher.send("/console/wordings", "/console/wordings/decide", id=proposed.id, decision="approve")
    shown = html.unescape(editor.http.get(f"/console/wordings?section={FIRST}").text)
    assert "年假能休多久" in shown
    assert "带薪休假多少天" not in shown


def test_a_rejected_proposal_changes_nothing_and_can_be_made_again(
    editor: Any, publisher: Any, state: ConsoleState
) -> None:
    propose(editor, "年假怎么请")
    [proposed] = state.wordings.proposed()
    publisher.send("/console/wordings", "/console/wordings/decide", id=proposed.id, decision="reject")
    again = publisher.send("/console/wordings", "/console/wordings/decide", id=proposed.id, decision="approve")
    assert again.status_code == 409
    assert (state.wordings.proposed(), state.wordings.approved()) == ((), ())
    propose(editor, "年假怎么请")
    assert len(state.wordings.proposed()) == 1


def test_what_was_exported_can_be_imported_and_no_cell_is_a_formula(
    editor: Any, publisher: Any, state: ConsoleState
) -> None:
    propose(editor, "=年假怎么请")
    [proposed] = state.wordings.proposed()
    publisher.send("/console/wordings", "/console/wordings/decide", id=proposed.id, decision="approve")
    table = editor.http.get("/console/wordings/export.csv?handbook=paid-leave").content.decode("utf-8-sig")
    assert "1,带薪休假多少天" in table
    assert "1,'=年假怎么请" in table
    fields = {"handbook": "paid-leave", "table": "问号,问法\n2,加班给不给调休\n反例,食堂几点开饭"}
    assert editor.send("/console/wordings", "/console/wordings/import", **fields).status_code == 303
    imported = [(one.section_id, one.wording) for one in state.wordings.proposed()]
    assert imported == [("q2", "加班给不给调休"), ("", "食堂几点开饭")]


def test_a_table_with_a_question_that_is_not_there_is_refused_whole(editor: Any, state: ConsoleState) -> None:
    fields = {"handbook": "paid-leave", "table": "1,年假怎么请\n99,没有这一问"}
    assert editor.send("/console/wordings", "/console/wordings/import", **fields).status_code == 404
    assert state.wordings.proposed() == ()


def test_questions_that_the_handbook_should_cover_are_exported_without_small_numbers(editor: Any) -> None:
    ids = [editor.http.post("/v1/ask", json={"question": "食堂几点开饭"}).json()["answer_id"] for _ in range(6)]
    lone = editor.http.post("/v1/ask", json={"question": "今天天气怎么样"}).json()["answer_id"]
    for answer_ids in (ids, [lone]):
        fields = {"answer_id": answer_ids, "what": "wanted", "note": "+下一版考虑"}
        assert editor.send("/console/unanswered", "/console/unanswered", **fields).status_code == 303
    table = editor.http.get("/console/unanswered/wanted.csv").content.decode("utf-8-sig")
    assert "食堂几点开饭,6,'+下一版考虑" in table
    assert "今天天气怎么样,少于 5," in table

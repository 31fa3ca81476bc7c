from dataclasses import replace

from chat_api.wire import ask_response, question_body, section_url
from corpus.errata import Erratum
from corpus.handbook import Handbook
from retriever import Retriever


def test_a_numbered_section_and_one_without_have_different_addresses() -> None:
    assert section_url("h", 38, "q38") == "/v1/handbooks/h/questions/38"
    assert section_url("h", None, "foreword") == "/v1/handbooks/h/sections/foreword"


def test_numbers_for_people_are_rounded(retriever: Retriever) -> None:
    answer = replace(retriever.answer("第38问"), answer_probability=0.123456)
    body = ask_response(answer, "a_1", "找工会", 1.23456)
    assert (body.answer_probability, body.took_ms) == (0.1235, 1.23)


def test_only_an_answer_says_nothing_of_whom_to_ask(retriever: Retriever) -> None:
    answer = retriever.answer("第38问")
    assert ask_response(answer, "a_1", "找工会", 1).contact is None
    for status in ("clarify", "abstained"):
        assert ask_response(replace(answer, status=status), "a_1", "找工会", 1).contact == "找工会"


def test_errata_of_a_question_count_from_the_start_of_its_text(handbook: Handbook) -> None:
    section = handbook.questions[3]
    start = section.start + 2
    erratum = Erratum(start=start, end=start + 1, printed=handbook.text[start], corrected="改")
    [note] = question_body(replace(handbook, errata=(erratum,)), section).errata
    assert (note.start, note.end, note.corrected) == (2, 3, "改")
    assert handbook.text[section.start : section.end][note.start : note.end] == note.printed


def test_every_erratum_of_the_shipped_handbook_stands_where_it_says(handbook: Handbook) -> None:
    notes = [
        (body.text[note.start : note.end], note.printed)
        for body in (question_body(handbook, section) for section in handbook.sections)
        for note in body.errata
    ]
    assert len(notes) == len(handbook.errata) > 0
    assert all(found == printed for found, printed in notes)

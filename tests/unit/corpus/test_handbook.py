from corpus import Handbook, Part, Section


def section(section_id: str, number: int | None, heading: str) -> Section:
    return Section(section_id=section_id, number=number, heading=heading, part=None, start=0, end=1, paragraphs=())


def test_a_question_is_pointed_at_by_its_number_and_a_foreword_by_its_heading() -> None:
    assert section("q38", 38, "学历？").label == "第38问"
    assert section("foreword", None, "前言").label == "前言"


def test_the_questions_are_the_numbered_sections_in_order() -> None:
    sections = (section("foreword", None, "前言"), section("q2", 2, "二？"), section("q1", 1, "一？"))
    handbook = Handbook(
        handbook_id="a", title="书", edition="1", publisher="会", date="2024", text="字", sections=sections
    )
    assert [question.number for question in handbook.questions] == [2, 1]


def test_a_part_is_shown_with_label_and_title() -> None:
    assert Part(number=5, title="农民工", label="第五部分").display == "第五部分 农民工"
    assert Part(number=1, title="", label="第一部分", is_inferred=True).display == "第一部分"

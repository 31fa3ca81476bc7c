from corpus.errata import Erratum
from corpus.handbook import Handbook, Section
from corpus.passage import Passage
from ingest.searched_text import find_wordings, searched_passage
from retriever.artifact import NO_SECTION

TEXT = "一、怎么融人城市？\n逐步融人城市。"


def handbook() -> Handbook:
    sections = (
        Section(section_id="foreword", number=None, heading="前言", part=None, start=0, end=0, paragraphs=()),
        Section(section_id="q2", number=2, heading="会费？", part=None, start=0, end=0, paragraphs=()),
        Section(section_id="q1", number=1, heading="怎么融人城市？", part=None, start=0, end=17, paragraphs=()),
    )
    return Handbook(
        handbook_id="h",
        title="书",
        edition="1",
        publisher="会",
        date="2024",
        text=TEXT,
        sections=sections,
        errata=(Erratum(start=12, end=14, printed="融人", corrected="融入"),),
        similar_questions=(("q1", "进城"), ("q2", "交多少"), ("q1", "落户")),
        negative_questions=("补贴多少钱", "去哪儿领"),
    )


def test_a_passage_is_searched_corrected_and_under_its_heading() -> None:
    passage = Passage(passage_id="p", handbook_id="h", section_id="q1", start=10, end=17)
    assert searched_passage(passage, handbook()) == "怎么融人城市？\n逐步融入城市。"


def test_every_question_is_asked_by_its_heading_first_and_negative_ones_come_last() -> None:
    wordings = [(wording.section_id, wording.text, wording.is_heading) for wording in find_wordings(handbook())]
    assert wordings == [
        ("q2", "会费？", True),
        ("q2", "交多少", False),
        ("q1", "怎么融人城市？", True),
        ("q1", "进城", False),
        ("q1", "落户", False),
        (NO_SECTION, "补贴多少钱", False),
        (NO_SECTION, "去哪儿领", False),
    ]

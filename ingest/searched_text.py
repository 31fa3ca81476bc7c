"""What is searched for each passage and each question; never what is cited."""

from collections.abc import Iterable, Iterator

from corpus.dictionary import other_words
from corpus.errata import corrected_slice
from corpus.handbook import Handbook, Section
from corpus.passage import Passage
from retriever.artifact import NO_SECTION, Wording


def searched_passages(passages: Iterable[Passage], handbook: Handbook) -> Iterator[str]:
    """Yield each of a handbook's passages as it is searched; see `searched_passage`."""
    sections = {section.section_id: section for section in handbook.sections}
    return (_searched(passage, sections[passage.section_id], handbook) for passage in passages)


def searched_passage(passage: Passage, handbook: Handbook) -> str:
    """Return a passage as it is searched: errata corrected, under the heading of its section.

    The heading names what the sentences below it leave out; where a section is cited by another name than a question
    number, the part it stands in does too. Other words of the handbook's dictionary are added at the end.
    """
    return next(iter(searched_passages([passage], handbook)))


def _searched(passage: Passage, section: Section, handbook: Handbook) -> str:
    text = f"{section.heading}\n{corrected_slice(handbook.text, passage.start, passage.end, handbook.errata)}"
    if section.cited_as and section.part is not None:
        text = f"{section.part.display} {text}"
    return "\n".join([text, *other_words(text, handbook.dictionary)])


def find_wordings(handbook: Handbook) -> Iterator[Wording]:
    """Yield the ways to ask each question, heading first, in reading order; then the negative questions."""
    similar: dict[str, list[str]] = {}
    for section_id, text in handbook.similar_questions:
        similar.setdefault(section_id, []).append(text)
    for section in handbook.entries:
        for place, text in enumerate([section.heading, *similar.get(section.section_id, ())]):
            yield Wording(
                handbook_id=handbook.handbook_id, section_id=section.section_id, text=text, is_heading=place == 0
            )
    for text in handbook.negative_questions:
        yield Wording(handbook_id=handbook.handbook_id, section_id=NO_SECTION, text=text, is_heading=False)

"""The sections that a wording can lead to, as a person chooses among them."""

from dataclasses import dataclass
from typing import Final

from console.errors import WordingInvalid
from retriever.index import SearchIndex, SectionKey

# Between handbook and section in the value of a choice; neither name can hold it.
SEPARATOR: Final = "/"


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionChoice:
    """A section in a list: its value in a form, and what a person reads."""

    value: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandbookChoices:
    """A handbook, and the sections in it."""

    handbook_id: str
    title: str
    sections: tuple[SectionChoice, ...]


def choices(index: SearchIndex) -> tuple[HandbookChoices, ...]:
    """Return all sections of all handbooks, in reading order."""
    return tuple(
        HandbookChoices(
            handbook_id=handbook.handbook_id,
            title=handbook.title,
            sections=tuple(
                SectionChoice(
                    value=value_of((handbook.handbook_id, section.section_id)),
                    name=name_of(index, (handbook.handbook_id, section.section_id)),
                )
                for section in handbook.sections
            ),
        )
        for handbook in index.handbooks.values()
    )


def value_of(key: SectionKey) -> str:
    """Return the value of a section in a form."""
    return SEPARATOR.join(key)


def key_of(value: str, index: SearchIndex) -> SectionKey:
    """Return the section of a value; its section id is "" for the negative questions of a handbook.

    Raises:
        WordingInvalid: If no section was chosen.
        UnknownHandbook: If there is no such handbook.
        UnknownSection: If it has no such section.
    """
    handbook_id, separator, section_id = value.partition(SEPARATOR)
    if not separator:
        raise WordingInvalid("请先选好是哪本手册的哪一问。")
    index.handbook(handbook_id)
    if section_id:
        index.section(handbook_id, section_id)
    return handbook_id, section_id


def name_of(index: SearchIndex, key: SectionKey) -> str:
    """Return what a person calls a section; one that is not there is called by its id."""
    if not key[1]:
        return "反例（手册不答的问题）"
    section = index.sections.get(key)
    if section is None:
        return key[1]
    return section.label if section.label == section.heading else f"{section.label} {section.heading}"

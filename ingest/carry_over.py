"""What staff have attached to an edition goes along to the next one: similar and negative questions, errata, words."""

import json
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.dictionary import DICTIONARY_NAME
from corpus.errata import ERRATA_NAME
from corpus.similar_questions import (
    NEGATIVE_QUESTIONS_NAME,
    load_section_wordings,
    write_similar_questions,
)

# Kept beside the others for a person to look at; nothing reads them.
LOST_QUESTIONS_NAME = "lost_similar_questions.jsonl"
LOST_ERRATA_NAME = "lost_errata.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What no longer has its place in the newer edition.

    Attributes:
        wordings: Similar questions whose question is gone, as (its heading, wording).
        errata: What misprints read whose words are gone or stand there more than once.
    """

    wordings: tuple[tuple[str, str], ...] = ()
    errata: tuple[str, ...] = ()


def carry_over(old: Path, new: Path, new_ids: Mapping[str, str], old_headings: Mapping[str, str], text: str) -> Lost:
    """Return what is lost after taking everything else from one handbook folder to another.

    Args:
        old: The folder of the older edition.
        new: The folder of the newer one, with none of these files yet.
        new_ids: The newer edition's section id of each of the older one's that it still has.
        old_headings: The heading of each of the older edition's sections.
        text: The newer edition's canonical text.
    """
    for name in (NEGATIVE_QUESTIONS_NAME, DICTIONARY_NAME, LOST_QUESTIONS_NAME):
        if (old / name).is_file():
            shutil.copyfile(old / name, new / name)
    rows = load_section_wordings(old)
    write_similar_questions(new, [(new_ids[key], wording) for key, wording in rows if key in new_ids])
    lost = tuple((old_headings.get(key, key), wording) for key, wording in rows if key not in new_ids)
    if lost:
        with (new / LOST_QUESTIONS_NAME).open("a", encoding="utf-8") as file:
            for heading, wording in lost:
                file.write(json.dumps({"question": heading, "q": wording}, ensure_ascii=False) + "\n")
    return Lost(wordings=lost, errata=_carry_errata(old, new, text))


def _carry_errata(old: Path, new: Path, text: str) -> tuple[str, ...]:
    if not (old / ERRATA_NAME).is_file():
        return ()
    tables = tomllib.loads((old / ERRATA_NAME).read_text(encoding="utf-8")).get("erratum", [])
    kept = [table for table in tables if text.count(table["context"]) == 1]
    lost = [table for table in tables if text.count(table["context"]) != 1]
    for name, found in ((ERRATA_NAME, kept), (LOST_ERRATA_NAME, lost)):
        if found:
            (new / name).write_text("\n".join(map(_erratum_toml, found)), encoding="utf-8")
    return tuple(f"{table['printed']}（{table['context']}）" for table in lost)


def _erratum_toml(table: Mapping[str, str]) -> str:
    # JSON strings are TOML ones.
    fields = "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in table.items())
    return f"[[erratum]]\n{fields}"

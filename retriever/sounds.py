"""Questions spelled by ear: pinyin and wrong characters of the same sound, read as words of the handbooks."""

import json
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from corpus.errors import IndexDamaged
from corpus.text import is_han
from retriever.terms import dictionary_words

LONGEST_SYLLABLE = 6
LONGEST_WORD = 6
SHORTEST_WORD = 2
JOINER = " "


class _Unit(NamedTuple):
    """One syllable of a text.

    Attributes:
        start: Where it begins.
        end: Where it ends.
        syllable: How it sounds.
        is_latin: Whether it is written in Latin letters.
        is_single: Whether the segmenter finds no word that it is part of.
    """

    start: int
    end: int
    syllable: str
    is_latin: bool
    is_single: bool


@dataclass(frozen=True, slots=False, kw_only=True)
class Sounds:
    """How words of the handbooks sound.

    Attributes:
        syllables: The toneless syllable of each character, as in pinyin without marks; only the most usual one.
        words: The handbooks' most frequent word for each sequence of syllables, joined by spaces.
        phrases: The same of any characters that stand together, for what is written in pinyin.
    """

    syllables: dict[str, str]
    words: dict[str, str]
    phrases: dict[str, str]

    def respelled(self, text: str) -> str:
        """Return a normalised text with what is spelled by ear replaced by words of the handbooks.

        Pinyin becomes words or phrases of its sound, mixed spelling a word. Characters are replaced only where the
        segmenter finds nothing but single ones and the handbooks have a word of their sound. Of all ways to do so the
        one counts that leaves the least pinyin, then the one with the fewest pieces. Without any such place the text
        itself is returned. A reading of last resort: a right word of the same sound may be lost.
        """
        units = self._units(text)
        pieces, done = [], 0
        for span, word in self._best_cover(text, units):
            pieces += [text[done : span[0].start], word]
            done = span[-1].end
        return "".join([*pieces, text[done:]])

    def _best_cover(self, text: str, units: list[_Unit]) -> list[tuple[list[_Unit], str]]:
        """Return the replaced stretches of units, in order, each with its word."""
        # For each position: pinyin left over behind it, pieces behind it, and the first stretch with its word.
        best: list[tuple[int, int, int, str | None]] = [(0, 0, 0, None)] * (len(units) + 1)
        for position in range(len(units) - 1, -1, -1):
            left_over, pieces, _, _ = best[position + 1]
            choices: list[tuple[int, int, int, str | None]] = [
                (left_over + units[position].is_latin, pieces + 1, 1, None)
            ]
            for count in range(SHORTEST_WORD, min(LONGEST_WORD, len(units) - position) + 1):
                word = self._word(text, units[position : position + count])
                if word is not None:
                    left_over, pieces, _, _ = best[position + count]
                    choices.append((left_over, pieces + 1, count, word))
            best[position] = min(choices, key=lambda choice: choice[:2])
        cover, position = [], 0
        while position < len(units):
            _, _, count, word = best[position]
            if word is not None:
                cover.append((units[position : position + count], word))
            position += count
        return cover

    def _word(self, text: str, span: list[_Unit]) -> str | None:
        """Return the word that a stretch of units stands for, or None when it stands for itself."""
        if any(text[before.end : after.start].strip() for before, after in pairwise(span)):
            return None  # something else stands between them
        sound = JOINER.join(unit.syllable for unit in span)
        if all(unit.is_latin for unit in span):
            return self.words.get(sound) or self.phrases.get(sound)
        if not any(unit.is_latin for unit in span) and not all(unit.is_single for unit in span):
            return None
        word = self.words.get(sound)
        return None if word == text[span[0].start : span[-1].end] else word

    def _units(self, text: str) -> list[_Unit]:
        units: list[_Unit] = []
        single = _single_characters(text)
        position = 0
        while position < len(text):
            character = text[position]
            if "a" <= character <= "z":
                stop = position
                while stop < len(text) and "a" <= text[stop] <= "z":
                    stop += 1
                units += self._latin_units(text, position, stop)
                position = stop
                continue
            if is_han(character) and character in self.syllables:
                units.append(
                    _Unit(
                        position, position + 1, self.syllables[character], is_latin=False, is_single=position in single
                    )
                )
            position += 1
        return units

    def _latin_units(self, text: str, start: int, stop: int) -> list[_Unit]:
        """Return a run of letters cut into as few syllables as possible; none when it is no pinyin."""
        best: dict[int, list[_Unit]] = {start: []}
        for position in range(start, stop):
            if position not in best:
                continue
            for end in range(position + 1, min(stop, position + LONGEST_SYLLABLE) + 1):
                syllable = text[position:end]
                if syllable in self._known_syllables:
                    units = [*best[position], _Unit(position, end, syllable, is_latin=True, is_single=True)]
                    if end not in best or len(units) < len(best[end]):
                        best[end] = units
        return best.get(stop, [])

    @cached_property
    def _known_syllables(self) -> frozenset[str]:
        return frozenset(self.syllables.values())

    def save(self, path: Path) -> None:
        """Write the sounds to a file."""
        content = {"syllables": self.syllables, "words": self.words, "phrases": self.phrases}
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Sounds":
        """Return the sounds in a file.

        Raises:
            IndexDamaged: If it is missing or cannot be read.
        """
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise IndexDamaged(f"索引文件 {path.name} 无法读取，请运行 wengong index 重建。") from error


def _single_characters(text: str) -> set[int]:
    """Return where the characters stand that the segmenter leaves alone."""
    places, position = set(), 0
    for word in dictionary_words(text):
        if len(word) == 1:
            places.add(position)
        position += len(word)
    return places

"""How the words of some handbooks sound, so that questions spelled by ear can be read."""

from collections import Counter
from collections.abc import Iterable, Sequence

from pypinyin import lazy_pinyin

from corpus.text import is_han
from retriever.sounds import JOINER, LONGEST_WORD, SHORTEST_WORD, Sounds
from retriever.terms import words

MIN_PHRASE_COUNT = 2
LONGEST_PHRASE = 4
# The characters of GB 2312, which people type.
_ROWS, _CELLS = range(0xB0, 0xF8), range(0xA1, 0xFF)


def find_sounds(texts: Sequence[str]) -> Sounds:
    """Return the sounds of the words and phrases of some normalised texts of handbooks.

    Where two sound alike, the more frequent one is kept, ties by order of appearance. Ways to ask are left out: they
    hold typing errors on purpose.
    """
    word_counts = Counter(
        word for text in texts for word in words(text) if _is_spoken(word) and len(word) <= LONGEST_WORD
    )
    phrase_counts = Counter(phrase for text in texts for phrase in _phrases(text))
    frequent = {phrase: count for phrase, count in phrase_counts.items() if count >= MIN_PHRASE_COUNT}
    return Sounds(
        syllables=_syllables(),
        words=_by_sound(word_counts),
        phrases=_by_sound(Counter(frequent)),
    )


def _by_sound(counts: Counter[str]) -> dict[str, str]:
    by_sound: dict[str, str] = {}
    for text, _ in counts.most_common():
        by_sound.setdefault(JOINER.join(lazy_pinyin(text)), text)
    return by_sound


def _phrases(text: str) -> Iterable[str]:
    for length in range(SHORTEST_WORD, LONGEST_PHRASE + 1):
        for start in range(len(text) - length + 1):
            phrase = text[start : start + length]
            if _is_spoken(phrase):
                yield phrase


def _is_spoken(text: str) -> bool:
    return len(text) >= SHORTEST_WORD and all(map(is_han, text))


def _syllables() -> dict[str, str]:
    syllables = {}
    for row in _ROWS:
        for cell in _CELLS:
            character = bytes([row, cell]).decode("gb2312", errors="ignore")
            if character:
                syllables[character] = lazy_pinyin(character)[0]
    return syllables

"""A typed question to the text that is searched: checked, folded, in simplified characters."""

import opencc

from corpus.errors import InvalidQuestion
from corpus.text import CONTROL, ZERO_WIDTH, folded

MAX_QUESTION_CHARACTERS = 500


def checked_question(question: str) -> str:
    """Return the question unchanged when it can be asked.

    Zero-width characters are allowed among others, because pasted text and joined emoji carry them; a question of
    nothing else is blank. Length counts code points as typed.

    Raises:
        InvalidQuestion: If it is blank, longer than 500 characters, or holds control characters or lone surrogates.
    """
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise InvalidQuestion(
            f"问题有 {len(question)} 个字，最多 {MAX_QUESTION_CHARACTERS} 个字，请说得短一些。",
            code="question_too_long",
        )
    if CONTROL.search(question):
        raise InvalidQuestion("问题里有无法显示的控制字符，请删掉后再问。", code="question_has_control_characters")
    if not ZERO_WIDTH.sub("", question).strip():
        raise InvalidQuestion("问题是空的，请输入想问的内容。", code="question_blank")
    return question


class Normaliser:
    """Folds text and turns traditional characters into simplified ones, for handbooks and questions alike."""

    def __init__(self) -> None:
        self._to_simplified = opencc.OpenCC("t2s")
        self._characters = _Folded(self._to_simplified)

    def __call__(self, text: str) -> str:
        """Return the searched form of a text; never fit to be cited, since lengths change."""
        return _searched(text, self._to_simplified)

    def characters(self, text: str) -> list[str]:
        """Return the searched form of each character of a text by itself: none, one or more characters."""
        return list(map(self._characters.__getitem__, text))


class _Folded(dict[str, str]):
    """The searched forms of single characters, each found once."""

    def __init__(self, to_simplified: opencc.OpenCC) -> None:
        super().__init__()
        self._to_simplified = to_simplified

    def __missing__(self, character: str) -> str:
        return self.setdefault(character, _searched(character, self._to_simplified))


def _searched(text: str, to_simplified: opencc.OpenCC) -> str:
    return str(to_simplified.convert(folded(text)))

"""Chinese text cut into dictionary words; the only module that knows jieba."""

import logging
from collections.abc import Callable

import jieba


def build_word_cutter() -> Callable[[str], list[str]]:
    """Return a function that cuts a text into jieba's dictionary words and what lies between them.

    Joined, the parts give the text. jieba's guesses at unknown words (its hidden Markov model) are off, because a
    guess would differ from text to text.
    """
    jieba.setLogLevel(logging.WARNING)
    cutter = jieba.Tokenizer()

    def cut(text: str) -> list[str]:
        return list(cutter.cut(text, HMM=False))

    return cut

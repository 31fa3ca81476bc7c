"""Questions that lean on an earlier one: “那农民工呢？”, “具体多少钱”, “还有别的吗”, “最开始说的那个”."""

import re
from collections.abc import Sequence

from retriever.terms import topic_words

# All of these are read on normalised text.
# Words that point back, or that make a question only a part of one.
POINTING_BACK = re.compile(
    r"^(那|然后|再|继续|展开|详细|具体|比如|举例?|像|刚才|第[一二三四五六]条)"
    r"|(这|那)(个|些|种|边|头|样|块|事|里|么|几|届)|[它他她]们?|其中|里面|除了|上面|前面|后面|刚说|最后那|另一|还有|还能"
    r"|(呢|还有吗|展开说说|细说|怎么说)[?？。!！]?$"
)
TO_THE_FIRST = re.compile(r"最开始|一开始|最先|最早(说|问)|开头(说|问)|第一个(问题|问的|说的)|回到前面|最初(说|问)")
TO_ANOTHER_TOPIC = re.compile(r"^(换个|另外(再)?问|顺便(再)?问|再问(个|一个)别的|说点别的|不说这个)")
MAX_LEANING_CHARACTERS = 6
MAX_LEANING_WORDS = 2
# Further back, people seldom point without saying so.
CONTEXTS = 3


def leans_on_history(text: str) -> bool:
    """Return whether a normalised question can hardly be understood without an earlier one.

    It points back (那…呢, 具体…, 这个…, 除了…), names nothing at all, or is a few characters.
    """
    own = topic_words(text)
    if not own or points_back(text):
        return True
    return len(text) <= MAX_LEANING_CHARACTERS and len(own) <= MAX_LEANING_WORDS


def points_back(text: str) -> bool:
    """Return whether a normalised question points back to another, or reads like a part of one."""
    return POINTING_BACK.search(text) is not None


def points_to_the_first(text: str) -> bool:
    """Return whether a normalised question points back to the first one asked."""
    return TO_THE_FIRST.search(text) is not None


def is_telling(word: str) -> bool:
    """Return whether a word says what a question is about; a single character says too little."""
    return len(word) > 1


def changes_topic(text: str) -> bool:
    """Return whether a normalised question says that it leaves what was asked before."""
    return TO_ANOTHER_TOPIC.search(text) is not None


def contexts(text: str, history: Sequence[str]) -> list[str]:
    """Return the earlier questions that a question may lean on, the likeliest first.

    Args:
        text: Normalised question.
        history: Normalised earlier questions, oldest first, at least one.

    Returns:
        The first one where the question points to it; else the latest that stand alone, at most CONTEXTS; when all lean
        themselves, the first.
    """
    if points_to_the_first(text):
        return [history[0]]
    standing = [earlier for earlier in reversed(history) if not leans_on_history(earlier)]
    return standing[:CONTEXTS] or [history[0]]


def in_context(text: str, earlier: str) -> str:
    """Return a question together with an earlier one, as one text to search for."""
    return f"{earlier} {text}"

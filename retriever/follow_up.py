"""Questions that lean on an earlier one: “那农民工呢？”, “具体多少钱”, “还有别的吗”."""

import re
from collections.abc import Sequence

from retriever.terms import topic_words

# Words that point back or only make sense after something else; read on normalised text.
POINTING_BACK = re.compile(
    r"^(那|那么|然后|还有|另外|具体|再|继续|展开|详细|比如|举例|刚才|上面|前面|最开始|第[一二三四五六]条|这个|那个|它|他们?|她们?|这些|那些|这)"
    r"|(呢|还有别的吗|还有吗|别的呢|展开说说|细说|怎么说)[?？。!！]?$"
)
MAX_LEANING_WORDS = 2


def leans_on_history(text: str) -> bool:
    """Return whether a normalised question cannot be understood without an earlier one.

    It points back (那…呢, 具体…, 还有…) and names at most two things of its own, or it names nothing at all.
    """
    own = topic_words(text)
    if not own:
        return True
    return bool(POINTING_BACK.search(text)) and len(own) <= MAX_LEANING_WORDS


def in_context(text: str, history: Sequence[str]) -> str:
    """Return a question together with the latest earlier one that stands alone.

    Args:
        text: Normalised question.
        history: Normalised earlier questions, oldest first, at least one. When all of them lean, the first is taken.
    """
    standing = next((earlier for earlier in reversed(history) if not leans_on_history(earlier)), history[0])
    return f"{standing} {text}"

"""Words that no question of a handbook needs, looked for before anything is sent to WeChat."""

import unicodedata

# Trade in forgeries, arms, drugs and gambling. Hardship is not blocked: whoever writes of it is told whom to call.
SHIPPED_WORDS = (
    "代开发票",
    "办假证",
    "刻假章",
    "买卖枪支",
    "出售枪支",
    "出售毒品",
    "贩卖毒品",
    "出售迷药",
    "裸聊",
    "招嫖",
    "网赌平台",
    "刷单返利",
)


class BlockedWords:
    """The shipped words and those of the operator."""

    def __init__(self, more: tuple[str, ...]) -> None:
        self._words = tuple(_folded(word) for word in (*SHIPPED_WORDS, *more) if _folded(word))

    def are_in(self, text: str) -> bool:
        """Return whether a text holds one of them, also when letters are wide, in capitals, or spaced out."""
        folded = _folded(text)
        return any(word in folded for word in self._words)


def _folded(text: str) -> str:
    wide = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        character for character in wide if not character.isspace() and unicodedata.category(character)[0] != "C"
    )

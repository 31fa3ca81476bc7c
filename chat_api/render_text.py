"""An answer as one plain text message, for channels that show nothing else: 公众号, 企业微信, 钉钉, chat programs."""

import unicodedata
from typing import Final

from chat_api.schema import AskResponse, CitationBody, SuggestionBody

MAX_CHOICES: Final = 3
CUT_MARK: Final = "……"
ABSTAINED: Final = "手册里没有找到能回答这个问题的内容。"
OUTDATED: Final = "（这一版已失效，请以新规定为准）"
UNSURE: Final = "不能确定您问的是哪一问，这一段可能相关："
# Joins the emoji on both sides, or changes the character before it.
JOINERS: Final = frozenset("\u200d\ufe0e\ufe0f")


def render_text(answer: AskResponse, max_bytes: int, *, is_numbered: bool = False) -> str:
    """Return an answer as text of at most so many bytes in UTF-8; what is cut is the excerpt, never its source.

    Args:
        answer: The answer.
        max_bytes: What the channel carries.
        is_numbered: Whether a reply of 1, 2 or 3 leads on; else the other questions are listed to be asked for.
    """
    foot = "\n".join(part for part in (_source(answer), _more(answer, is_numbered=is_numbered)) if part)
    room = max_bytes - len(foot.encode()) - 1
    head = cut_to_bytes(_head(answer), room if foot and room > 0 else max_bytes)
    whole = f"{head}\n{foot}" if foot else head
    # So little room that source and list fill it all: then the words of the handbook go first.
    return whole if len(whole.encode()) <= max_bytes else cut_to_bytes(f"{_head(answer)}\n{foot}", max_bytes)


def render_whole(answer: AskResponse) -> str:
    """Return an answer as text of any length, every excerpt with its source; paragraphs are parted by empty lines."""
    urgent = [answer.urgent_contact] if answer.urgent_contact else []
    if not answer.citations:
        parts = [*urgent, ABSTAINED + (answer.contact or ""), _near(answer)]
        return "\n\n".join(part for part in parts if part)
    unsure = [UNSURE] if answer.status == "clarify" else []
    cited = [
        f"{citation.label} {citation.question}\n\n{citation.excerpt}\n\n{_source_of(citation)}"
        for citation in answer.citations
    ]
    return "\n\n".join(part for part in [*urgent, *unsure, *cited, _near(answer)] if part)


def choices(answer: AskResponse) -> list[tuple[str, int]]:
    """Return what can be read next as (handbook, question number): the cited questions, then the near ones."""
    asked: list[CitationBody | SuggestionBody] = [*answer.citations, *answer.suggestions]
    numbered = [(one.handbook_id, one.question_number) for one in asked if one.question_number is not None]
    return list(dict.fromkeys(numbered))[:MAX_CHOICES]


def cut_to_bytes(text: str, max_bytes: int) -> str:
    """Return a text whole when it fits, else its beginning with a mark; no character, and no joined emoji, is split."""
    if len(text.encode()) <= max_bytes:
        return text
    room = max(max_bytes - len(CUT_MARK.encode()), 0)
    return text[: characters_within(text, room)] + (CUT_MARK if max_bytes >= len(CUT_MARK.encode()) else "")


def characters_within(text: str, max_bytes: int) -> int:
    """Return how many characters fit into so many bytes in UTF-8, without splitting what is one to the eye."""
    count = len(text.encode()[:max_bytes].decode(errors="ignore"))
    while 0 < count < len(text) and (_clings(text[count]) or text[count - 1] == "\u200d"):
        count -= 1
    return count


def _clings(character: str) -> bool:
    is_skin_tone = "\U0001f3fb" <= character <= "\U0001f3ff"
    return character in JOINERS or is_skin_tone or unicodedata.combining(character) > 0


def _head(answer: AskResponse) -> str:
    urgent = [answer.urgent_contact] if answer.urgent_contact else []
    if not answer.citations:
        return "\n".join([*urgent, ABSTAINED + (answer.contact or "")])
    first = answer.citations[0]
    unsure = [UNSURE] if answer.status == "clarify" else []
    return "\n".join([*urgent, *unsure, f"{first.label} {first.question}", first.excerpt])


def _source(answer: AskResponse) -> str:
    return _source_of(answer.citations[0]) if answer.citations else ""


def _source_of(citation: CitationBody) -> str:
    page = f"第{citation.page}页起" if citation.page else None
    parts = (f"《{citation.handbook_title}》{citation.edition}", citation.part, citation.label, page)
    place = " · ".join(part for part in parts if part)
    outdated = [OUTDATED] if citation.outdated else []
    notes = [f"（原书印作“{note.printed}”，疑为“{note.corrected}”）" for note in citation.errata]
    return "\n".join([f"〔出处〕{place}", *outdated, *notes])


def _near(answer: AskResponse) -> str:
    lines = [f"- {suggestion.label} {suggestion.question}" for suggestion in answer.suggestions]
    return "\n".join(["还可以问：", *lines]) if lines else ""


def _more(answer: AskResponse, *, is_numbered: bool) -> str:
    asked: list[CitationBody | SuggestionBody] = [*answer.suggestions, *answer.citations]
    headings = {(one.handbook_id, one.question_number): one.question for one in asked}
    offered = choices(answer)
    if is_numbered:
        lines = [f"回复 {place} 看第{choice[1]}问全文：{headings[choice]}" for place, choice in enumerate(offered, 1)]
        return "\n".join(lines)
    cited = (answer.citations[0].handbook_id, answer.citations[0].question_number) if answer.citations else None
    others = [choice for choice in offered if choice != cited]
    return "\n".join(
        ["还可以问：", *(f"第{number}问 {headings[name, number]}" for name, number in others)] if others else []
    )

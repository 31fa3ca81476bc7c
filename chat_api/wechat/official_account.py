"""The official account: what a message means, and what is replied to it."""

import hashlib
import hmac
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from chat_api.render_text import characters_within, choices, render_text
from chat_api.schema import AskRequest, AskResponse
from chat_api.state import MessageStore
from chat_api.wechat.blocked_words import BlockedWords
from chat_api.wechat.content_check import REJECTED
from chat_api.wechat.xml_message import write_message
from corpus.errors import StateUnavailable, WengongError
from retriever.normalise import MAX_QUESTION_CHARACTERS

Fields = dict[str, str]
# What WeChat shows of a text; more is shown as nothing at all.
MAX_REPLY_BYTES: Final = 2048
ASK_KEY_PREFIX: Final = "ask:"
CHOICE: Final = re.compile(r"[1-3１-３]")
TEXT_ONLY: Final = "目前只看得懂文字和语音，请把想查的事打字发来。"
NOT_HEARD: Final = "没有听清，请再说一遍，或者打字发来。"
TOO_LONG: Final = f"问题请说得短一些，不超过 {MAX_QUESTION_CHARACTERS} 个字。"
GO_ON: Final = "\n回复 1 接着看"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handbooks:
    """What the official account reads from.

    Attributes:
        answer: Answers a question.
        text_of: The whole text of a question, by handbook and number.
    """

    answer: Callable[[AskRequest], AskResponse]
    text_of: Callable[[str, int], str]


class OfficialAccount:
    """Replies to messages; the same person's next message may go to another process."""

    def __init__(self, messages: MessageStore, welcome: str, words: BlockedWords, sender_key: bytes) -> None:
        self._messages = messages
        self._welcome = welcome
        self._words = words
        self._sender_key = sender_key

    def reply_to(self, message: Fields, handbooks: Handbooks) -> str:
        """Return the XML of the reply to a message, or "" when nothing is to be said.

        A message that comes again gets the reply it got before; while that is being made it gets none.
        """
        key = message_key(message)
        # Without a database a message may be answered twice, which is better than not at all.
        with suppress(StateUnavailable):
            if not self._messages.claim(key):
                return self._written(message, self._messages.reply_to(key) or "")
        text = self._text_for(message, handbooks)
        with suppress(StateUnavailable):
            # The text alone: around it stands who wrote.
            self._messages.save_reply(key, text)
        return self._written(message, text)

    def _text_for(self, message: Fields, handbooks: Handbooks) -> str:
        kind = message.get("MsgType", "")
        if kind == "event":
            return self._text_for_event(message, handbooks)
        if kind == "voice":
            heard = message.get("Recognition", "").strip()
            return self._answered(heard, message, handbooks) if heard else NOT_HEARD
        if kind == "text":
            return self._answered(message.get("Content", "").strip(), message, handbooks)
        return TEXT_ONLY if kind in {"image", "video", "shortvideo", "location", "link"} else ""

    def _text_for_event(self, message: Fields, handbooks: Handbooks) -> str:
        event, key = message.get("Event", "").lower(), message.get("EventKey", "")
        if event == "click" and key.startswith(ASK_KEY_PREFIX):
            return self._answered(key.removeprefix(ASK_KEY_PREFIX), message, handbooks)
        return self._welcome if event in {"subscribe", "click"} else ""

    def _answered(self, question: str, message: Fields, handbooks: Handbooks) -> str:
        sender = self._sender_hmac(message)
        try:
            chosen = self._chosen(question, sender)
            if chosen:
                return self._page(chosen, sender, handbooks)
            if not question:
                return self._welcome
            if len(question) > MAX_QUESTION_CHARACTERS:
                return TOO_LONG
            if self._words.are_in(question):
                return REJECTED
            answer = handbooks.answer(AskRequest(question=question))
            self._messages.offer(sender, [f"{name}/{number}/0" for name, number in choices(answer)])
            return render_text(answer, MAX_REPLY_BYTES, is_numbered=True)
        except WengongError as error:
            return error.message

    def _chosen(self, text: str, sender: str) -> str | None:
        """Return the offer that a bare 1, 2 or 3 stands for."""
        if not CHOICE.fullmatch(text):
            return None
        offered = self._messages.choices_of(sender)
        place = int(text) - 1
        return offered[place] if place < len(offered) else None

    def _page(self, chosen: str, sender: str, handbooks: Handbooks) -> str:
        """Return the text of a question from where the last page ended, with the way to the next page."""
        name, number, start = chosen.rsplit("/", 2)
        text = handbooks.text_of(name, int(number))[int(start) :]
        if len(text.encode()) <= MAX_REPLY_BYTES:
            self._messages.offer(sender, [])
            return text or self._welcome
        count = characters_within(text, MAX_REPLY_BYTES - len(GO_ON.encode()))
        self._messages.offer(sender, [f"{name}/{number}/{int(start) + count}"])
        return text[:count] + GO_ON

    def _written(self, message: Fields, text: str) -> str:
        if not text:
            return ""
        return write_message(
            {
                "ToUserName": message.get("FromUserName", ""),
                "FromUserName": message.get("ToUserName", ""),
                "CreateTime": str(int(time.time())),
                "MsgType": "text",
                "Content": text,
            }
        )

    def _sender_hmac(self, message: Fields) -> str:
        return hmac.new(self._sender_key, message.get("FromUserName", "").encode(), hashlib.sha256).hexdigest()


def message_key(message: Fields) -> str:
    """Return what a message keeps when it is sent again: its number, or for an event its sender, second and kind."""
    if number := message.get("MsgId"):
        return f"message {number}"
    # A person may tap two entries of a menu within a second.
    return " ".join(["event", *(message.get(name, "") for name in ("FromUserName", "CreateTime", "Event", "EventKey"))])

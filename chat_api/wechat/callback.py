"""How a callback of WeChat is opened, and how a reply to it is closed again: signature, age, encryption."""

import time
from collections.abc import Callable
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from chat_api.wechat.crypt import REFUSED, MessageCipher, is_signed, signature
from chat_api.wechat.xml_message import parse_message, write_message
from corpus.access_errors import WeChatCallbackRefused

MAX_AGE_S: Final = 300


class CallbackQuery(BaseModel):
    """The part of a callback that stands in its address."""

    model_config = ConfigDict(frozen=True)

    timestamp: str = Field(default="", max_length=20)
    nonce: str = Field(default="", max_length=64)
    signature: str = Field(default="", max_length=64)
    msg_signature: str = Field(default="", max_length=64)
    encrypt_type: Literal["aes", "raw", ""] = ""
    echostr: str = Field(default="", max_length=256)


class CallbackSeal:
    """Opens callbacks and seals replies; `cipher` is None in plain mode."""

    def __init__(self, token: str, cipher: MessageCipher | None, now_s: Callable[[], float] = time.time) -> None:
        self._token = token
        self._cipher = cipher
        self._now_s = now_s

    def check_address(self, query: CallbackQuery) -> None:
        """Refuse what WeChat did not sign; the one callback that may be old, and has no body.

        Raises:
            WeChatCallbackRefused: If the signature is wrong.
        """
        if not is_signed(query.signature, self._token, query.timestamp, query.nonce):
            raise WeChatCallbackRefused(REFUSED)

    def open(self, query: CallbackQuery, body: bytes) -> dict[str, str]:
        """Return the fields of a message.

        Raises:
            WeChatCallbackRefused: If WeChat did not sign it, signed it long ago, or encrypted it for somebody else.
        """
        is_number = query.timestamp.isascii() and query.timestamp.isdigit()
        if not is_number or abs(self._now_s() - int(query.timestamp)) > MAX_AGE_S:
            raise WeChatCallbackRefused("这条消息太旧了；请检查服务器的时钟。")
        if self._cipher is None:
            self.check_address(query)
            return parse_message(body)
        encrypted = parse_message(body).get("Encrypt", "")
        # In this mode `signature` does not cover the body, so it proves nothing about it.
        if not is_signed(query.msg_signature, self._token, query.timestamp, query.nonce, encrypted):
            raise WeChatCallbackRefused(REFUSED)
        return parse_message(self._cipher.decrypt(encrypted).encode())

    def seal(self, reply: str, query: CallbackQuery) -> str:
        """Return a reply as it must leave."""
        if self._cipher is None:
            return reply
        encrypted, timestamp = self._cipher.encrypt(reply), str(int(self._now_s()))
        return write_message(
            {
                "Encrypt": encrypted,
                "MsgSignature": signature(self._token, timestamp, query.nonce, encrypted),
                "TimeStamp": timestamp,
                "Nonce": query.nonce,
            }
        )

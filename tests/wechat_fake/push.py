"""Messages to an official account, signed and encrypted as WeChat does: written apart from the code that opens them."""

import base64
import hashlib
import itertools
import os
import re
import struct
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

MP_APPID = "wx0000000000000mp00"
MP_TOKEN = "fake-mp-token"  # noqa: S105 -- good for nothing but this server
MP_AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
TRIES = 3
PATIENCE_S = 5.0
_NUMBERS = itertools.count(23_000_000_000)


@dataclass(frozen=True)
class Attempt:
    """One try to deliver a message: the status (0 when nobody answered in time), the raw body, and the text in it."""

    status: int
    body: str
    text: str


class Pusher:
    """Delivers messages to one callback address."""

    def __init__(
        self, url: str, *, mode: str = "aes", token: str = MP_TOKEN, aes_key: str = MP_AES_KEY, appid: str = MP_APPID
    ) -> None:
        self.url, self.mode, self.token, self.appid = url, mode, token, appid
        self.key = base64.b64decode(aes_key + "=")

    def send(self, *, openid: str = "o_reader", tries: int = TRIES, **fields: str) -> list[Attempt]:
        """Deliver one message as WeChat does: again, with the same number, when there is no reply within 5 s."""
        xml = message(openid=openid, **fields)
        attempts: list[Attempt] = []
        while len(attempts) < tries and (not attempts or attempts[-1].status == 0):
            attempts.append(self.deliver(xml))
        return attempts

    def deliver(self, xml: str | bytes, **changed: str) -> Attempt:
        """Deliver a message once; `changed` are parameters of the address that are to be other than right."""
        content = xml.encode() if isinstance(xml, str) else xml
        timestamp, nonce = changed.pop("timestamp", str(int(time.time()))), str(int.from_bytes(os.urandom(4)))
        query = {"timestamp": timestamp, "nonce": nonce, "signature": self._sign(timestamp, nonce)}
        if self.mode == "aes":
            sealed = self.encrypt(content)
            query |= {"encrypt_type": "aes", "msg_signature": self._sign(timestamp, nonce, sealed)}
            content = f"<xml><ToUserName>gh_fake</ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()
        return self._post(f"{self.url}?{urlencode(query | changed)}", content)

    def prove(self, **changed: str) -> Attempt:
        """Ask what the console asks when the address is entered."""
        timestamp, nonce = str(int(time.time())), "1514711492"
        query = {"timestamp": timestamp, "nonce": nonce, "echostr": "4375120948345356249"}
        query["signature"] = self._sign(timestamp, nonce)
        return self._post(f"{self.url}?{urlencode(query | changed)}", None)

    def encrypt(self, content: bytes) -> str:
        whole = os.urandom(16) + struct.pack(">I", len(content)) + content + self.appid.encode()
        fill = 32 - len(whole) % 32
        cipher = Cipher(algorithms.AES(self.key), modes.CBC(self.key[:16])).encryptor()
        return base64.b64encode(cipher.update(whole + bytes([fill] * fill)) + cipher.finalize()).decode()

    def decrypt(self, sealed: str) -> str:
        cipher = Cipher(algorithms.AES(self.key), modes.CBC(self.key[:16])).decryptor()
        whole = cipher.update(base64.b64decode(sealed)) + cipher.finalize()
        (length,) = struct.unpack(">I", whole[16:20])
        assert whole[20 + length : -whole[-1]].decode() == self.appid
        return whole[20 : 20 + length].decode()

    def _sign(self, *parts: str) -> str:
        return hashlib.sha1("".join(sorted([self.token, *parts])).encode()).hexdigest()  # noqa: S324 -- theirs

    def _post(self, address: str, content: bytes | None) -> Attempt:
        request = urllib.request.Request(address, content, {"Content-Type": "text/xml"})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
                return self._opened(response.status, response.read().decode())
        except urllib.error.HTTPError as refused:
            return Attempt(refused.code, refused.read().decode(), "")
        except OSError:
            return Attempt(0, "", "")

    def _opened(self, status: int, body: str) -> Attempt:
        if self.mode == "aes" and "<Encrypt>" in body:
            sealed, signed, timestamp, nonce = (
                value(body, name) for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")
            )
            assert signed == self._sign(timestamp, nonce, sealed)
            body = self.decrypt(sealed)
        return Attempt(status, body, value(body, "Content"))


def message(*, openid: str = "o_reader", **fields: str) -> str:
    """A message as XML; a text unless told otherwise, with a number of its own."""
    given = {"ToUserName": "gh_fake", "FromUserName": openid, "CreateTime": str(int(time.time())), "MsgType": "text"}
    given |= {} if fields.get("MsgType") == "event" else {"MsgId": str(next(_NUMBERS))}
    return "<xml>" + "".join(f"<{name}>{escape(text)}</{name}>" for name, text in (given | fields).items()) + "</xml>"


def value(xml: str, name: str) -> str:
    """The text of an element, its CDATA sections put together."""
    found = re.search(rf"<{name}>(.*?)</{name}>", xml, re.DOTALL)
    return re.sub(r"<!\[CDATA\[(.*?)\]\]>", r"\1", found[1], flags=re.DOTALL) if found else ""

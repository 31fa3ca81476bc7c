"""Signatures and encryption of WeChat's callbacks (消息加解密说明), the same for 企业微信.

A message is AES-256-CBC of: 16 random bytes, 4 bytes of length (big-endian), the text, the receiver's id; PKCS#7 to 32.
The first 16 bytes of the key are the initial vector.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Final

from corpus.access_errors import WeChatCallbackRefused, WeChatExtraMissing
from corpus.errors import SettingsInvalid

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.modes import CBC

BLOCK_BYTES: Final = 32
RANDOM_BYTES: Final = 16
LENGTH_BYTES: Final = 4
REFUSED: Final = "签名或密文不对，这不是微信发来的消息。"


def signature(*parts: str) -> str:
    """Return the SHA-1 that WeChat signs with: of the parts, sorted and joined."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def is_signed(given: str, *parts: str) -> bool:
    """Return whether a signature is the one of the parts; the time it takes says nothing about it."""
    return hmac.compare_digest(given.encode(), signature(*parts).encode())


class MessageCipher:
    """Encrypts and decrypts messages to one receiver: an appid, at 企业微信 a corpid."""

    def __init__(self, encoding_aes_key: str, receive_id: str) -> None:
        try:
            self._key = base64.b64decode(encoding_aes_key + "=", validate=True)
        except (binascii.Error, ValueError):
            self._key = b""
        if len(self._key) != BLOCK_BYTES:
            raise SettingsInvalid("WENGONG_WECHAT_MP_AES_KEY 应是后台生成的 EncodingAESKey，43 个字母或数字。")
        self._receive_id = receive_id.encode()
        self._cipher()  # says at once when the library is missing

    def encrypt(self, text: str, random: bytes | None = None) -> str:
        """Return a text encrypted, in base64; `random` is only given to reproduce a known result."""
        content = text.encode()
        whole = (random or secrets.token_bytes(RANDOM_BYTES)) + len(content).to_bytes(LENGTH_BYTES) + content
        whole += self._receive_id
        fill = BLOCK_BYTES - len(whole) % BLOCK_BYTES
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(whole + bytes([fill]) * fill) + encryptor.finalize()).decode()

    def decrypt(self, encrypted: str) -> str:
        """Return the text of an encrypted message.

        Raises:
            WeChatCallbackRefused: If it was not encrypted with the same key for the same receiver.
        """
        try:
            whole = self._decrypted(base64.b64decode(encrypted, validate=True))
            end = RANDOM_BYTES + LENGTH_BYTES + int.from_bytes(whole[RANDOM_BYTES : RANDOM_BYTES + LENGTH_BYTES])
            text = whole[RANDOM_BYTES + LENGTH_BYTES : end].decode()
        except ValueError:
            raise WeChatCallbackRefused(REFUSED) from None
        if end > len(whole) or not hmac.compare_digest(whole[end:], self._receive_id):
            raise WeChatCallbackRefused(REFUSED)
        return text

    def _decrypted(self, content: bytes) -> bytes:
        """Return the plain bytes without their fill; ValueError when they cannot be such."""
        decryptor = self._cipher().decryptor()
        padded = decryptor.update(content) + decryptor.finalize()
        fill = padded[-1] if padded else 0
        if not 1 <= fill <= BLOCK_BYTES or padded[-fill:] != bytes([fill]) * fill:
            raise ValueError("the fill is wrong")
        return padded[:-fill]

    def _cipher(self) -> "Cipher[CBC]":
        try:
            from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
        except ImportError as error:
            raise WeChatExtraMissing("公众号的安全模式需要加密库，请运行：pip install 'wengong[wechat]'") from error
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))

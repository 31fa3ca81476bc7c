"""The examples of WeChat's own documents (消息推送, 消息加解密说明), reproduced to the byte."""

import base64

import pytest

from chat_api.wechat.callback import CallbackQuery, CallbackSeal
from chat_api.wechat.crypt import MessageCipher, is_signed, signature
from corpus.access_errors import WeChatCallbackRefused
from corpus.errors import SettingsInvalid
from tests.wechat_fake import MP_AES_KEY, MP_APPID, Pusher

TOKEN = "AAAAA"  # noqa: S105 -- the documents' own
APPID = "wxba5fad812f8e6fb9"
KEY = "A" * 43
ENCRYPTED = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT"
    "740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8Y"
    "L/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)
DECRYPTED = (
    '{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,'
    '"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}'
)
REPLY = '{"demo_resp":"good luck"}'
REPLY_ENCRYPTED = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="


@pytest.fixture
def cipher() -> MessageCipher:
    return MessageCipher(KEY, APPID)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((TOKEN, "1714036504", "1514711492"), "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        ((TOKEN, "1714037059", "486452656"), "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
        ((TOKEN, "1714112445", "415670741"), "6c5c811b55cc85e0e1b54100749188c20beb3f5d"),
        ((TOKEN, "1714112445", "415670741", ENCRYPTED), "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"),
        ((TOKEN, "1713424427", "415670741", REPLY_ENCRYPTED), "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"),
    ],
    ids=["address", "plain", "secure-address", "secure-body", "reply"],
)
def test_the_documents_signatures_come_out(parts: tuple[str, ...], expected: str) -> None:
    assert signature(*parts) == expected
    assert is_signed(expected, *parts)
    assert not is_signed(expected[:-1] + "0", *parts)
    assert not is_signed("签名", *parts)


def test_the_documents_message_is_decrypted(cipher: MessageCipher) -> None:
    assert cipher.decrypt(ENCRYPTED) == DECRYPTED


def test_the_documents_reply_is_encrypted_to_the_byte(cipher: MessageCipher) -> None:
    assert cipher.encrypt(REPLY, b"707722b803182950") == REPLY_ENCRYPTED


@pytest.mark.parametrize("length", [0, 1, 7, 8, 9, 31, 32, 33, 1000])
def test_any_length_comes_back(cipher: MessageCipher, length: int) -> None:
    text = "工" * length
    assert cipher.decrypt(cipher.encrypt(text)) == text
    assert len(base64.b64decode(cipher.encrypt(text))) % 32 == 0


def test_what_another_program_encrypted_is_decrypted() -> None:
    sealed = Pusher("").encrypt("工会👷".encode())
    assert MessageCipher(MP_AES_KEY, MP_APPID).decrypt(sealed) == "工会👷"
    assert Pusher("").decrypt(MessageCipher(MP_AES_KEY, MP_APPID).encrypt("工会👷")) == "工会👷"


def test_encrypting_twice_gives_different_bytes(cipher: MessageCipher) -> None:
    assert cipher.encrypt(REPLY) != cipher.encrypt(REPLY)


def sealed_by_hand(whole: bytes) -> str:
    """Encrypt bytes as they are, to make messages that are wrong inside."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    key = base64.b64decode(KEY + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(whole) + encryptor.finalize()).decode()


def filled(whole: bytes) -> bytes:
    fill = 32 - len(whole) % 32
    return whole + bytes([fill]) * fill


RANDOM = b"r" * 16
BODY = RANDOM + (2).to_bytes(4) + b"ok"


@pytest.mark.parametrize(
    "encrypted",
    [
        "",
        "not base64!",
        "工会",
        base64.b64encode(b"short").decode(),
        base64.b64encode(b"x" * 64).decode(),
        MessageCipher(KEY, "wx_another_app").encrypt(REPLY),
        MessageCipher(MP_AES_KEY, APPID).encrypt(REPLY),
        sealed_by_hand(BODY + APPID.encode() + b"\x00" * (64 - len(BODY) - len(APPID))),
        sealed_by_hand(b"x" * 63 + b"\x21"),
        sealed_by_hand(filled(BODY + APPID.encode())[:-2] + b"\x00" + filled(BODY + APPID.encode())[-1:]),
        sealed_by_hand(b"x" * 62 + b"\x01\x02"),
        sealed_by_hand(filled(RANDOM + (9999).to_bytes(4) + b"ok" + APPID.encode())),
        sealed_by_hand(filled(RANDOM + (0xFFFFFFFF).to_bytes(4) + b"ok" + APPID.encode())),
        sealed_by_hand(filled(RANDOM + (1).to_bytes(4) + b"\xff" + APPID.encode())),
        sealed_by_hand(filled(b"short")),
        sealed_by_hand(filled(BODY)),
        sealed_by_hand(filled(BODY + APPID.encode() + b"more")),
    ],
    ids=[
        "empty",
        "no-base64",
        "chinese",
        "no-block",
        "noise",
        "another-app",
        "another-key",
        "fill-zero",
        "fill-33",
        "fill-mixed",
        "fill-uneven",
        "length-beyond",
        "length-huge",
        "no-utf-8",
        "too-short",
        "no-appid",
        "more-behind",
    ],
)
def test_what_was_not_encrypted_for_us_is_refused(cipher: MessageCipher, encrypted: str) -> None:
    with pytest.raises(WeChatCallbackRefused):
        cipher.decrypt(encrypted)


@pytest.mark.parametrize("key", ["", "A" * 42, "A" * 44, "A" * 42 + "!", "工" * 43])
def test_a_key_that_cannot_be_one_is_refused_by_its_name(key: str) -> None:
    with pytest.raises(SettingsInvalid, match="WENGONG_WECHAT_MP_AES_KEY") as caught:
        MessageCipher(key, APPID)
    assert key not in caught.value.message or not key


def test_the_documents_secure_callback_is_opened_while_it_is_fresh(cipher: MessageCipher) -> None:
    body = f"<xml><ToUserName>gh_97417a04a28d</ToUserName><Encrypt>{ENCRYPTED}</Encrypt></xml>".encode()
    query = CallbackQuery(
        timestamp="1714112445",
        nonce="415670741",
        signature="6c5c811b55cc85e0e1b54100749188c20beb3f5d",
        msg_signature="046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
        encrypt_type="aes",
    )
    # Signature and decryption succeed; what is inside is JSON, which an official account never sends.
    with pytest.raises(WeChatCallbackRefused, match="XML"):
        CallbackSeal(TOKEN, cipher, lambda: 1714112445.0).open(query, body)
    with pytest.raises(WeChatCallbackRefused, match="太旧"):
        CallbackSeal(TOKEN, cipher, lambda: 1714112445.0 + 301).open(query, body)
    with pytest.raises(WeChatCallbackRefused, match="签名"):
        CallbackSeal("BBBBB", cipher, lambda: 1714112445.0).open(query, body)

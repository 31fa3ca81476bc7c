"""企业微信: an internal app (自建应用, 接收消息) that replies to a message within five seconds.

    WENGONG_BASE=… WENGONG_API_KEY=… WECOM_TOKEN=… WECOM_AES_KEY=… WECOM_CORPID=… PORT=8101 python wecom.py

The scheme is that of an official account, with the corpid as receiver and an echostr that is encrypted as well.
"""

import os
import time

from channel import Callback, ask, serve

from chat_api.wechat.crypt import MessageCipher, is_signed, signature
from chat_api.wechat.xml_message import parse_message, write_message
from corpus.access_errors import WeChatCallbackRefused

TOKEN = os.environ["WECOM_TOKEN"]
CIPHER = MessageCipher(os.environ["WECOM_AES_KEY"], os.environ["WECOM_CORPID"])
MAX_BYTES = 2048


def handle(call: Callback) -> tuple[int, str]:
    """Reply to one callback."""
    try:
        sealed = call.query["echostr"] if call.method == "GET" else parse_message(call.body)["Encrypt"]
        timestamp, nonce = call.query["timestamp"], call.query["nonce"]
        if not is_signed(call.query["msg_signature"], TOKEN, timestamp, nonce, sealed):
            return 403, ""
        opened = CIPHER.decrypt(sealed)
        if call.method == "GET":
            return 200, opened
        message = parse_message(opened.encode())
    except (KeyError, WeChatCallbackRefused):
        return 403, ""
    if message.get("MsgType") != "text":
        return 200, ""
    return 200, sealed_reply(message, ask(message["Content"], MAX_BYTES), nonce)


def sealed_reply(message: dict[str, str], text: str, nonce: str) -> str:
    """Return the reply as 企业微信 takes it."""
    now = str(int(time.time()))
    whom = {"ToUserName": message["FromUserName"], "FromUserName": message["ToUserName"]}
    sealed = CIPHER.encrypt(write_message({**whom, "CreateTime": now, "MsgType": "text", "Content": text}))
    signed = signature(TOKEN, now, nonce, sealed)
    return write_message({"Encrypt": sealed, "MsgSignature": signed, "TimeStamp": now, "Nonce": nonce})


if __name__ == "__main__":
    serve(handle)

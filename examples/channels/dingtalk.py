"""钉钉: a robot of an internal app (企业内部应用机器人, HTTP mode) that is asked in a group.

    WENGONG_BASE=… WENGONG_API_KEY=… DINGTALK_APP_SECRET=… PORT=8102 python dingtalk.py

The signature's key is the secret, and its text the timestamp and the secret: the other way round than 飞书's.
"""

import base64
import hashlib
import hmac
import json
import os
import time

from channel import Callback, ask, post_json, serve

SECRET = os.environ["DINGTALK_APP_SECRET"]
# The address to reply to stands in the message: nothing but the platform's own is called.
REPLY_PREFIX = os.environ.get("DINGTALK_REPLY_PREFIX", "https://oapi.dingtalk.com/")
MAX_AGE_MS = 60 * 60 * 1000
MAX_BYTES = 4096


def is_signed(headers: dict[str, str]) -> bool:
    """Return whether the platform sent a call, within the last hour."""
    timestamp = headers.get("timestamp", "")
    if not timestamp.isdigit() or abs(time.time() * 1000 - int(timestamp)) > MAX_AGE_MS:
        return False
    expected = hmac.new(SECRET.encode(), f"{timestamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    return hmac.compare_digest(base64.b64encode(expected), headers.get("sign", "").encode())


def handle(call: Callback) -> tuple[int, str]:
    """Reply to one message."""
    if call.method != "POST" or not is_signed(dict(call.headers)):
        return 403, ""
    message = json.loads(call.body)
    reply_to = str(message.get("sessionWebhook", ""))
    if message.get("msgtype") == "text" and reply_to.startswith(REPLY_PREFIX):
        text = ask(message["text"]["content"].strip(), MAX_BYTES)
        post_json(reply_to, {"msgtype": "text", "text": {"content": text}})
    return 200, "{}"


if __name__ == "__main__":
    serve(handle)

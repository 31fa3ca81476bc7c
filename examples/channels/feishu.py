"""飞书: a robot of an internal app (企业自建应用机器人), asked alone or in a group, by event subscription.

    WENGONG_BASE=… WENGONG_API_KEY=… FEISHU_APP_ID=… FEISHU_APP_SECRET=… FEISHU_TOKEN=… PORT=8103 python feishu.py

The platform waits three seconds and sends an event again otherwise, so the answer is sent after the receipt.
"""

import hmac
import json
import os
import threading
from collections import OrderedDict
from typing import Any

from channel import Callback, ask, post_json, serve

API = os.environ.get("FEISHU_API", "https://open.feishu.cn/open-apis")
APP = {"app_id": os.environ["FEISHU_APP_ID"], "app_secret": os.environ["FEISHU_APP_SECRET"]}
TOKEN = os.environ["FEISHU_TOKEN"]
MAX_BYTES = 4096
MAX_SEEN = 1000
SEEN: "OrderedDict[str, bool]" = OrderedDict()
LOCK = threading.Lock()


def is_new(event_id: str) -> bool:
    """Return whether an event came for the first time."""
    with LOCK:
        is_first = SEEN.setdefault(event_id, True)
        SEEN[event_id] = False
        if len(SEEN) > MAX_SEEN:
            SEEN.popitem(last=False)
        return is_first


def handle(call: Callback) -> tuple[int, str]:
    """Take one event."""
    body = json.loads(call.body or b"{}")
    header = body.get("header", body)
    if not hmac.compare_digest(str(header.get("token", "")).encode(), TOKEN.encode()):
        return 403, ""
    if body.get("type") == "url_verification":
        return 200, json.dumps({"challenge": body["challenge"]})
    message = body.get("event", {}).get("message", {})
    if message.get("message_type") == "text" and is_new(header["event_id"]):
        threading.Thread(target=answer, args=(message,)).start()
    return 200, "{}"


def answer(message: dict[str, Any]) -> None:
    """Answer a message; what is left of an @ stands before the question."""
    question = " ".join(
        word for word in json.loads(message["content"])["text"].split() if not word.startswith("@_user")
    )
    token = post_json(f"{API}/auth/v3/tenant_access_token/internal", APP)["tenant_access_token"]
    content = json.dumps({"text": ask(question, MAX_BYTES)}, ensure_ascii=False)
    post_json(f"{API}/im/v1/messages/{message['message_id']}/reply", {"msg_type": "text", "content": content}, token)


if __name__ == "__main__":
    serve(handle)

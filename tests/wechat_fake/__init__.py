"""A WeChat platform on this machine: a real HTTP server that answers as the documents of api.weixin.qq.com say.

`python -m tests.wechat_fake` (or `wengong fake-wechat`) serves it to a developer without an appid; tests
use `FakeWeChat`.
"""

from tests.wechat_fake.platform import APPID, REVIEW_WORD, RISKY_WORD, SECRET, FakePlatform
from tests.wechat_fake.push import MP_AES_KEY, MP_APPID, MP_TOKEN, Attempt, Pusher
from tests.wechat_fake.server import FakeWeChat

__all__ = [
    "APPID",
    "MP_AES_KEY",
    "MP_APPID",
    "MP_TOKEN",
    "REVIEW_WORD",
    "RISKY_WORD",
    "SECRET",
    "Attempt",
    "FakePlatform",
    "FakeWeChat",
    "Pusher",
]

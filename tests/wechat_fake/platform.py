"""What the platform knows and decides, without HTTP; one lock, and a clock of its own."""

import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from tests.wechat_fake.call import Call, Failure
from tests.wechat_fake.tokens import Tokens

APPID = "wx0000000000000fake"
SECRET = "fake-secret-0123456789abcdef01234"  # noqa: S105 -- good for nothing but this server
RISKY_WORD = "违禁示例"
REVIEW_WORD = "待审示例"
CODE_LIFETIME_S = 300
OPENID_IDLE_S = 7200
LOGINS_A_MINUTE = 100
MAX_CHECKED_CHARACTERS = 2500
TOKEN_MESSAGES = {
    41001: "access_token missing",
    40001: "invalid credential, access_token is invalid or not latest",
    42001: "access_token expired",
}
MAX_MESSAGE_BYTES = 2048
Reply = dict[str, Any]


@dataclass
class Code:
    """A login code."""

    openid: str
    given_at_s: float
    unionid: str | None = None
    is_risk: bool = False
    is_used: bool = False


@dataclass
class FakePlatform:
    """The platform of one app.

    Attributes:
        accepts_any_code: Whether codes that were never issued log in as well, each as a person of its own.
        calls: Every call that came, with its raw bytes.
        failures: What goes wrong next, by path.
    """

    accepts_any_code: bool = False
    calls: list[Call] = field(default_factory=list)
    failures: dict[str, list[Failure]] = field(default_factory=dict)
    _codes: dict[str, Code] = field(default_factory=dict)
    _seen_at_s: dict[str, float] = field(default_factory=dict)
    _session_keys: dict[str, str] = field(default_factory=dict)
    _logins_at_s: dict[str, list[float]] = field(default_factory=dict)
    _tokens: Tokens = field(default_factory=Tokens)
    _wrote: dict[str, list[float]] = field(default_factory=dict)
    _ahead_s: float = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def now_s(self) -> float:
        return time.time() + self._ahead_s

    def advance(self, seconds: float) -> None:
        """Put the platform's clock forward."""
        self._ahead_s += seconds

    def issue_code(self, openid: str, unionid: str | None = None, *, risk: bool = False) -> str:
        """Return what `wx.login` would give a person's phone."""
        code = "0" + secrets.token_hex(15)
        with self._lock:
            self._codes[code] = Code(openid, self.now_s(), unionid, risk)
        return code

    def fail(self, path: str, times: int = 1, **how: Any) -> None:
        """Make the next calls of a path fail: errcode=, status=, html=True, drop=True or delay_s=."""
        with self._lock:
            self.failures.setdefault(path, []).extend(Failure(**how) for _ in range(times))

    def kill_token(self) -> None:
        """Make the current token dead, though `stable_token` goes on giving it until it is forced."""
        self._tokens.kill()

    def paths(self) -> list[str]:
        """The paths that were called, in order."""
        return [call.path for call in self.calls]

    def secrets_given(self) -> set[str]:
        """Everything that must never leave the backend: secret, tokens, session keys, openids."""
        openids = {*self._seen_at_s, *(code.openid for code in self._codes.values())} - {""}
        return {SECRET, *self._tokens.ends_at_s, *self._session_keys.values(), *openids}

    def answer(self, call: Call) -> Reply:
        """Return the reply to a call."""
        answers = {
            "/sns/jscode2session": self._code_to_session,
            "/cgi-bin/stable_token": self._stable_token,
            "/wxa/msg_sec_check": self._check_text,
            "/wxa/checksession": self._check_session,
            "/cgi-bin/message/custom/send": self._send_message,
        }
        with self._lock:
            return answers[call.path](call) if call.path in answers else error(40066, "invalid url")

    def _code_to_session(self, call: Call) -> Reply:
        given = call.query
        missing = {"appid": 41002, "secret": 41004, "js_code": 41008}
        for name, code in missing.items():
            if not given.get(name):
                return error(code, f"{name} missing")
        if wrong := self._wrong_credentials(given, given.get("grant_type"), "authorization_code"):
            return wrong
        if self.accepts_any_code:
            self._codes.setdefault(given["js_code"], Code(f"o_{given['js_code'][-24:]}", self.now_s()))
        found = self._codes.get(given["js_code"])
        if found is None or self.now_s() - found.given_at_s > CODE_LIFETIME_S:
            return error(40029, "invalid code")
        if found.is_used:
            return error(40163, "code been used")
        found.is_used = True
        return self._logged_in(found)

    def _logged_in(self, code: Code) -> Reply:
        if code.is_risk:
            return error(40226, "code blocked")
        now_s = self.now_s()
        recent = [at_s for at_s in self._logins_at_s.get(code.openid, []) if now_s - at_s < 60]
        if len(recent) >= LOGINS_A_MINUTE:
            return error(45011, "api minute-quota reach limit, must slower, retry next minute")
        self._logins_at_s[code.openid] = [*recent, now_s]
        self._seen_at_s[code.openid] = now_s
        self._session_keys[code.openid] = secrets.token_hex(12)
        session = {"session_key": self._session_keys[code.openid], "openid": code.openid}
        return {**session, "unionid": code.unionid} if code.unionid else session

    def _stable_token(self, call: Call) -> Reply:
        body = call.json()
        if unfit := self._no_post(call) or (error(47001, "data format error") if body is None else None):
            return unfit
        given = body or {}
        for name, code in {"appid": 41002, "secret": 41004}.items():
            if not given.get(name):
                return error(code, f"{name} missing")
        if wrong := self._wrong_credentials(given, given.get("grant_type"), "client_credential"):
            return wrong
        if not given.get("force_refresh"):
            return self._tokens.current(self.now_s())
        return self._tokens.forced(self.now_s()) or error(45009, "reach max api daily quota limit")

    def _wrong_credentials(self, given: Reply, grant: Any, wanted: str) -> Reply | None:
        if given["appid"] != APPID:
            return error(40013, "invalid appid")
        if given["secret"] != SECRET:
            return error(40125, "invalid appsecret")
        return None if grant == wanted else error(40002, "invalid grant_type")

    def _no_post(self, call: Call) -> Reply | None:
        return None if call.method == "POST" else error(43002, "require POST method")

    def _refused_token(self, call: Call) -> Reply | None:
        code = self._tokens.error_of(call.query.get("access_token", ""), self.now_s())
        return error(code, TOKEN_MESSAGES[code]) if code else None

    def _check_text(self, call: Call) -> Reply:
        if unfit := self._no_post(call) or self._refused_token(call) or self._unreadable(call):
            return unfit
        body = call.json() or {}
        # The bytes are judged, as they came: \uXXXX hides a word.
        is_risky, is_doubtful = RISKY_WORD.encode() in call.body, REVIEW_WORD.encode() in call.body
        if body.get("version") != 2:
            return error(87014, "risky content") if is_risky else error(0, "ok")
        if unfit := self._unfit(body):
            return unfit
        suggest, label = ("risky", 20006) if is_risky else ("review", 21000) if is_doubtful else ("pass", 100)
        return {
            **error(0, "ok"),
            "result": {"suggest": suggest, "label": label},
            "detail": [{"strategy": "content_model", "errcode": 0, "suggest": suggest, "label": label, "prob": 90}],
            "trace_id": secrets.token_hex(8),
        }

    def _unreadable(self, call: Call) -> Reply | None:
        if not call.body:
            return error(44002, "empty post data")
        body = call.json()
        return error(47001, "data format error") if body is None or "access_token" in body else None

    def _unfit(self, body: Reply) -> Reply | None:
        if body.get("scene") not in {1, 2, 3, 4}:
            return error(40129, "invalid scene")
        seen_at_s = self._seen_at_s.get(body.get("openid", ""))
        if seen_at_s is None:
            return error(40003, "invalid openid")
        if self.now_s() - seen_at_s > OPENID_IDLE_S:
            return error(61010, "code is expired")
        if not body.get("content"):
            return error(44002, "empty content")
        return error(45002, "content size out of limit") if len(body["content"]) > MAX_CHECKED_CHARACTERS else None

    def _check_session(self, call: Call) -> Reply:
        if refused := self._refused_token(call):
            return refused
        return error(0, "ok") if call.query.get("openid") in self._session_keys else error(87009, "invalid signature")

    def user_wrote(self, openid: str) -> None:
        """Note that a person wrote to the official account, which opens it for five messages in 48 hours."""
        self._wrote[openid] = [self.now_s()]

    def _send_message(self, call: Call) -> Reply:
        if refused := self._refused_token(call):
            return refused
        body = call.json() or {}
        if len(body.get("text", {}).get("content", "").encode()) > MAX_MESSAGE_BYTES:
            return error(45002, "content size out of limit")
        wrote = self._wrote.get(body.get("touser", ""))
        if not wrote or self.now_s() - wrote[0] > 48 * 3600:
            return error(45015, "response out of time limit or subscription is canceled")
        if len(wrote) > 5:
            return error(45047, "out of response count limit")
        wrote.append(self.now_s())
        return error(0, "ok")


def error(code: int, message: str) -> Reply:
    """A reply with an error code, and the trace that the real one carries."""
    return {"errcode": code, "errmsg": f"{message} rid: {secrets.token_hex(4)}-{secrets.token_hex(4)}"}


def as_bytes(reply: Reply) -> bytes:
    return json.dumps(reply, ensure_ascii=False).encode()

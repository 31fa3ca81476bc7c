"""The access tokens of one app: `stable_token` gives the same one until shortly before its end, or a forced one."""

import secrets
from typing import Any

TOKEN_LIFETIME_S = 7200
OVERLAP_S = 300
FORCED_A_DAY = 20
FORCED_APART_S = 30


class Tokens:
    """Tokens by the platform's clock; the caller holds the lock."""

    def __init__(self) -> None:
        self.ends_at_s: dict[str, float] = {}
        self._dead: set[str] = set()
        self._current = ""
        self._given_at_s = 0.0
        self._forced = 0

    def current(self, now_s: float) -> dict[str, Any]:
        if not self._current or now_s > self.ends_at_s[self._current] - OVERLAP_S:
            self._new(now_s)
        return self._shown(now_s)

    def forced(self, now_s: float) -> dict[str, Any] | None:
        """Another token, or the same when the last is hardly older than a moment; None when the day's are used up."""
        if self._forced >= FORCED_A_DAY:
            return None
        if now_s - self._given_at_s >= FORCED_APART_S or self._current in self._dead:
            self._forced += 1
            self._dead.add(self._current)
            self._new(now_s)
        return self._shown(now_s)

    def kill(self) -> None:
        self._dead.add(self._current)

    def error_of(self, token: str, now_s: float) -> int:
        if not token:
            return 41001
        if token not in self.ends_at_s or token in self._dead:
            return 40001
        return 42001 if now_s >= self.ends_at_s[token] else 0

    def _new(self, now_s: float) -> None:
        self._current, self._given_at_s = f"fake_token_{secrets.token_hex(40)}", now_s
        self.ends_at_s[self._current] = now_s + TOKEN_LIFETIME_S

    def _shown(self, now_s: float) -> dict[str, Any]:
        return {"access_token": self._current, "expires_in": int(self.ends_at_s[self._current] - now_s)}

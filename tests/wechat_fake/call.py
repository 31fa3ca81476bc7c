"""A call as it came over the wire, and how one can be made to fail."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Call:
    """One request, with its raw bytes."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes

    def json(self) -> dict[str, Any] | None:
        try:
            body = json.loads(self.body)
        except ValueError:
            return None
        return body if isinstance(body, dict) else None


@dataclass(frozen=True)
class Failure:
    """What goes wrong once."""

    errcode: int | None = None
    status: int = 200
    html: bool = False
    drop: bool = False
    delay_s: float = 0

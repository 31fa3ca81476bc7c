"""Commands run in this process, as `main` runs them; the real entry point is tried in tests/integration/test_cli.py."""

import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from wengong.__main__ import main


class Done(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """A function that runs `wengong` with some arguments."""

    def run_command(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["wengong", *arguments])
        capfd.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main()
        captured = capfd.readouterr()
        code = stopped.value.code
        assert code is None or isinstance(code, int)
        return Done(code or 0, captured.out, captured.err)

    return run_command

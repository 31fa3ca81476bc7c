from threading import Thread

import pytest

from retriever.steps import step, watched_steps


def test_steps_are_timed_for_whoever_watches() -> None:
    with watched_steps() as milliseconds:
        with step("outer"), step("inner"):
            sum(range(10_000))
        with step("inner"):
            pass
    assert set(milliseconds) == {"outer", "inner"}
    assert milliseconds["inner"] > 0
    assert milliseconds["outer"] > 0


def test_nobody_else_notices() -> None:
    with watched_steps() as milliseconds:
        pass
    with step("later"):
        pass
    assert milliseconds == {}


def test_a_step_that_fails_is_timed_and_still_fails() -> None:
    with watched_steps() as milliseconds, pytest.raises(ZeroDivisionError), step("fails"):
        print(1 / 0)
    assert set(milliseconds) == {"fails"}


def test_two_threads_do_not_see_each_other() -> None:
    seen: dict[str, set[str]] = {}

    def work(name: str) -> None:
        with watched_steps() as milliseconds:
            with step(name):
                pass
            seen[name] = set(milliseconds)

    threads = [Thread(target=work, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {"one": {"one"}, "two": {"two"}}

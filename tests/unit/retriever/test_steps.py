from threading import Barrier, Thread

import pytest

from retriever import Retriever
from retriever.steps import step, watched_steps


def test_steps_are_timed_for_whoever_watches() -> None:
    with watched_steps() as milliseconds:
        with step("outer"), step("inner"):
            sum(range(10_000))
        with step("inner"):
            pass
    assert list(milliseconds) == ["inner", "outer"]  # in the order in which they were first done
    assert milliseconds["inner"] > 0
    assert milliseconds["outer"] > 0


def test_the_outer_step_holds_the_time_of_the_inner_one() -> None:
    with watched_steps() as milliseconds, step("outer"):
        with step("inner"):
            sum(range(10_000))
        assert "outer" not in milliseconds
    assert milliseconds["outer"] >= milliseconds["inner"]


def test_a_step_that_is_done_twice_counts_both_times() -> None:
    with watched_steps() as milliseconds:
        with step("again"):
            sum(range(10_000))
        once = milliseconds["again"]
        with step("again"):
            sum(range(10_000))
    assert milliseconds["again"] > once


def test_nobody_else_notices() -> None:
    with step("earlier"):
        pass
    with watched_steps() as milliseconds:
        pass
    with step("later"):
        pass
    assert milliseconds == {}


def test_who_watches_inside_takes_what_is_done_there_and_who_watches_outside_goes_on() -> None:
    with watched_steps() as outside:
        with step("before"):
            pass
        with watched_steps() as inside, step("within"):
            pass
        with step("after"):
            pass
    assert (set(outside), set(inside)) == ({"before", "after"}, {"within"})


def test_a_step_that_fails_is_timed_and_still_fails() -> None:
    with watched_steps() as milliseconds, pytest.raises(IndexError), step("fails"):
        [].pop()
    assert set(milliseconds) == {"fails"}


def test_nobody_watches_any_more_after_a_failure() -> None:
    with pytest.raises(IndexError), watched_steps() as milliseconds:
        [].pop()
    with step("later"):
        pass
    assert milliseconds == {}


def test_two_threads_do_not_see_each_other() -> None:
    seen: dict[str, set[str]] = {}
    together = Barrier(2, timeout=10)

    def work(name: str) -> None:
        with watched_steps() as milliseconds:
            together.wait()
            with step(name):
                together.wait()
            together.wait()
            seen[name] = set(milliseconds)

    threads = [Thread(target=work, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {"one": {"one"}, "two": {"two"}}


def test_what_another_thread_does_is_not_counted_here(retriever: Retriever) -> None:
    with watched_steps() as milliseconds:
        other = Thread(target=retriever.answer, args=("农民工怎么提升学历",))
        other.start()
        other.join()
    assert milliseconds == {}


def test_an_answer_is_made_of_these_steps(retriever: Retriever) -> None:
    with watched_steps() as milliseconds, step("whole"):
        retriever.answer("农民工怎么提升学历")
    whole = milliseconds.pop("whole")
    assert set(milliseconds) == {"normalise", "encode", "search", "fuse", "excerpts", "cite"}
    assert 0 < sum(milliseconds.values()) <= whole

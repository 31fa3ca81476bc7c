import asyncio
import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from chat_api.limits.buckets import Rate
from chat_api.limits.shared_buckets import FILE_BYTES, SETS, SLOTS_A_SET, SharedBuckets
from tests.conftest import aside

SLOW = Rate(60)
TAKE_MANY = """
import asyncio, sys
from pathlib import Path
from chat_api.limits.buckets import Rate
from chat_api.limits.shared_buckets import SharedBuckets
buckets = SharedBuckets(Path(sys.argv[1]), lambda: 1_800_000_000.0)
print(sum(asyncio.run(buckets.take("somebody", Rate(6000))) == 0.0 for _ in range(600)))
"""


class Clock:
    def __init__(self) -> None:
        self.now_s = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


def take(buckets: SharedBuckets, name: str = "somebody", rate: Rate = SLOW) -> float:
    return aside(asyncio.run, buckets.take(name, rate))


def admitted(buckets: SharedBuckets, tries: int, name: str = "somebody", rate: Rate = SLOW) -> int:
    return sum(take(buckets, name, rate) == 0.0 for _ in range(tries))


@pytest.mark.parametrize(("per_minute", "capacity"), [(1, 20), (60, 20), (120, 20), (180, 30), (6000, 1000)])
def test_ten_seconds_may_come_at_once_and_twenty_always(per_minute: int, capacity: int) -> None:
    assert Rate(per_minute).capacity == capacity


def test_a_full_bucket_gives_its_tokens_and_then_says_when(tmp_path: Path, clock: Clock) -> None:
    buckets = SharedBuckets(tmp_path / "file", clock)
    assert admitted(buckets, 30) == SLOW.capacity
    assert take(buckets) == pytest.approx(1.0)
    clock.now_s += 0.75
    assert take(buckets) == pytest.approx(0.25)
    clock.now_s += 0.25
    assert [take(buckets) == 0.0 for _ in range(2)] == [True, False]
    clock.now_s += 3600
    assert admitted(buckets, 30) == SLOW.capacity


def test_nobody_pays_for_another(tmp_path: Path, clock: Clock) -> None:
    buckets = SharedBuckets(tmp_path / "file", clock)
    admitted(buckets, 30, "one")
    assert take(buckets, "another") == 0.0


@pytest.mark.parametrize("jump_s", [-86_400, -1])
def test_a_clock_that_goes_back_costs_nobody_more_than_the_time_itself(
    tmp_path: Path, clock: Clock, jump_s: int
) -> None:
    buckets = SharedBuckets(tmp_path / "file", clock)
    admitted(buckets, 30)
    clock.now_s += jump_s
    assert take(buckets) == pytest.approx(1.0)
    clock.now_s += 1
    assert take(buckets) == 0.0


def test_four_processes_on_one_file_give_what_one_would(tmp_path: Path) -> None:
    command = [sys.executable, "-c", TAKE_MANY, str(tmp_path / "file")]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(4)]
    counts = [int(process.communicate(timeout=60)[0]) for process in processes]
    # 2,400 were asked for; the clock stands still, so exactly one bucket's worth comes out.
    assert sum(counts) == Rate(6000).capacity
    assert (tmp_path / "file").stat().st_size == FILE_BYTES


def test_neither_names_nor_many_of_them_fill_the_disk(tmp_path: Path, clock: Clock) -> None:
    buckets = SharedBuckets(tmp_path / "file", clock)
    for number in range(SETS * SLOTS_A_SET // 8):
        take(buckets, f"192.0.2.{number}")
    content = (tmp_path / "file").read_bytes()
    assert len(content) == FILE_BYTES
    assert b"192.0.2" not in content
    assert oct((tmp_path / "file").stat().st_mode & 0o777) == "0o600"


def test_a_full_set_forgets_who_was_away_longest(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat_api.limits.shared_buckets.SETS", 1)
    buckets = SharedBuckets(tmp_path / "file", clock)
    for number in range(SLOTS_A_SET):
        admitted(buckets, 20, f"caller {number}")
        clock.now_s += 0.01
    admitted(buckets, 20, "caller 0")
    take(buckets, "one more")
    assert take(buckets, "caller 0") > 0
    assert take(buckets, "caller 1") == 0.0


def test_a_file_of_another_size_begins_anew(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "file").write_bytes(b"left over")
    assert admitted(SharedBuckets(tmp_path / "file", clock), 30) == SLOW.capacity


def test_without_a_file_the_process_counts_alone(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "file").mkdir()
    buckets = SharedBuckets(tmp_path / "file", clock)
    assert not buckets.is_shared
    assert admitted(buckets, 30) == SLOW.capacity


def test_a_process_that_was_stopped_with_the_lock_stops_nobody(tmp_path: Path, clock: Clock) -> None:
    buckets = SharedBuckets(tmp_path / "file", clock)
    admitted(buckets, 30)
    holder = os.open(tmp_path / "file", os.O_RDWR)
    fcntl.flock(holder, fcntl.LOCK_EX)
    assert take(buckets) == 0.0
    os.close(holder)
    assert take(buckets) > 0

from chat_api.wechat.circuit_breaker import CircuitBreaker


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def failed_times(breaker: CircuitBreaker, times: int) -> None:
    for _ in range(times):
        breaker.failed()


def test_five_failures_open_it_and_four_do_not() -> None:
    breaker = CircuitBreaker(Clock())
    failed_times(breaker, 4)
    assert not breaker.is_open
    breaker.failed()
    assert breaker.is_open


def test_failures_far_apart_do_not_open_it() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock)
    for _ in range(20):
        breaker.failed()
        clock.now_s += 8
    assert not breaker.is_open


def test_a_success_forgets_the_failures() -> None:
    breaker = CircuitBreaker(Clock())
    failed_times(breaker, 4)
    breaker.succeeded()
    failed_times(breaker, 4)
    assert not breaker.is_open


def test_after_thirty_seconds_one_more_try_decides() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock)
    failed_times(breaker, 5)
    clock.now_s += 29.9
    assert breaker.is_open
    clock.now_s += 0.1
    assert not breaker.is_open
    breaker.failed()
    assert breaker.is_open
    clock.now_s += 30
    breaker.succeeded()
    breaker.failed()
    assert not breaker.is_open

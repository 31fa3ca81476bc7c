from starlette.types import Message

from chat_api.body_limit import MAX_BODY_BYTES, BodyLimit


class Exchange:
    """One request through the middleware: what it read of the request, and what came out of it."""

    def __init__(self, chunks: list[bytes], *, headers: list[tuple[bytes, bytes]] | None = None, method: str = "POST"):
        self.unread = [
            {"type": "http.request", "body": chunk, "more_body": number < len(chunks)}
            for number, chunk in enumerate(chunks, 1)
        ]
        self.scope = {"type": "http", "method": method, "path": "/v1/ask", "headers": headers or []}
        self.seen_by_app: bytes | None = None
        self.sent: list[Message] = []

    async def app(self, _scope: object, receive, _send: object) -> None:
        self.seen_by_app = (await receive())["body"]

    async def run(self) -> None:
        async def receive() -> Message:
            return self.unread.pop(0)

        async def send(message: Message) -> None:
            self.sent.append(message)

        await BodyLimit(self.app)(self.scope, receive, send)


def exchange(chunks: list[bytes], **request: object) -> Exchange:
    """Run one request to its end; the middleware awaits nothing but what is given here, so no event loop is needed."""
    made = Exchange(chunks, **request)
    coroutine = made.run()
    try:
        coroutine.send(None)
    except StopIteration:
        return made
    raise AssertionError("the middleware waited for something else")


def test_a_body_in_pieces_reaches_the_app_whole() -> None:
    made = exchange([b"ab", b"", b"cd"])
    assert made.seen_by_app == b"abcd"
    assert made.sent == []


def test_a_body_of_exactly_the_limit_passes() -> None:
    assert exchange([b"x" * (MAX_BODY_BYTES - 1), b"y"]).seen_by_app == b"x" * (MAX_BODY_BYTES - 1) + b"y"


def test_an_announced_length_beyond_the_limit_is_refused_unread() -> None:
    made = exchange([b"x"], headers=[(b"content-length", str(MAX_BODY_BYTES + 1).encode())])
    assert made.seen_by_app is None
    assert made.sent[0]["status"] == 413
    assert len(made.unread) == 1


def test_reading_stops_at_the_first_piece_beyond_the_limit() -> None:
    made = exchange([b"x" * MAX_BODY_BYTES, b"y", b"z", b"z"])
    assert made.seen_by_app is None
    assert made.sent[0]["status"] == 413
    assert len(made.unread) == 2


def test_a_false_announcement_does_not_widen_the_limit() -> None:
    assert exchange([b"x" * (MAX_BODY_BYTES + 1)], headers=[(b"content-length", b"1")]).sent[0]["status"] == 413


def test_a_length_of_thousands_of_digits_is_just_too_large() -> None:
    assert exchange([b"x"], headers=[(b"content-length", b"9" * 5000)]).sent[0]["status"] == 413


def test_a_length_that_is_no_number_is_left_to_the_body_itself() -> None:
    assert exchange([b"x"], headers=[(b"content-length", b"many")]).seen_by_app == b"x"


def test_a_body_on_get_is_not_read_here() -> None:
    made = exchange([b"x" * (MAX_BODY_BYTES + 1)], method="GET")
    assert made.seen_by_app == b"x" * (MAX_BODY_BYTES + 1)

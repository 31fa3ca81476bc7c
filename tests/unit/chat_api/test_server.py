import socket
from pathlib import Path

import pytest

from chat_api.server import _address, _listener, serve
from chat_api.settings import ServerSettings
from corpus.errors import AddressUnavailable
from retriever.settings import RetrieverSettings


def test_a_taken_port_is_an_expected_error_that_names_it_before_anything_is_opened(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AddressUnavailable, match=rf"127\.0\.0\.1:{port}"):
            serve(ServerSettings(port=port), RetrieverSettings(data=tmp_path / "data"), announce=print)
    assert not (tmp_path / "data").exists()


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(AddressUnavailable, match=r"192\.0\.2\.1"):
        _listener(ServerSettings(host="192.0.2.1", port=0))


def test_a_host_that_is_no_name_is_refused() -> None:
    with pytest.raises(AddressUnavailable):
        _listener(ServerSettings(host="no.such.host.invalid", port=0))


@pytest.mark.parametrize(
    ("host", "address"), [("127.0.0.1", "http://127.0.0.1:80"), ("::1", "http://[::1]:80"), ("pc", "http://pc:80")]
)
def test_the_announced_address_can_be_opened_as_it_stands(host: str, address: str) -> None:
    assert _address(host, 80) == address


def test_small_parts_of_an_answer_do_not_wait_for_each_other() -> None:
    """Nagle's algorithm would hold the second part of every answer for 40 ms on a connection that is kept open."""
    with _listener(ServerSettings(port=0)) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1

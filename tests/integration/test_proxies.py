"""The samples of reverse proxies, in front of a running service; skipped where the proxy is not installed."""

import http.client
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from chat_api import create_app
from chat_api.limits.patient_protocol import ServerConfig
from chat_api.limits.settings import LimitSettings
from chat_api.settings import ServerSettings
from console.app import add_console
from console.places import Places
from retriever.settings import RetrieverSettings

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
HOST = "wengong.example"
PER_MINUTE = 6


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def upstream(small_data: Path) -> Iterator[int]:
    """The port of a service that believes the proxy on its own machine, as by default."""
    settings, retriever_settings = ServerSettings(), RetrieverSettings(data=small_data)
    limits = LimitSettings(rate_limit_address=PER_MINUTE)
    app = create_app(settings, retriever_settings, limit_settings=limits)
    add_console(app, Places.of(retriever_settings, settings))
    server = uvicorn.Server(ServerConfig(app, limits))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(20)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


class Proxy:
    """A running proxy: what comes back from it."""

    def __init__(self, port: int, *, is_https: bool) -> None:
        self.port = port
        self._is_https = is_https

    def send(self, method: str, path: str, body: bytes = b"", host: str = HOST, **headers: str) -> tuple[int, str]:
        """Return the status of an answer, and its headers as text."""
        trusting = ssl._create_unverified_context()  # noqa: S323 - a certificate of this test's own
        connection = (
            http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=trusting)
            if self._is_https
            else http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        )
        if self._is_https:
            raw = socket.create_connection(("127.0.0.1", self.port), 20)
            connection.sock = trusting.wrap_socket(raw, server_hostname=host)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, {"Host": host, **named})
        response = connection.getresponse()
        response.read()
        connection.close()
        return response.status, str(response.headers).lower()


@pytest.fixture
def nginx(upstream: int, tmp_path: Path) -> Iterator[Proxy]:
    if shutil.which("nginx") is None or shutil.which("openssl") is None:
        pytest.skip("nginx is not installed; on Debian: apt-get install nginx openssl")
    plain, encrypted = free_port(), free_port()
    certificate = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"]
    files = ["-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"]
    subprocess.run([*certificate, *files], check=True, capture_output=True)
    sample = (DEPLOY / "nginx" / "wengong.conf").read_text(encoding="utf-8")
    sample = re.sub(r"listen \[::\]:\d+[^;]*;", "", sample)
    for asked, given in (("listen 80", f"listen 127.0.0.1:{plain}"), ("listen 443", f"listen 127.0.0.1:{encrypted}")):
        sample = sample.replace(asked, given)
    sample = sample.replace("127.0.0.1:8000", f"127.0.0.1:{upstream}").replace("/etc/ssl/wengong", str(tmp_path))
    (tmp_path / "wengong.conf").write_text(sample, encoding="utf-8")
    places = "".join(
        f"{name}_temp_path {tmp_path}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = f"daemon off; pid {tmp_path}/pid; error_log stderr;" + (
        "user root;" if Path("/root").stat().st_uid == 0 else ""
    )
    (tmp_path / "nginx.conf").write_text(f"{main} events {{}} http {{ {places} include {tmp_path}/wengong.conf; }}\n")
    command = ["nginx", "-p", tmp_path, "-e", "stderr", "-c", tmp_path / "nginx.conf"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    wait_for(encrypted, process)
    yield Proxy(encrypted, is_https=True)
    process.terminate()
    process.wait(20)


@pytest.fixture
def caddy(upstream: int, tmp_path: Path) -> Iterator[Proxy]:
    if shutil.which("caddy") is None:
        pytest.skip("Caddy is not installed; on Debian: apt-get install caddy")
    port = free_port()
    sample = (DEPLOY / "caddy" / "Caddyfile").read_text(encoding="utf-8")
    # Without a name nobody is asked for a certificate; and nobody on this machine can reach its remote control.
    sample = sample.replace("wengong.example {", f"http://{HOST}:{port} {{\n\tbind 127.0.0.1")
    sample = sample.replace("{\n\tservers", "{\n\tadmin off\n\tauto_https off\n\tservers", 1)
    (tmp_path / "Caddyfile").write_text(sample, encoding="utf-8")
    given = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "WENGONG_UPSTREAM": f"127.0.0.1:{upstream}"}
    command = ["caddy", "run", "--config", tmp_path / "Caddyfile", "--adapter", "caddyfile"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=given)
    wait_for(port, process)
    yield Proxy(port, is_https=False)
    process.terminate()
    process.wait(20)


@pytest.mark.parametrize("kind", ["nginx", "caddy"])
def test_a_sample_passes_on_what_it_should_and_keeps_back_what_it_should(
    kind: str, request: pytest.FixtureRequest
) -> None:
    proxy: Proxy = request.getfixturevalue(kind)
    status, headers = proxy.send("GET", "/readyz")
    assert status == 200
    assert "strict-transport-security: max-age=31536000" in headers
    assert headers.count("content-security-policy: default-src 'none'") == 1
    assert not re.search(r"^server: \S*\d", headers, re.MULTILINE)
    assert proxy.send("GET", "/metrics")[0] in {403, 404}
    # Where the service hangs up before all of it was passed on, Caddy may say so instead.
    assert proxy.send("POST", "/v1/ask", b" " * 70_000)[0] in ({413} if kind == "nginx" else {413, 502})
    large = proxy.send("POST", "/console/handbooks/upload", b" " * 200_000, Content_Type="application/octet-stream")
    assert large[0] != 413
    if kind == "nginx":
        assert "secure" in proxy.send("GET", "/console/login")[1]
    # Whatever address a caller claims, the proxy says the real one: here all are one address.
    seen = [proxy.send("GET", "/v1/handbooks", X_Forwarded_For=f"198.51.100.{number}")[0] for number in range(30)]
    assert set(seen) == {200, 429}


def test_a_name_that_is_not_ours_is_not_answered(nginx: Proxy) -> None:
    with pytest.raises((OSError, http.client.HTTPException)):
        nginx.send("GET", "/readyz", host="other.example")

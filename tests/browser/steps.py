"""What the browser tests have in common: a served chat, a site of somebody else around it, and what people do."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Frame, Page, expect

REPOSITORY = Path(__file__).resolve().parents[2]
AXE = REPOSITORY / "tests" / "browser" / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"width": 360, "height": 780}
DESK = {"width": 1280, "height": 800}
# What people ask, by what they get.
ANSWERED = "农民工怎么提升学历"
CLARIFIED = "工资"
ABSTAINED = "今天天气怎么样"
# No inline script or style, and no string may become a script.
STRICT_POLICY = (
    "default-src 'none'; script-src {service}; frame-src {service}; style-src 'self'; "
    "require-trusted-types-for 'script'"
)
SITE_STYLES = """
body { margin: 0; background: #eef1f4; color: #222; font: 18px/1.7 sans-serif; }
main { max-width: 760px; min-height: 640px; margin: 40px 60px; padding: 30px 40px; background: #fff; }
h1 { color: #1d3557; }
#own { min-height: 48px; padding: 0 24px; font: inherit; }
@media (max-width: 640px) { main { margin: 12px; padding: 16px; } }
"""
HOSTILE_STYLES = """
* { all: unset !important; color: lime !important; font-size: 3px !important; }
iframe, dialog, button, wengong-widget { display: none !important; opacity: 0 !important; }
html > * { width: 1px !important; z-index: -1 !important; }
body { transform: rotate(5deg) scale(0.1); filter: blur(3px); overflow: hidden; }
"""


@contextmanager
def running_service(data_folder: Path, **settings: str) -> Iterator[str]:
    """Serve with the command that people use, and give the address."""
    environment = {"WENGONG_DATA": str(data_folder), "PATH": "/usr/bin:/bin", **settings}
    server = subprocess.Popen(
        [sys.executable, "-m", "wengong", "serve", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=REPOSITORY,
    )
    assert server.stderr is not None
    found = None
    for line in server.stderr:
        found = re.search(r"http://[\d.]+:\d+", line)
        if found:
            break
    assert found is not None, "the server did not start"
    # Read on, so that the pipe never fills up.
    reader = threading.Thread(target=lambda: [None for _ in server.stderr or ()])
    reader.start()
    try:
        yield found[0]
    finally:
        server.terminate()
        server.wait(timeout=20)
        reader.join(10)
        server.stderr.close()


class Site:
    """A web site of somebody else, whose pages load `/widget.js`.

    Its addresses: `/` is a page like any other, `/hostile` one whose styles would break everything in it; both have a
    strict content security policy. What follows the question mark becomes attributes of the script.
    """

    def __init__(self) -> None:
        self.service = ""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind, content = site.response(self.path)
                self.send_response(200)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Security-Policy", STRICT_POLICY.format(service=site.service))
                self.end_headers()
                self.wfile.write(content.encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def response(self, path: str) -> tuple[str, str]:
        parts = urlsplit(path)
        if parts.path == "/hostile.css":
            return "text/css", HOSTILE_STYLES
        attributes = "".join(f' {name}="{value}"' for name, value in parse_qsl(parts.query, keep_blank_values=True))
        if parts.path == "/site.css":
            return "text/css", SITE_STYLES
        styles = f'<link rel="stylesheet" href="{"/hostile.css" if parts.path == "/hostile" else "/site.css"}">'
        return "text/html", (
            f'<!doctype html><html lang="zh-Hans"><head><title>某总工会</title>{styles}'
            f'<script async src="{self.service}/widget.js"{attributes}></script></head>'
            "<body><main><h1>某总工会</h1><p>职工之家 · 维权帮扶 · 技能培训</p>"
            '<button id="own">本站的按钮</button></main></body></html>'
        )

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def closing_site() -> Iterator[Site]:
    """Serve a site, and stop whatever happens."""
    site = Site()
    try:
        yield site
    finally:
        site.stop()


@contextmanager
def opened(context: BrowserContext, address: str) -> Iterator[Page]:
    """Open a page that must neither complain nor reach out to anybody else."""
    page = context.new_page()
    problems = watch(page)
    page.goto(address)
    yield page
    assert problems == []


def watch(page: Page) -> list[str]:
    """The complaints of a page, as they come: errors, and anything that a content security policy stopped."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if _is_problem(message) else None)
    return problems


def _is_problem(message: ConsoleMessage) -> bool:
    """Whether a console message is an error of the page; the browser's own line for a failed request is none."""
    return message.type == "error" and "Failed to load resource" not in message.text


def wait_until_ready(page: Page | Frame) -> None:
    expect(page.locator(":root.scripted")).to_be_attached()


def ask(page: Page | Frame, question: str) -> None:
    page.fill("#question", question)
    page.click("#send")
    wait_for_answer(page, question)


def wait_for_answer(page: Page | Frame, question: str) -> None:
    expect(page.locator("#turns > li .asked").last).to_have_text(question)
    expect(page.locator("#conversation")).to_have_attribute("aria-busy", "false")


def embedded(page: Page) -> Frame:
    """The chat in the frame, when it can be used."""
    expect(page.locator("wengong-widget .panel.ready")).to_be_attached()
    frame = next(one for one in page.frames if "/embed" in one.url)
    wait_until_ready(frame)
    return frame

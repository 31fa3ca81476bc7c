"""What goes over the wire: little, from one place, and nothing that a strict policy would stop."""

import gzip
import urllib.request

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page

from chat_api.page import STATIC_FOLDER
from tests.browser.steps import ANSWERED, Site, ask, embedded, opened, wait_until_ready

pytestmark = pytest.mark.xdist_group("browser")
BUDGET_BYTES = 50_000


def count_bytes(session: CDPSession) -> dict[str, float]:
    """Bytes received for each address, headers included, as the browser itself counts them."""
    addresses: dict[str, str] = {}
    received: dict[str, float] = {}
    session.on(
        "Network.responseReceived", lambda event: addresses.update({event["requestId"]: event["response"]["url"]})
    )
    session.on(
        "Network.loadingFinished",
        lambda event: received.update({addresses.get(event["requestId"], "?"): event["encodedDataLength"]}),
    )
    session.send("Network.enable")
    return received


def test_the_whole_page_fits_the_budget(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    received = count_bytes(context.new_cdp_session(page))
    page.goto(address)
    wait_until_ready(page)
    page.wait_for_load_state("networkidle")
    assert len(received) > 20
    assert sum(received.values()) <= BUDGET_BYTES, received


def test_every_file_there_is_fits_the_budget_together_with_the_widget(address: str) -> None:
    total = sum(len(gzip.compress(path.read_bytes())) for path in STATIC_FOLDER.iterdir())
    for path in ("/embed", "/widget.js"):
        request = urllib.request.Request(address + path, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as response:
            assert response.headers["Content-Encoding"] == "gzip"
            total += len(response.read())
    assert total <= BUDGET_BYTES


def test_a_second_visit_fetches_the_page_alone(context: BrowserContext, address: str) -> None:
    with opened(context, address) as page:
        wait_until_ready(page)
        received = count_bytes(context.new_cdp_session(page))
        page.reload()
        wait_until_ready(page)
        page.wait_for_load_state("networkidle")
        assert {url for url, size in received.items() if size > 0} == {f"{address}/"}


def test_nobody_else_is_asked_for_anything(context: BrowserContext, address: str, site: Site) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    with opened(context, address) as page:
        ask(page, ANSWERED)
        page.get_by_role("button", name="看全文").first.click()
    with opened(context, site.address) as page:
        page.locator("wengong-widget .launcher").click()
        ask(embedded(page), ANSWERED)
    assert {url for url in asked if not url.startswith((address, site.address))} == set()


def test_the_policy_lets_nothing_inline_run(page: Page, address: str) -> None:
    with urllib.request.urlopen(address) as response:
        policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.injected = true";
        document.body.append(script);
    }""")
    assert page.evaluate("window.injected") is None


@pytest.fixture
def page(context: BrowserContext, address: str) -> Page:
    """A page that may complain: the attack on it is to be stopped by the browser."""
    made = context.new_page()
    made.goto(address)
    return made

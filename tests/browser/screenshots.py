"""Takes the pictures of `docs/widget.md` again: `make screenshots`."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from ingest.handbook import SHIPPED_HANDBOOKS
from ingest.pipeline import build_index
from retriever.encoder_choice import open_encoder
from tests.browser.pictures import keep
from tests.browser.steps import (
    ABSTAINED,
    ANSWERED,
    CLARIFIED,
    DESK,
    PHONE,
    Site,
    ask,
    closing_site,
    embedded,
    running_service,
    wait_until_ready,
)


def start(_: Page) -> None:
    """Show the first screen."""


def answer(page: Page) -> None:
    ask(page, ANSWERED)


def actions(page: Page) -> None:
    ask(page, ANSWERED)
    page.locator(".card-actions").first.evaluate(
        "node => node.scrollIntoView({ block: 'center', behavior: 'instant' })"
    )


def whole(page: Page) -> None:
    ask(page, ANSWERED)
    page.get_by_role("button", name="看全文").first.click()
    expect(page.locator("#full-text mark").first).to_be_visible()


def clarify(page: Page) -> None:
    ask(page, CLARIFIED)


def abstain(page: Page) -> None:
    ask(page, ABSTAINED)


def large(page: Page) -> None:
    page.click("#large-type")
    ask(page, "新八级工是哪八级")


def follow_up(page: Page) -> None:
    ask(page, "求学圆梦行动是什么")
    ask(page, "那资助了多少人")


PAGES: dict[str, tuple[dict[str, int], str, Callable[[Page], None]]] = {
    "phone-start": (PHONE, "light", start),
    "phone-answer": (PHONE, "light", answer),
    "phone-actions": (PHONE, "light", actions),
    "phone-whole": (PHONE, "light", whole),
    "phone-clarify": (PHONE, "light", clarify),
    "phone-abstain": (PHONE, "light", abstain),
    "phone-follow-up": (PHONE, "light", follow_up),
    "phone-large": (PHONE, "light", large),
    "phone-dark": (PHONE, "dark", answer),
    "desk-answer": (DESK, "light", answer),
    "desk-dark": (DESK, "dark", clarify),
}


def take(browser: Browser, address: str, site: Site) -> None:
    for name, (viewport, scheme, act) in PAGES.items():
        context = browser.new_context(viewport=viewport, locale="zh-CN", color_scheme=scheme, reduced_motion="reduce")
        page = context.new_page()
        page.goto(address)
        wait_until_ready(page)
        act(page)
        keep(page, f"widget-{name}")
        context.close()
    for name, viewport in (("desk-site", DESK), ("phone-site", PHONE)):
        page = browser.new_page(viewport=viewport, locale="zh-CN", reduced_motion="reduce")
        page.goto(site.address)
        expect(page.locator("wengong-widget .launcher")).to_be_visible()
        if viewport == DESK:
            page.locator("wengong-widget .launcher").click()
            ask(embedded(page), ANSWERED)
        keep(page, f"widget-{name}")
        page.close()
    plain = browser.new_context(viewport=PHONE, locale="zh-CN", java_script_enabled=False).new_page()
    plain.goto(address)
    plain.fill("#question", CLARIFIED)
    plain.get_by_role("button", name="发送").click()
    expect(plain.locator("h1.asked")).to_be_visible()
    keep(plain, "widget-phone-plain")


def main() -> None:
    """Serve the shipped handbook, and take every picture."""
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright, closing_site() as site:
        build_index([SHIPPED_HANDBOOKS / "industrial-workers-50"], Path(data) / "index", open_encoder())
        with running_service(Path(data), WENGONG_ALLOWED_ORIGINS=f'["{site.address}"]') as address:
            site.service = address
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--headless", "--no-sandbox", "--disable-gpu"]
            )
            take(browser, address, site)
            browser.close()


if __name__ == "__main__":
    main()

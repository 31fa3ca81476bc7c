"""One Chromium, one served chat and one site around it, for all browser tests of a worker."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.steps import PHONE, Site, closing_site, opened, running_service, wait_until_ready

CHROMIUM_OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    # In CI the browser is installed first, so a missing one is a failure and no reason to skip.
    if chromium is None and "CI" not in os.environ:  # noqa: TID251 - a setting of the test run, not of the program
        pytest.skip("Chromium is not installed; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    with closing_site() as running:
        yield running


@pytest.fixture(scope="session")
def address(data_folder: Path, site: Site) -> Iterator[str]:
    """The address of a chat that the site may embed."""
    with running_service(data_folder, WENGONG_ALLOWED_ORIGINS=f'["{site.address}"]') as found:
        site.service = found
        yield found


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport=PHONE, locale="zh-CN", has_touch=True)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    with opened(context, address) as shown:
        wait_until_ready(shown)
        yield shown

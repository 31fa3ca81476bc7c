"""The report of an evaluation in a real Chromium, opened as a file and without a network."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def report(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a real run, made by the commands that people use."""
    folder = tmp_path_factory.mktemp("run")
    wengong = [sys.executable, "-m", "wengong", "eval"]
    environment = {"WENGONG_DATA": str(data_folder), "PATH": "/usr/bin:/bin"}
    # The headings baseline goes wrong often enough for a full report.
    asked = [*wengong, "run", "--retriever", "lexical", "--limit", "300", "--out", str(folder)]
    subprocess.run(asked, env=environment, check=False, capture_output=True)
    subprocess.run([*wengong, "report", str(folder)], env=environment, check=True, capture_output=True)
    return folder / "report.html"


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 360, "height": 780})
    fetched, problems = [], []
    opened.on("request", lambda request: fetched.append(request.url))
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda message: problems.append(message.text))
    opened.goto(report.as_uri())
    yield opened
    assert fetched == [report.as_uri()]
    assert problems == []
    opened.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_never_scrolls_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 780})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_rows_can_be_chosen_by_category_and_kind(page: Page) -> None:
    rows = page.locator("article")
    every = rows.count()
    page.select_option("#category", "everyday")
    shown = page.locator("article:visible")
    assert 0 < shown.count() < every
    assert {row.get_attribute("data-category") for row in shown.all()} == {"everyday"}
    expect(page.locator("#count")).to_have_text(f"{shown.count()} 题")
    page.select_option("#category", "")
    page.select_option("#kind", "false")
    assert {row.get_attribute("data-kind") for row in page.locator("article:visible").all()} == {"false"}


def test_a_row_opens_to_its_excerpts_and_signals(page: Page) -> None:
    first = page.locator("article").first
    expect(first.locator("blockquote").first).to_be_hidden()
    first.locator("summary").click()
    expect(first.locator("blockquote").first).to_be_visible()


def test_plots_have_names_and_sizes(page: Page) -> None:
    plots = page.get_by_role("img")
    assert plots.count() >= 3
    for plot in plots.all():
        assert plot.get_attribute("aria-label")
        box = plot.bounding_box()
        assert box is not None
        assert box["height"] > 20

"""The report of an evaluation in a real Chromium, opened as a file and without a network."""

import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from eval.dataset import LabelledQuestion
from eval.figures import compute_figures
from eval.report import build_report
from eval.run import RunHeader
from eval.served import Served, ServedExcerpt, ServedSection
from eval.store import StoredRun

pytestmark = pytest.mark.xdist_group("browser")
PHONE = {"width": 360, "height": 780}
ATTACK = "<script>document.title='stolen'</script><img src=x onerror=\"document.title='stolen'\">"


@pytest.fixture(scope="module")
def report(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a real run, made by the commands that people use."""
    folder = tmp_path_factory.mktemp("run")
    wengong = [sys.executable, "-m", "wengong", "eval"]
    environment = {"WENGONG_DATA": str(data_folder), "PATH": "/usr/bin:/bin"}
    # Words alone go wrong often enough for a full report.
    asked = [*wengong, "run", "--retriever", "lexical", "--limit", "300", "--out", str(folder)]
    subprocess.run(asked, env=environment, check=False, capture_output=True)
    subprocess.run([*wengong, "report", str(folder)], env=environment, check=True, capture_output=True)
    return folder / "report.html"


@pytest.fixture
def hostile_report(tmp_path: Path) -> Path:
    """A report in which everything that comes from data is an attack, or longer than any line."""
    rows, served = [], []
    for place, text in enumerate((ATTACK, "长" * 4000, "x" * 4000)):
        rows.append(
            LabelledQuestion(
                row_id=str(place),
                category=text,
                question=text,
                history=(text,),
                handbook_id=None,
                relevance={text: 2},
            )
        )
        ranking = tuple(
            ServedSection(section_id=f"{text}{number}", fused_score=1.0 / number, signals={text: 1.0})
            for number in (1, 2)
        )
        excerpts = (ServedExcerpt(section_id=text, excerpt=text),)
        served.append(
            Served(
                row_id=str(place),
                outcome="answered",
                answer_probability=0.5,
                understood_as=text,
                ranking=ranking,
                excerpts=excerpts,
            )
        )
    header = RunHeader(dataset=ATTACK, split="", system="x" * 400, encoder_id="x" * 400, corpus_sha256={})
    run = StoredRun(header=header, rows=tuple(rows), served=tuple(served), figures=compute_figures(rows, served))
    path = tmp_path / "hostile.html"
    path.write_text(build_report(run, [run], {"x" * 400: ATTACK}), encoding="utf-8")
    return path


def opened(browser: Browser, path: Path, **options: object) -> Iterator[Page]:
    """Open a report on a phone; nothing else may be fetched and nothing complained about."""
    page = browser.new_page(viewport=PHONE, **options)
    fetched: list[str] = []
    problems: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text))
    page.goto(path.as_uri())
    yield page
    assert {url.partition("#")[0] for url in fetched} == {path.as_uri()}
    assert problems == []
    page.close()


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    yield from opened(browser, report)


@pytest.fixture
def page_without_script(browser: Browser, report: Path) -> Iterator[Page]:
    yield from opened(browser, report, java_script_enabled=False)


@pytest.fixture
def hostile_page(browser: Browser, hostile_report: Path) -> Iterator[Page]:
    yield from opened(browser, hostile_report)


def widest(page: Page, width: int) -> int:
    """The width of the page with everything unfolded."""
    page.set_viewport_size({"width": width, "height": 780})
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    return int(page.evaluate("document.documentElement.scrollWidth"))


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_page_never_scrolls_sideways(page: Page, width: int) -> None:
    assert widest(page, width) <= width


@pytest.mark.parametrize("width", [360, 1280])
def test_a_hostile_row_neither_runs_nor_breaks_the_page(hostile_page: Page, width: int) -> None:
    assert widest(hostile_page, width) <= width
    assert hostile_page.title().startswith("评测报告")
    assert hostile_page.locator("img").count() == 0
    expect(hostile_page.locator("article h3").first).to_contain_text("<script>")


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


def test_without_script_every_row_is_shown_and_no_filter(page_without_script: Page) -> None:
    rows = page_without_script.locator("article")
    assert page_without_script.locator("article:visible").count() == rows.count() > 0
    expect(page_without_script.locator(".filters")).to_be_hidden()


def test_a_stolen_question_leads_to_its_row_even_when_that_is_filtered_out(page: Page) -> None:
    page.select_option("#kind", "false")
    theft = page.locator(".thefts details").first
    theft.locator("summary").click()
    link = theft.locator("a").first
    question = link.inner_text()
    link.click()
    row = page.locator(f"article{link.get_attribute('href')}")
    expect(row).to_be_in_viewport()
    expect(row.locator("h3")).to_have_text(question)


def test_a_row_opens_to_its_excerpts(page: Page) -> None:
    first = page.locator("article").first
    expect(first.locator("blockquote").first).to_be_hidden()
    first.locator("summary").first.click()
    expect(first.locator("blockquote").first).to_be_visible()


def test_plots_have_names_words_and_sizes(page: Page) -> None:
    plots = page.get_by_role("img")
    assert plots.count() >= 3
    for plot in plots.all():
        assert plot.get_attribute("aria-label")
        assert plot.locator("> desc").inner_html()
        box = plot.bounding_box()
        assert box is not None
        assert box["height"] > 20


def test_headings_and_tables_can_be_heard(page: Page) -> None:
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map((one) => Number(one.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for table in page.locator("table").all():
        assert table.locator("caption").count() == 1
        assert table.locator("th:not([scope])").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(page: Page, scheme: str) -> None:
    """WCAG 2.2, 1.4.3: a contrast of 4.5 for text, in both colour schemes."""
    page.emulate_media(color_scheme=scheme)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert page.evaluate(LOWEST_CONTRAST) >= 4.5


LOWEST_CONTRAST = """() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const linear = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const luminance = (colour) => {
    const [red, green, blue] = channels(colour).slice(0, 3).map(linear);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (one) => {
    for (; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (channels(colour)[3] !== 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const ratio = (one) => {
    const both = [getComputedStyle(one).color, ground(one)].map(luminance).sort((a, b) => b - a);
    return (both[0] + 0.05) / (both[1] + 0.05);
  };
  const shown = [...document.querySelectorAll("main *:not(svg, svg *)")].filter((one) =>
    [...one.childNodes].some((child) => child.nodeType === 3 && child.data.trim()));
  return Math.min(...shown.map(ratio));
}"""

"""The chat page in a real Chromium, against a real server, at the width of a phone."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

REPOSITORY = Path(__file__).resolve().parents[2]
# One worker for all of them: they share a server and a browser.
pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def address(data_folder: Path) -> Iterator[str]:
    environment = {"WENGONG_DATA": str(data_folder), "PATH": "/usr/bin:/bin"}
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
    yield found[0]
    server.terminate()
    server.stderr.close()
    server.wait(timeout=20)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 360, "height": 780}, locale="zh-CN", has_touch=True)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda message: problems.append(message.text) if _is_problem(message) else None)
    opened.goto(address)
    expect(opened.locator("#send")).to_be_enabled()
    yield opened
    assert problems == []


def _is_problem(message: ConsoleMessage) -> bool:
    """Whether a console message is an error of the page; the browser's own line for a failed request is none."""
    return message.type == "error" and "Failed to load resource" not in message.text


def ask(page: Page, question: str) -> None:
    page.fill("#question", question)
    page.click("#send")
    expect(page.locator("#conversation")).to_have_attribute("aria-busy", "false")


def test_a_question_gets_a_card_with_the_words_of_the_handbook(page: Page) -> None:
    ask(page, "农民工怎么提升学历")
    card = page.locator("article").first
    expect(card.locator(".label")).to_have_text("第38问")
    expect(card).to_contain_text("第五部分 农民工的成长和发展将得到进一步重视")
    expect(card.locator("blockquote")).to_contain_text("提升学历")
    assert card.locator("mark").count() > 0


def test_the_excerpt_on_the_page_is_the_excerpt_of_the_answer(page: Page) -> None:
    with page.expect_response("**/v1/ask") as response:
        ask(page, "农民工怎么提升学历")
    shown = page.locator("article").first.locator("blockquote").evaluate("node => node.textContent")
    assert shown == response.value.json()["citations"][0]["excerpt"]


def test_the_full_text_opens_with_the_excerpt_marked_and_closes_again(page: Page) -> None:
    ask(page, "农民工怎么提升学历")
    button = page.locator("article").first.get_by_role("button", name="看全文")
    button.click()
    dialog = page.locator("#full-text")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("求学圆梦行动")
    expect(dialog.locator("mark").first).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()


def test_a_question_the_handbook_does_not_answer_says_so_and_whom_to_ask(page: Page) -> None:
    ask(page, "今天天气怎么样")
    expect(page.locator("#turns")).to_contain_text("手册里没有找到能回答这个问题的内容")
    expect(page.locator("#turns a[href='tel:12351']")).to_be_visible()
    expect(page.locator("article")).to_have_count(0)


def test_feedback_is_sent_once(page: Page) -> None:
    ask(page, "农民工怎么提升学历")
    with page.expect_response("**/v1/feedback") as response:
        page.get_by_role("button", name="有用", exact=True).click()
    assert response.value.status == 200
    expect(page.locator(".feedback")).to_contain_text("谢谢")


def test_the_page_is_usable_by_keyboard_alone(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type("第38问")
    page.keyboard.press("Enter")
    expect(page.locator("article").first.locator(".label")).to_have_text("第38问")


def test_typing_offers_questions_of_the_handbook(page: Page) -> None:
    page.locator("#question").press_sequentially("求学圆梦")
    options = page.locator("#suggestions [role=option]")
    expect(options.first).to_contain_text("求学圆梦行动")


def test_an_unreachable_server_loses_nothing(page: Page) -> None:
    page.fill("#question", "农民工怎么提升学历")
    page.route("**/v1/ask", lambda route: route.fulfill(status=503, body="{}"))
    with page.expect_response("**/v1/ask"):
        page.click("#send")
    expect(page.get_by_role("button", name="重试")).to_be_visible()
    assert page.input_value("#question") == "农民工怎么提升学历"
    page.unroute("**/v1/ask")
    page.get_by_role("button", name="重试").click()
    expect(page.locator("article").first.locator(".label")).to_have_text("第38问")


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_sticks_out_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 780})
    ask(page, "新八级工是哪八级")
    page.click("#large-type")
    scroll_width = page.evaluate("document.documentElement.scrollWidth")
    assert scroll_width <= width


def test_targets_are_large_enough_for_a_thumb(page: Page) -> None:
    ask(page, "农民工怎么提升学历")
    for button in page.get_by_role("button").all():
        box = button.bounding_box()
        assert box is None or min(box["width"], box["height"]) >= 44, button.text_content()

"""Barriers: what axe-core sees in every state, and what it cannot see."""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect

from tests.browser.steps import (
    ABSTAINED,
    ANSWERED,
    AXE,
    CLARIFIED,
    DESK,
    PHONE,
    Site,
    ask,
    embedded,
    opened,
    wait_until_ready,
)

pytestmark = [
    pytest.mark.xdist_group("browser"),
    # In CI they are installed first, so missing ones are a failure and no reason to skip.
    pytest.mark.skipif(
        not AXE.exists() and "CI" not in os.environ,  # noqa: TID251 - a setting of the test run
        reason="axe-core is not installed: make test",
    ),
]
READING = "/read/industrial-workers-50"


def first_screen(page: Page) -> None:
    expect(page.locator("#starters button").first).to_be_visible()


def remembered(page: Page) -> None:
    ask(page, ANSWERED)
    page.click("#new-conversation")


def answered(page: Page) -> None:
    ask(page, "手机上去哪里学技能")
    page.get_by_role("button", name="没用").click()


def clarified(page: Page) -> None:
    ask(page, CLARIFIED)


def abstained(page: Page) -> None:
    ask(page, ABSTAINED)


def understood(page: Page) -> None:
    ask(page, "求学圆梦行动是什么")
    ask(page, "那资助了多少人")


def in_need(page: Page) -> None:
    ask(page, "不想活了")


def failed(page: Page) -> None:
    page.route("**/v1/ask", lambda route: route.fulfill(status=503, body="{}"))
    ask(page, ANSWERED)
    page.evaluate("dispatchEvent(new Event('offline'))")


def whole_answer(page: Page) -> None:
    ask(page, ANSWERED)
    page.get_by_role("button", name="看全文").first.click()
    expect(page.locator("#full-text mark").first).to_be_visible()


def typing(page: Page) -> None:
    page.locator("#question").press_sequentially("求学圆梦")
    expect(page.locator("#suggestions li").first).to_be_visible()
    page.keyboard.press("ArrowDown")


STATES: list[Callable[[Page], None]] = [
    first_screen,
    remembered,
    answered,
    clarified,
    abstained,
    understood,
    in_need,
    failed,
    whole_answer,
    typing,
]


def violations(page: Page | Frame) -> list[str]:
    """What axe-core finds with all its rules, each with the places."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
    return [f"{one['id']}: {[node['html'][:150] for node in one['nodes']]}" for one in found]


def every_look(page: Page) -> list[str]:
    """The violations in both colour schemes and both sizes of type."""
    found = []
    # Colours fade from one scheme to the other; what is measured must be what stays.
    page.emulate_media(reduced_motion="reduce")
    for large in (False, True):
        page.evaluate("large => document.documentElement.classList.toggle('large-type', large)", large)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += [f"{scheme}, {'large' if large else 'normal'}: {one}" for one in violations(page)]
    return found


@pytest.mark.parametrize("address_of", ["/", "/embed"])
@pytest.mark.parametrize("state", STATES)
def test_no_state_of_the_chat_has_a_barrier(
    context: BrowserContext, address: str, state: Callable[[Page], None], address_of: str
) -> None:
    with opened(context, address + address_of) as page:
        wait_until_ready(page)
        state(page)
        assert every_look(page) == []


@pytest.mark.parametrize(
    "path",
    ["/?lang=en", "/?lang=zh-Hant", READING, f"{READING}/questions/38?mark=20654-20892", f"{READING}/questions/99"],
)
def test_no_other_page_has_a_barrier(context: BrowserContext, address: str, path: str) -> None:
    with opened(context, address + path) as page:
        assert every_look(page) == []


@pytest.mark.parametrize("question", [ANSWERED, CLARIFIED, ABSTAINED])
def test_no_plain_answer_has_a_barrier(page: Page, question: str) -> None:
    page.fill("#question", question)
    page.evaluate("document.getElementById('ask').submit()")  # past the script that would answer in place
    expect(page.locator("h1.asked")).to_have_text(question)
    assert every_look(page) == []


@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_no_site_gets_a_barrier_by_the_chat(
    browser: Browser, address: str, site: Site, viewport: dict[str, int]
) -> None:
    assert address
    context = browser.new_context(viewport=viewport, locale="zh-CN", bypass_csp=True)
    page = context.new_page()
    page.goto(site.address)
    expect(page.locator("wengong-widget .launcher")).to_be_visible()
    assert every_look(page) == []
    page.locator("wengong-widget .launcher").click()
    chat = embedded(page)
    ask(chat, ANSWERED)
    page.evaluate("delete window.axe")
    assert violations(page) == []
    context.close()


@pytest.mark.parametrize("state", STATES)
def test_text_of_twice_the_size_loses_nothing(
    context: BrowserContext, address: str, state: Callable[[Page], None]
) -> None:
    """WCAG 2.2, 1.4.4: the reader's own text size doubled, on a narrow phone."""
    with opened(context, address) as page:
        wait_until_ready(page)
        state(page)
        page.evaluate("document.documentElement.style.fontSize = '225%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("state", STATES)
def test_targets_are_large_enough_for_a_thumb(
    context: BrowserContext, address: str, state: Callable[[Page], None]
) -> None:
    with opened(context, address) as page:
        wait_until_ready(page)
        state(page)
        assert page.evaluate(SMALLER_THAN, 44) == []
        page.evaluate("document.documentElement.classList.add('large-type')")
        assert page.evaluate(SMALLER_THAN, 60) == []
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 22


def test_what_came_back_is_announced(page: Page) -> None:
    summary = page.locator("#turns > li").last.locator(".summary")
    ask(page, ANSWERED)
    assert page.locator("#conversation").get_attribute("aria-live") == "polite"
    assert summary.get_attribute("role") == "status"
    expect(summary).to_have_text("找到 2 段原文，出自第38问。")
    # The cards are there to be read at leisure, not to be read out at once.
    assert page.locator("#turns > li").last.get_attribute("aria-live") == "off"


def test_the_dialog_keeps_the_focus_and_gives_it_back(page: Page) -> None:
    ask(page, ANSWERED)
    opener = page.get_by_role("button", name="看全文").first
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#full-text-title")).to_be_focused()
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || document.activeElement.closest('#full-text')")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_every_button_can_be_seen_to_have_the_focus(page: Page) -> None:
    ask(page, ANSWERED)
    page.keyboard.press("Tab")
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", page.evaluate("document.activeElement.outerHTML")


# Boxes whose text is cut off: taller or wider inside than outside, and not scrollable by the reader.
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter((one) => {
  const style = getComputedStyle(one);
  if (one.matches(".visually-hidden, .skip-link, svg *") || !one.checkVisibility()) return false;
  const hides = (value) => value === "hidden" || value === "clip";
  return (hides(style.overflowX) && one.scrollWidth > one.clientWidth + 1)
    || (hides(style.overflowY) && one.scrollHeight > one.clientHeight + 1);
}).map((one) => one.outerHTML.slice(0, 200))"""
SMALLER_THAN = """least => [...document.querySelectorAll("a, button, input, select, textarea, [role=option]")]
  .filter((one) => one.checkVisibility() && !one.matches(".skip-link"))
  .filter((one) => { const box = one.getBoundingClientRect(); return Math.min(box.width, box.height) < least; })
  .map((one) => one.outerHTML.slice(0, 200))"""

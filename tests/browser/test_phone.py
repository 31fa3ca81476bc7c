"""What a phone has and lacks: a microphone, a voice, a network that goes away."""

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.steps import ANSWERED, ask, opened, wait_for_answer, wait_until_ready

pytestmark = pytest.mark.xdist_group("browser")
# A headless browser hears nothing and has no voice; these speak the browsers' interfaces, and note what they are told.
MICROPHONE = """
window.webkitSpeechRecognition = window.SpeechRecognition = class extends EventTarget {
  start() { window.hearing = this; }
  stop() { this.dispatchEvent(new Event("end")); }
  hear(...words) {
    const results = words.map((transcript) => [{ transcript }]);
    this.dispatchEvent(Object.assign(new Event("result"), { results }));
  }
  fail(error) { this.dispatchEvent(Object.assign(new Event("error"), { error })); this.stop(); }
};
"""
NO_MICROPHONE = "delete window.webkitSpeechRecognition; delete window.SpeechRecognition;"
VOICE = """
window.spoken = [];
const voice = { speak: (one) => window.spoken.push(one), cancel: () => window.spoken.push("cancel") };
Object.defineProperty(window, "speechSynthesis", { value: voice });
"""


def test_a_question_can_be_dictated_and_read_before_it_is_sent(context: BrowserContext, address: str) -> None:
    context.add_init_script(MICROPHONE)
    with opened(context, address) as page:
        button = page.locator("#dictate")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(page.locator("#question-hint")).to_have_text("正在听，请说话…")
        assert page.evaluate("hearing.lang") == "zh-CN"
        page.evaluate("hearing.hear('农民工', '怎么提升学历')")
        expect(page.locator("#question")).to_have_value(ANSWERED)
        expect(page.locator("#turns > li")).to_have_count(0)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "false")
        page.click("#send")
        wait_for_answer(page, ANSWERED)


@pytest.mark.parametrize(("error", "words"), [("not-allowed", "没有允许使用麦克风"), ("no-speech", "没有听清")])
def test_a_microphone_that_fails_says_why(context: BrowserContext, address: str, error: str, words: str) -> None:
    context.add_init_script(MICROPHONE)
    with opened(context, address) as page:
        page.locator("#dictate").click()
        page.evaluate("error => hearing.fail(error)", error)
        expect(page.locator("#question-hint")).to_contain_text(words)
        expect(page.locator("#dictate")).to_have_attribute("aria-pressed", "false")


def test_without_a_microphone_there_is_no_button(context: BrowserContext, address: str) -> None:
    context.add_init_script(NO_MICROPHONE)
    with opened(context, address) as page:
        wait_until_ready(page)
        expect(page.locator("#dictate")).to_be_hidden()


def test_an_excerpt_is_read_aloud_whole_until_it_is_stopped(context: BrowserContext, address: str) -> None:
    context.add_init_script(VOICE)
    with opened(context, address) as page:
        ask(page, ANSWERED)
        card = page.locator("article").first
        card.get_by_role("button", name="朗读").click()
        excerpt = card.locator("blockquote").evaluate("node => node.textContent")
        assert page.evaluate("spoken.map((one) => one.text).join('')") == excerpt
        assert page.evaluate("spoken[0].lang") == "zh-CN"
        # Another excerpt takes over.
        page.locator("article").nth(1).get_by_role("button", name="朗读").click()
        expect(card.get_by_role("button", name="朗读", exact=True)).to_be_visible()
        page.locator("article").nth(1).get_by_role("button", name="停止朗读").click()
        assert page.evaluate("spoken[spoken.length - 1]") == "cancel"
        # At the end the button is as it was.
        card.get_by_role("button", name="朗读").click()
        page.evaluate("spoken[spoken.length - 1].dispatchEvent(new Event('end'))")
        expect(card.get_by_role("button", name="朗读", exact=True)).to_be_visible()


def test_offline_says_so_and_a_retry_finds_the_same_question(page: Page, context: BrowserContext) -> None:
    context.set_offline(True)
    expect(page.locator("#connection")).to_contain_text("网络断开了")
    ask(page, ANSWERED)
    expect(page.locator(".problem")).to_contain_text("请检查网络")
    expect(page.locator("#question")).to_have_value(ANSWERED)
    context.set_offline(False)
    expect(page.locator("#connection")).to_have_text("网络恢复了。")
    page.get_by_role("button", name="重试").click()
    expect(page.locator("article").first.locator(".label")).to_have_text("第38问")
    expect(page.locator("#question")).to_have_value("")
    expect(page.locator("#turns > li")).to_have_count(1)


def test_an_unreachable_server_loses_nothing(page: Page) -> None:
    page.route("**/v1/ask", lambda route: route.fulfill(status=503, body="{}"))
    ask(page, ANSWERED)
    expect(page.locator(".summary")).to_have_text("服务正在准备")
    assert page.input_value("#question") == ANSWERED
    page.unroute("**/v1/ask")
    page.get_by_role("button", name="重试").click()
    expect(page.locator("article").first.locator(".label")).to_have_text("第38问")


def test_a_slow_network_is_said_and_given_up_in_the_end(page: Page) -> None:
    held: list[Route] = []
    page.route("**/v1/ask", lambda route: held.append(route))  # noqa: PLW0108 -- playwright marks what it is given
    page.clock.install()
    page.fill("#question", ANSWERED)
    page.click("#send")
    expect(page.locator(".summary")).to_have_text("正在查找…")
    page.clock.run_for(4_000)
    expect(page.locator(".summary")).to_have_text("网络有点慢，还在查找…")
    page.clock.run_for(12_000)
    expect(page.locator(".summary")).to_have_text("等了很久没有回应")
    expect(page.locator("#question")).to_have_value(ANSWERED)
    assert len(held) == 1


@pytest.mark.parametrize("body", ["<html>", '{"status": "answered"}', ""])
def test_a_garbled_answer_is_a_problem_that_can_be_retried(page: Page, body: str) -> None:
    page.route("**/v1/ask", lambda route: route.fulfill(status=200, body=body))
    ask(page, ANSWERED)
    expect(page.locator(".summary")).to_have_text("收到的内容不完整")
    expect(page.get_by_role("button", name="重试")).to_be_visible()


def test_the_whole_answer_can_be_fetched_again(page: Page) -> None:
    ask(page, ANSWERED)
    page.route("**/questions/38", lambda route: route.abort())
    page.get_by_role("button", name="看全文").first.click()
    dialog = page.locator("#full-text")
    expect(dialog).to_contain_text("请检查网络")
    page.unroute("**/questions/38")
    dialog.get_by_role("button", name="重试").click()
    expect(dialog.locator("mark").first).to_be_in_viewport()


def test_a_full_or_closed_storage_keeps_nobody_from_asking(context: BrowserContext, address: str) -> None:
    context.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new DOMException('', 'SecurityError'); } });"
    )
    with opened(context, address) as page:
        ask(page, ANSWERED)
        expect(page.locator("article").first.locator(".label")).to_have_text("第38问")
        page.click("#large-type")


def test_motion_is_left_out_where_it_is_not_wanted(page: Page) -> None:
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "smooth"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"

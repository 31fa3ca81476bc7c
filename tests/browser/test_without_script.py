"""The same questions in a browser that runs no scripts: plain forms, plain pages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.steps import ABSTAINED, ANSWERED, CLARIFIED, PHONE

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def plain(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def ask_plainly(page: Page, question: str) -> None:
    page.fill("#question", question)
    page.get_by_role("button", name="发送").click()
    expect(page.locator("h1.asked")).to_have_text(question)


def test_a_question_is_answered_and_no_address_holds_it(plain: Page, address: str) -> None:
    ask_plainly(plain, ANSWERED)
    assert plain.url == f"{address}/"
    card = plain.locator("article").first
    expect(card.locator(".label")).to_have_text("第38问")
    assert card.locator("mark").count() > 0
    card.get_by_role("link", name="看全文").click()
    expect(plain.locator("h1")).to_contain_text("第38问")
    expect(plain.locator("mark").first).to_be_in_viewport()
    plain.get_by_role("link", name="下一问").click()
    expect(plain.locator("h1 .label")).to_have_text("第39问")
    plain.get_by_role("link", name="看目录").click()
    assert plain.locator(".contents a").count() == 50


def test_only_what_works_is_shown(plain: Page) -> None:
    for name in ("#large-type", "#dictate", "#new-conversation", "#recent-box"):
        expect(plain.locator(name)).to_be_hidden()
    expect(plain.get_by_role("button", name="发送")).to_be_enabled()


def test_starters_and_choices_are_asked_by_a_button(plain: Page) -> None:
    plain.fill("#question", "半句")
    plain.locator("#starters button").first.click()
    expect(plain.locator("h1.asked")).to_have_text(ANSWERED)
    plain.go_back()
    ask_plainly(plain, CLARIFIED)
    expect(plain.locator("main")).to_contain_text("您是不是想问")
    label = plain.locator(".choice .label").first.inner_text()
    plain.locator(".choice").first.click()
    expect(plain.locator("article .label").first).to_have_text(label)


def test_no_answer_says_whom_to_ask(plain: Page) -> None:
    ask_plainly(plain, ABSTAINED)
    expect(plain.locator("main")).to_contain_text("手册里没有找到")
    expect(plain.locator("a[href='tel:12351']")).to_be_visible()


def test_a_follow_up_is_understood_and_can_be_taken_alone(plain: Page) -> None:
    ask_plainly(plain, "求学圆梦行动是什么")
    ask_plainly(plain, "那资助了多少人")
    expect(plain.locator(".understood")).to_contain_text("求学圆梦行动是什么 那资助了多少人")
    plain.get_by_role("button", name="只查这一句").click()
    expect(plain.locator("h1.asked")).to_have_text("那资助了多少人")
    expect(plain.locator(".understood")).to_have_count(0)


def test_feedback_is_thanked_for(plain: Page) -> None:
    ask_plainly(plain, ANSWERED)
    plain.get_by_role("button", name="没用").click()
    expect(plain.locator("main")).to_contain_text("谢谢")


def test_a_blank_question_is_explained(plain: Page) -> None:
    plain.get_by_role("button", name="发送").click()
    expect(plain.locator("main")).to_contain_text("问题是空的")
    expect(plain.get_by_role("link", name="回到首页")).to_be_visible()

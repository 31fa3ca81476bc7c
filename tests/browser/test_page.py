"""The chat page in a real Chromium, against a real server, at the width of a phone."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.steps import ABSTAINED, ANSWERED, CLARIFIED, ask, opened, wait_for_answer, wait_until_ready

# One worker for all of them: they share a server and a browser.
pytestmark = pytest.mark.xdist_group("browser")


def test_a_question_gets_a_card_with_the_words_of_the_handbook(page: Page) -> None:
    ask(page, ANSWERED)
    card = page.locator("article").first
    expect(card.locator("h3")).to_have_text("第38问 “求学圆梦行动”能给农民工提供提升学历的机会吗?")
    expect(card).to_contain_text("第五部分 农民工的成长和发展将得到进一步重视")
    expect(card).to_contain_text("《产业工人队伍建设改革职工知识50问》2022年版")
    expect(card.locator("blockquote")).to_contain_text("提升学历")
    assert card.locator("mark").count() > 0


def test_the_excerpt_on_the_page_is_the_excerpt_of_the_answer(page: Page) -> None:
    with page.expect_response("**/v1/ask") as response:
        ask(page, ANSWERED)
    shown = page.locator("article").first.locator("blockquote").evaluate("node => node.textContent")
    assert shown == response.value.json()["citations"][0]["excerpt"]


@pytest.mark.parametrize("way", ["Escape", "close", "back"])
def test_the_full_text_opens_with_the_excerpt_marked_and_leads_back(page: Page, way: str) -> None:
    ask(page, ANSWERED)
    button = page.locator("article").nth(1).get_by_role("button", name="看全文")
    button.scroll_into_view_if_needed()
    place = page.evaluate("scrollY")
    assert place > 0
    button.click()
    dialog = page.locator("#full-text")
    expect(dialog).to_contain_text("求学圆梦行动")
    expect(dialog.locator("mark").first).to_be_in_viewport()
    marked = dialog.locator("mark").all_text_contents()
    excerpt = page.locator("article").nth(1).locator("blockquote").evaluate("node => node.textContent")
    assert "".join(marked) == excerpt.replace("\n", "")
    if way == "Escape":
        page.keyboard.press("Escape")
    elif way == "close":
        page.click("#full-text-close")
    else:
        page.go_back()
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    assert page.evaluate("scrollY") == pytest.approx(place, abs=2)
    page.wait_for_function("!history.state")
    expect(page.locator("#turns > li")).to_have_count(1)


def test_an_unclear_question_offers_questions_to_choose_from(page: Page) -> None:
    ask(page, CLARIFIED)
    answer = page.locator("#turns > li").last
    expect(answer).to_contain_text("您是不是想问")
    choices = answer.locator(".choice")
    assert choices.count() == 3
    label = choices.first.locator(".label").inner_text()
    choices.first.click()
    expect(page.locator("#turns > li")).to_have_count(2)
    chosen = page.locator("#turns > li").last
    expect(chosen.locator("article .label").first).to_have_text(label)
    expect(chosen.locator(".asked")).to_be_focused()


def test_a_question_the_handbook_does_not_answer_says_so_and_whom_to_ask(page: Page) -> None:
    ask(page, ABSTAINED)
    expect(page.locator("#turns")).to_contain_text("手册里没有找到能回答这个问题的内容")
    expect(page.locator("#turns a[href='tel:12351']")).to_be_visible()
    expect(page.locator("#turns .section-title")).to_have_text(["您可以问", "手册里相近的问题"])
    expect(page.locator("article")).to_have_count(0)


def test_somebody_in_need_is_told_whom_to_call_first(page: Page) -> None:
    ask(page, "不想活了")
    first = page.locator("#turns .answer > *").first
    expect(first).to_have_text("需要马上帮助的话")
    assert page.locator(".urgent a").evaluate_all("all => all.map((one) => one.getAttribute('href'))") == [
        "tel:110",
        "tel:120",
        "tel:12356",
        "tel:12351",
    ]


def test_a_follow_up_says_what_was_looked_up_and_can_be_taken_alone(page: Page) -> None:
    ask(page, "求学圆梦行动是什么")
    ask(page, "那资助了多少人")
    answer = page.locator("#turns > li").last
    expect(answer.locator(".understood")).to_contain_text("按“求学圆梦行动是什么 那资助了多少人”查找")
    with page.expect_request("**/v1/ask") as request:
        answer.get_by_role("button", name="只查这一句").click()
    assert request.value.post_data_json["history"] == []
    wait_for_answer(page, "那资助了多少人")
    expect(answer.locator(".understood")).to_have_count(0)
    expect(answer.locator(".asked")).to_be_focused()


def test_what_was_taken_for_a_misspelling_can_be_changed(page: Page) -> None:
    ask(page, "qiu xue yuan meng xing dong")
    expect(page.locator(".understood")).to_contain_text("求学")
    page.get_by_role("button", name="改一改再问").click()
    expect(page.locator("#question")).to_be_focused()
    expect(page.locator("#question")).to_have_value("qiu xue yuan meng xing dong")


@pytest.mark.parametrize(
    ("first", "body"), [("有用", {"useful": True}), ("没用", {"useful": False, "reason": "看不懂"})]
)
def test_feedback_is_sent_once(page: Page, first: str, body: dict[str, object]) -> None:
    ask(page, ANSWERED)
    with page.expect_response("**/v1/feedback") as response:
        page.get_by_role("button", name=first, exact=True).click()
        if "reason" in body:
            page.get_by_role("button", name=str(body["reason"])).click()
    assert response.value.status == 200
    sent = response.value.request.post_data_json
    assert {key: sent[key] for key in sent if key != "answer_id"} == body
    expect(page.locator(".feedback")).to_contain_text("谢谢")
    expect(page.locator(".feedback button:visible")).to_have_count(0)


def test_an_excerpt_is_copied_with_its_source(page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, ANSWERED)
    card = page.locator("article").first
    card.get_by_role("button", name="复制").click()
    expect(card.locator(".note")).to_have_text("原文和出处已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    excerpt = card.locator("blockquote").evaluate("node => node.textContent")
    assert copied.startswith(excerpt)
    assert copied.endswith(
        "——《产业工人队伍建设改革职工知识50问》2022年版，第五部分 农民工的成长和发展将得到进一步重视，"
        "第38问：“求学圆梦行动”能给农民工提供提升学历的机会吗?"
    )


def test_a_shared_link_opens_the_question_with_the_excerpt_marked(page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, ANSWERED)
    card = page.locator("article").first
    card.get_by_role("button", name="分享").click()
    expect(card.locator(".note")).to_contain_text("链接已复制")
    link = page.evaluate("navigator.clipboard.readText()")
    assert ANSWERED not in link
    excerpt = card.locator("blockquote").evaluate("node => node.textContent")
    with opened(context, link) as shared:
        expect(shared.locator("h1")).to_contain_text("第38问")
        assert "".join(shared.locator("mark").all_text_contents()) == excerpt.replace("\n", "")
        expect(shared.locator("mark").first).to_be_in_viewport()
    with opened(context, link.replace("2022", "2020")) as older:
        expect(older.locator(".outdated")).to_contain_text("2020年版")
        expect(older.locator("mark")).to_have_count(0)


def test_a_phone_that_can_share_is_given_the_link(context: BrowserContext, address: str) -> None:
    context.add_init_script("navigator.share = async (given) => { window.shared = given; }")
    with opened(context, address) as page:
        ask(page, ANSWERED)
        page.locator("article").first.get_by_role("button", name="分享").click()
        page.wait_for_function("window.shared")
        assert "/read/industrial-workers-50/questions/38?edition=" in page.evaluate("shared.url")


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
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("article").first.locator(".label")).to_have_text("第38问")


def test_starter_questions_are_asked_with_one_tap(page: Page) -> None:
    page.locator("#starters button").first.click()
    expect(page.locator("article").first.locator(".label")).to_have_text("第38问")


def test_what_was_asked_is_remembered_on_this_device_and_forgotten_with_one_tap(page: Page) -> None:
    ask(page, ANSWERED)
    ask(page, ABSTAINED)
    page.fill("#question", "还没写完")
    page.reload()
    wait_until_ready(page)
    expect(page.locator("#turns > li")).to_have_count(2)
    expect(page.locator("#question")).to_have_value("还没写完")
    page.click("#new-conversation")
    expect(page.locator("#turns > li")).to_have_count(0)
    expect(page.locator("#recent .choice")).to_have_text([ABSTAINED, ANSWERED])
    page.click("#clear-history")
    expect(page.locator("#recent-box")).to_be_hidden()
    expect(page.locator("#history-status")).to_have_text("这台设备上的记录已经清除。")
    kept = page.evaluate("[JSON.stringify(localStorage), JSON.stringify(sessionStorage)].join()")
    assert ANSWERED not in kept
    assert ABSTAINED not in kept
    assert "还没写完" not in kept


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_the_page_speaks_three_languages_and_the_excerpt_stays_as_printed(
    context: BrowserContext, address: str, language: str
) -> None:
    with opened(context, f"{address}/?lang={language}") as page:
        assert page.locator("html").get_attribute("lang") == language
        ask(page, ANSWERED)
        expected = {"zh-Hans": "看全文", "zh-Hant": "複製", "en": "Whole answer"}
        card = page.locator("article").first
        expect(card.get_by_role("button", name=expected[language])).to_be_visible()
        assert card.locator("blockquote").get_attribute("lang") == "zh-Hans"
        expect(card.locator("blockquote")).to_contain_text("学历")
        chinese = re.sub(r"[^\u4e00-\u9fff]", "", page.locator(".composer").inner_text())
        assert (chinese == "") == (language == "en") or chinese == "中文"


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_sticks_out_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 780})
    ask(page, "新八级工是哪八级")
    page.click("#large-type")
    scroll_width = page.evaluate("document.documentElement.scrollWidth")
    assert scroll_width <= width

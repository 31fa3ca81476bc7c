"""The chat on a site of somebody else: a real site, a real service, each with an origin of its own."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Locator, Page, expect

from tests.browser.steps import ANSWERED, DESK, PHONE, Site, ask, embedded, opened, wait_for_answer

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def desk(browser: Browser) -> BrowserContext:
    made = browser.new_context(viewport=DESK, locale="zh-CN")
    yield made
    made.close()


def launcher(page: Page) -> Locator:
    return page.locator("wengong-widget .launcher")


def panel(page: Page) -> Locator:
    return page.locator("wengong-widget .panel")


def opened_chat(page: Page) -> Frame:
    launcher(page).click()
    return embedded(page)


@pytest.mark.parametrize("path", ["/", "/hostile"])
def test_neither_styles_nor_policy_of_the_site_break_it(
    desk: BrowserContext, address: str, site: Site, path: str
) -> None:
    assert site.service == address
    with opened(desk, site.address + path) as page:
        box = launcher(page).bounding_box()
        assert box == {"x": 1280 - 20 - 72, "y": 800 - 20 - 72, "width": 72, "height": 72}
        chat = opened_chat(page)
        box = panel(page).bounding_box()
        assert box is not None
        assert (box["x"] + box["width"], box["width"]) == (1260, 420)
        ask(chat, ANSWERED)
        expect(chat.locator("article .label").first).to_have_text("第38问")
        assert launcher(page).evaluate("node => getComputedStyle(node).fontSize") == "15px"
        # What a person sees at its place is the chat, not something of the site above it.
        assert page.evaluate("document.elementFromPoint(1050, 400).localName") == "wengong-widget"


def test_nothing_is_fetched_before_it_is_opened(desk: BrowserContext, address: str, site: Site) -> None:
    fetched: list[str] = []
    desk.on("request", lambda request: fetched.append(request.url))
    with opened(desk, site.address) as page:
        expect(launcher(page)).to_be_visible()
        assert [url for url in fetched if url.startswith(address)] == [f"{address}/widget.js"]
        opened_chat(page)
    assert {url for url in fetched if not url.startswith((address, site.address))} == set()


def test_the_focus_goes_in_stays_and_comes_back(desk: BrowserContext, address: str, site: Site) -> None:
    assert address
    with opened(desk, site.address) as page:
        page.locator("#own").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        chat = embedded(page)
        expect(chat.locator("#question")).to_be_focused()
        page.keyboard.press("Escape")
        expect(panel(page)).to_be_hidden()
        expect(launcher(page)).to_be_focused()
        expect(launcher(page)).to_have_attribute("aria-expanded", "false")
        # Opened by the site's own button, it gives the focus back to that.
        page.locator("#own").focus()
        page.evaluate("wengong.open()")
        expect(chat.locator("#question")).to_be_focused()
        chat.locator("#close").click()
        expect(panel(page)).to_be_hidden()
        expect(page.locator("#own")).to_be_focused()


def test_escape_closes_what_is_open_inside_first(desk: BrowserContext, address: str, site: Site) -> None:
    assert address
    with opened(desk, site.address) as page:
        chat = opened_chat(page)
        ask(chat, ANSWERED)
        chat.get_by_role("button", name="看全文").first.click()
        expect(chat.locator("#full-text mark").first).to_be_visible()
        page.keyboard.press("Escape")
        expect(chat.locator("#full-text")).to_be_hidden()
        expect(panel(page)).to_be_visible()
        page.keyboard.press("Escape")
        expect(panel(page)).to_be_hidden()


def test_on_a_phone_it_covers_the_page_and_keeps_the_focus(context: BrowserContext, address: str, site: Site) -> None:
    assert address
    with opened(context, site.address) as page:
        chat = opened_chat(page)
        assert panel(page).bounding_box() == {"x": 0, "y": 0, **PHONE}
        for _ in range(25):
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.id") != "own"
        chat.locator("#close").click()
        expect(launcher(page)).to_be_focused()
        assert page.evaluate("document.documentElement.style.overflow") == ""


def test_a_page_can_ask_open_and_close(desk: BrowserContext, address: str, site: Site) -> None:
    assert address
    with opened(desk, site.address) as page:
        page.wait_for_function("window.wengong")
        page.evaluate("question => wengong.ask(question)", ANSWERED)
        chat = embedded(page)
        wait_for_answer(chat, ANSWERED)
        expect(chat.locator("article .label").first).to_have_text("第38问")
        page.evaluate("wengong.close()")
        expect(panel(page)).to_be_hidden()
        page.evaluate("wengong.open()")
        expect(panel(page)).to_be_visible()
        expect(chat.locator("#turns > li")).to_have_count(1)


def test_messages_of_others_are_ignored(desk: BrowserContext, address: str, site: Site) -> None:
    with opened(desk, f"{site.address}/?data-open") as page:
        chat = embedded(page)
        # To the site's page: right words, but not from the frame.
        page.evaluate("window.postMessage({ wengong: 'close' }, '*')")
        page.evaluate(
            """address => new Promise((done) => {
            const event = new MessageEvent("message", { data: { wengong: "close" }, origin: address, source: window });
            window.dispatchEvent(event);
            setTimeout(done, 200);
        })""",
            address,
        )
        expect(panel(page)).to_be_visible()
        # To the chat: from itself, from a wrong origin, and in wrong shapes.
        chat.evaluate("""() => new Promise((done) => {
            window.postMessage({ wengong: "ask", text: "第38问" }, "*");
            const from = (origin, data) =>
              window.dispatchEvent(new MessageEvent("message", { data, origin, source: window.parent }));
            from("https://evil.example", { wengong: "ask", text: "第38问" });
            from("null", { wengong: "ask", text: "第38问" });
            setTimeout(done, 300);
        })""")
        page.evaluate("""() => {
            const frame = document.querySelector("wengong-widget").shadowRoot.querySelector("iframe").contentWindow;
            const wrong = [null, "ask", 5, {}, { wengong: "ask" }, { wengong: "ask", text: 5 }];
            for (const data of [...wrong, { wengong: "ask", text: " " }]) frame.postMessage(data, "*");
        }""")
        page.wait_for_timeout(300)
        expect(chat.locator("#turns > li")).to_have_count(0)
        page.evaluate("wengong.ask('第38问')")
        expect(chat.locator("#turns > li")).to_have_count(1)


def test_a_site_that_is_not_allowed_sees_no_chat(desk: BrowserContext, address: str, site: Site) -> None:
    """The same site under another name is another origin: the browser refuses the frame, and a link is offered."""
    page = desk.new_page()
    page.clock.install()
    page.goto(site.address.replace("127.0.0.1", "localhost"))
    # Chromium tells of the refusal when the answer to the frame's request is there, however long that takes.
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        launcher(page).click()
    page.clock.run_for(11_000)
    expect(panel(page)).to_contain_text("没有打开")
    link = panel(page).locator("a")
    assert link.get_attribute("href") == f"{address}/?lang=zh-Hans"
    panel(page).get_by_role("button", name="关闭").click()
    expect(panel(page)).to_be_hidden()


def test_options_of_the_script_are_heeded(desk: BrowserContext, address: str, site: Site) -> None:
    assert address
    options = "data-position=left&data-lang=en&data-handbook=industrial-workers-50&data-open"
    with opened(desk, f"{site.address}/?{options}") as page:
        chat = embedded(page)
        assert page.evaluate("document.activeElement.localName") == "body"
        box = launcher(page).bounding_box()
        assert box is not None
        assert box["x"] == 20
        assert chat.locator("html").get_attribute("lang") == "en"
        with page.expect_request("**/v1/ask") as request:
            ask(chat, ANSWERED)
        assert request.value.post_data_json["handbook"] == "industrial-workers-50"


def test_a_phone_is_not_covered_by_itself(context: BrowserContext, address: str, site: Site) -> None:
    assert address
    with opened(context, f"{site.address}/?data-open") as page:
        expect(launcher(page)).to_be_visible()
        expect(panel(page)).to_be_hidden()


def test_turning_the_phone_keeps_the_conversation(desk: BrowserContext, address: str, site: Site) -> None:
    assert address
    with opened(desk, site.address) as page:
        chat = opened_chat(page)
        ask(chat, ANSWERED)
        page.set_viewport_size(PHONE)
        expect(panel(page)).to_have_class("panel ready whole")
        expect(chat.locator("#turns > li")).to_have_count(1)
        page.set_viewport_size(DESK)
        expect(panel(page)).to_have_class("panel ready")


def test_an_old_browser_gets_a_link(desk: BrowserContext, address: str, site: Site) -> None:
    desk.add_init_script("delete HTMLDialogElement.prototype.showModal")
    with opened(desk, site.address) as page:
        link = page.get_by_role("link", name="打开问工")
        assert link.get_attribute("href") == f"{address}/?lang=zh-Hans"
        page.evaluate("wengong.close()")

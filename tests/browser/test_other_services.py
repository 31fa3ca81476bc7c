"""Services that are set up otherwise: several handbooks, hostile ones, and those where not everybody may ask."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from chat_api import create_app
from chat_api.settings import ServerSettings
from chat_api.wechat.settings import WeChatSettings
from ingest.pipeline import build_index
from retriever.encoder import Encoder
from retriever.settings import RetrieverSettings
from tests.browser.steps import ABSTAINED, PHONE, ask, opened, wait_until_ready

pytestmark = pytest.mark.xdist_group("browser")
KEY = "k" * 24
ATTACK = "<img src=x onerror=\"document.title='stolen'\"><script>document.title='stolen'</script>"
Serve = Callable[[Any], str]


def served(serve: Serve, data: Path, wechat: WeChatSettings | None = None, **settings: Any) -> str:
    return serve(create_app(ServerSettings(**settings), RetrieverSettings(data=data), wechat))


@pytest.fixture(scope="session")
def hostile_data(
    tmp_path_factory: pytest.TempPathFactory,
    encoder: Encoder,
    write_handbook: Callable[[Path, dict[str, str]], Path],
) -> Path:
    """Two handbooks; in the second everything that print can hold is an attack."""
    folder = tmp_path_factory.mktemp("hostile")
    plain = write_handbook(
        folder / "books" / "paid-leave",
        {"年休假有几天？": "职工累计工作已满1年的，年休假5天。", "加班费怎么算？": "按小时算。"},
    )
    hostile = write_handbook(
        folder / "books" / "hostile",
        {
            f"安全帽怎么领{ATTACK}？": f"安全帽由班组长发放{ATTACK}。\n</script></style>--><svg onload=alert(1)>",
            f"手套怎么领{ATTACK}？": f"手套由班组长发放{ATTACK}。",
        },
    )
    manifest = hostile / "manifest.toml"
    words = manifest.read_text(encoding="utf-8")
    words = words.replace('title = "hostile 手册"', f"title = '''手册{ATTACK}'''")
    words = words.replace('edition = "试印本"', f"edition = '''试印{ATTACK}'''")
    words += f"starter_questions = ['''安全帽怎么领{ATTACK}''']\n"
    manifest.write_text(words, encoding="utf-8")
    build_index([plain, hostile], folder / "data" / "index", encoder)
    return folder / "data"


def assert_harmless(page: Page) -> None:
    page.wait_for_timeout(100)
    assert "stolen" not in page.title() or "<script>" in page.title()
    assert page.evaluate("document.title === 'stolen'") is False
    assert page.locator("img:not(.logo), svg, script:not([src]):not([type='application/json'])").count() == 0


def test_an_attack_in_question_and_handbook_stays_text(
    context: BrowserContext, serve: Serve, hostile_data: Path
) -> None:
    contact = f"找工会{ATTACK}"
    with opened(context, served(serve, hostile_data, contact=contact)) as page:
        assert_harmless(page)
        page.select_option("#handbook", "hostile")
        expect(page.locator("#starters")).to_contain_text("<script>")
        ask(page, f"安全帽怎么领{ATTACK}")
        expect(page.locator(".asked")).to_have_text(f"安全帽怎么领{ATTACK}")
        expect(page.locator("article").first).to_contain_text("<script>")
        page.get_by_role("button", name="看全文").first.click()
        expect(page.locator("#full-text mark").first).to_be_visible()
        assert_harmless(page)
        page.keyboard.press("Escape")
        ask(page, ABSTAINED + ATTACK)
        assert_harmless(page)
        page.locator("#question").fill("安全帽")
        page.locator("#question").press_sequentially("怎么领")
        expect(page.locator("#suggestions")).to_contain_text("<script>")
        page.reload()
        wait_until_ready(page)
        assert_harmless(page)
        page.click("#new-conversation")
        expect(page.locator("#recent")).to_contain_text("<script>")
        assert_harmless(page)


def test_an_attack_stays_text_without_scripts_too(browser: Browser, serve: Serve, hostile_data: Path) -> None:
    # Scripts run here: on these pages only an attack would bring one.
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    address = served(serve, hostile_data)
    with opened(context, f"{address}/read/hostile/questions/1?edition={ATTACK}&mark=1-5") as page:
        expect(page.locator(".outdated").first).to_contain_text("<script>")
        assert_harmless(page)
        page.goto(f"{address}/read/hostile")
        assert_harmless(page)
        page.goto(f"{address}/read/{ATTACK}")
        assert_harmless(page)
        page.goto(f"{address}/?lang={ATTACK}&handbook=paid-leave")
        page.evaluate(
            """attack => {
            const form = document.createElement("form");
            form.method = "post";
            for (const name of ["question", "history", "handbook", "lang"]) {
              const field = document.createElement("input");
              Object.assign(field, { name, value: name === "handbook" ? "" : "安全帽怎么领" + attack });
              form.append(field);
            }
            document.body.append(form);
            form.submit();
        }""",
            ATTACK,
        )
        expect(page.locator("h1.asked")).to_contain_text("<script>")
        expect(page.locator("article").first).to_contain_text("<script>")
        assert_harmless(page)
    context.close()


def test_of_several_handbooks_one_can_be_picked(context: BrowserContext, serve: Serve, hostile_data: Path) -> None:
    with opened(context, served(serve, hostile_data)) as page:
        wait_until_ready(page)
        expect(page.locator("#handbook option")).to_have_count(3)
        page.select_option("#handbook", "paid-leave")
        expect(page.locator("#starters .label").first).to_have_text("第1问")
        with page.expect_request("**/v1/ask") as request:
            ask(page, "安全帽怎么领")
        assert request.value.post_data_json["handbook"] == "paid-leave"
        page.locator("#question").press_sequentially("怎么")
        expect(page.locator("#suggestions li")).to_have_count(1)
        page.fill("#question", "")
        page.click("#new-conversation")
        page.select_option("#handbook", "")
        with page.expect_request("**/v1/ask") as request:
            ask(page, "安全帽怎么领")
        assert "handbook" not in request.value.post_data_json


def test_an_access_code_opens_the_chat(context: BrowserContext, serve: Serve, hostile_data: Path) -> None:
    with opened(context, served(serve, hostile_data, auth="api_key", api_keys=(KEY,))) as page:
        expect(page.locator("#access")).to_contain_text("没有访问码的，请向单位工会要")
        page.fill("#access-key", "错的")
        page.get_by_role("button", name="确定").click()
        expect(page.locator("#access-problem")).to_have_text("访问码不对，请核对后再填。")
        page.fill("#access-key", "wrong")
        page.get_by_role("button", name="确定").click()
        expect(page.locator("#access")).to_be_hidden()
        ask(page, "年休假有几天？")
        expect(page.locator("#access-problem")).to_have_text("访问码不对，请核对后再填。")
        expect(page.locator("#access-key")).to_be_focused()
        page.fill("#access-key", KEY)
        page.get_by_role("button", name="确定").click()
        expect(page.locator("article").first).to_contain_text("年休假5天")
        expect(page.locator("#access")).to_be_hidden()
        assert KEY not in page.evaluate("JSON.stringify(localStorage)")
        page.reload()
        expect(page.locator("#access")).to_be_hidden()
        ask(page, "加班费怎么算？")
        expect(page.locator("article").last).to_contain_text("按小时算")


def test_where_only_the_mini_program_asks_the_page_says_so(
    context: BrowserContext, serve: Serve, hostile_data: Path
) -> None:
    with opened(
        context, served(serve, hostile_data, WeChatSettings(wechat_trust_headers=True), auth="cloudrun")
    ) as page:
        wait_until_ready(page)
        expect(page.locator("main")).to_contain_text("请在微信里打开单位工会的小程序提问")
        expect(page.locator("#question")).to_have_count(0)
        page.click("#large-type")


def test_without_an_index_the_page_opens_and_says_so_when_asked(
    context: BrowserContext, serve: Serve, tmp_path: Path
) -> None:
    with opened(context, served(serve, tmp_path)) as page:
        ask(page, "年休假有几天？")
        expect(page.locator(".problem")).to_be_visible()
        expect(page.get_by_role("button", name="重试")).to_be_visible()
        expect(page.locator("#question")).to_have_value("年休假有几天？")

"""The console in a real Chromium, against a real server, with its state in SQLite and in PostgreSQL."""

import json
import re
import shutil
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, Self

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

REPOSITORY = Path(__file__).resolve().parents[2]
# One worker for all of them: they share a server and a browser.
pytestmark = [pytest.mark.xdist_group("console"), pytest.mark.timeout(600)]
# On a busy machine a page may take a while, and a version of the shipped handbook is built from the ground.
expect.set_options(timeout=30_000)
BUILT_WITHIN_MS = 300_000
QUESTION = "续个文凭的门道在哪"
SECTION = "industrial-workers-50/q38"
ATTACK = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
PAGES = ["", "/unanswered", "/wordings", "/hit-test", "/evals", "/versions", "/handbooks", "/audit"]


class Site(NamedTuple):
    """A running service."""

    address: str
    data: Path
    tokens: dict[str, str]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    data_folder: Path,
    write_handbook: Callable[[Path, dict[str, str]], Path],
) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("console") / "data"
    shutil.copytree(data_folder, data)
    write_handbook(data / "handbooks" / "odd-book", {f"什么是黑砖窑{ATTACK}？": f"黑砖窑是违法用工。{ATTACK}"})
    url = request.getfixturevalue("postgresql").new_database() if request.param == "postgresql" else ""
    environment = {
        "WENGONG_DATA": str(data),
        "WENGONG_DATABASE_URL": url,
        "WENGONG_QUESTION_LOG": "true",
        "PATH": "/usr/bin:/bin",
    }
    wengong = [sys.executable, "-m", "wengong"]

    def token(name: str, role: str) -> str:
        command = [*wengong, "staff", "add", name, "--role", role]
        return subprocess.check_output(command, env=environment, cwd=REPOSITORY, text=True).strip()

    tokens = {"编辑甲": token("编辑甲", "editor"), "发布人甲": token("发布人甲", "publisher")}
    with subprocess.Popen(
        [*wengong, "serve", "--port", "0"], stderr=subprocess.PIPE, text=True, env=environment, cwd=REPOSITORY
    ) as server:
        assert server.stderr is not None
        found = next(match for line in server.stderr if (match := re.search(r"http://[\d.]+:\d+", line)))
        # Read on, so that the pipe never fills up.
        threading.Thread(target=server.stderr.read, daemon=True).start()
        yield Site(found[0], data, tokens)
        server.terminate()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 360, "height": 780}, locale="zh-CN")
    yield opened
    opened.close()


class Staff:
    """Somebody with a browser of their own."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.page = context.new_page()
        self.site = site
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, message: ConsoleMessage) -> None:
        # The browser's own line for a refused request is no error of the page.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.problems.append(message.text)

    def log_in(self, name: str, token: str | None = None) -> None:
        self.page.goto(f"{self.site.address}/console/login")
        self.page.fill("#name", name)
        self.page.fill("#token", self.site.tokens[name] if token is None else token)
        self.page.get_by_role("button", name="登录").click()

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.site.address}/console{path}")
        return self.page


@pytest.fixture
def staff(browser: Browser, site: Site) -> Iterator[Callable[[str], Staff]]:
    opened: list[tuple[BrowserContext, Staff]] = []

    def person(name: str) -> Staff:
        context = browser.new_context(viewport={"width": 360, "height": 780}, locale="zh-CN")
        opened.append((context, Staff(context, site)))
        opened[-1][1].log_in(name)
        expect(opened[-1][1].page.locator(".who")).to_contain_text(name)
        return opened[-1][1]

    yield person
    for context, one in opened:
        context.close()
        assert one.problems == []


def post(site: Site, path: str, **fields: object) -> tuple[int, dict[str, Any]]:
    request = urllib.request.Request(
        site.address + path, json.dumps(fields).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        return response.status, json.load(response)


class Load:
    """Somebody who asks without a pause."""

    def __init__(self, site: Site) -> None:
        self.statuses: list[int] = []
        self.versions: set[object] = set()
        self._site = site
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._ends.is_set():
            status, answer = post(self._site, "/v1/ask", question="农民工怎么提升学历")
            self.statuses.append(status)
            self.versions.add(answer["index_version"])
            self._ends.wait(0.02)


def ask_in_vain(site: Site, question: str, reason: str) -> None:
    _, answer = post(site, "/v1/ask", question=question)
    assert answer["status"] != "answered"
    assert post(site, "/v1/feedback", answer_id=answer["answer_id"], useful=False, reason=reason)[0] == 200


def publish(publisher: Staff) -> None:
    page = publisher.open("/versions")
    page.get_by_role("button", name="发布草稿").click()
    # The page follows the work by itself.
    expect(page.locator("#job")).to_contain_text("完成", timeout=BUILT_WITHIN_MS)


def attach(editor: Staff) -> None:
    """The editor's part: what was of no use is attached to a question, and waits for somebody else."""
    page = editor.open("/unanswered")
    group = page.locator("section.card", has_text=QUESTION)
    expect(group).to_contain_text("没有说去哪里办")
    group.get_by_label("哪一问能答").select_option(SECTION)
    group.get_by_role("button", name="挂到这一问").click()
    expect(page.get_by_role("status")).to_contain_text("等另一个人批准")
    expect(page.locator("section.card", has_text=QUESTION)).to_have_count(0)
    page = editor.open("/wordings")
    expect(page.locator("li", has_text=QUESTION)).to_contain_text("要由另一个人批准")
    expect(page.get_by_role("button", name="批准", exact=True)).to_have_count(0)


def approve(publisher: Staff) -> None:
    page = publisher.open("/wordings")
    proposal = page.locator("li", has_text=QUESTION)
    expect(proposal.locator(".finding")).to_contain_text("现在这样问")
    proposal.get_by_role("button", name="批准", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已批准")
    page = publisher.open("/versions")
    expect(page.locator(".card", has_text="草稿和现在的差别")).to_contain_text(QUESTION)


def roll_back(publisher: Staff, version: str) -> None:
    page = publisher.open("/versions")
    page.locator("li", has_text=version).get_by_role("button", name="退回").click()
    expect(page.get_by_role("status").first).to_contain_text("马上生效")


def test_from_feedback_to_an_answer_under_load_and_back(site: Site, staff: Callable[[str], Staff]) -> None:
    ask_in_vain(site, QUESTION, "没有说去哪里办")
    editor, publisher = staff("编辑甲"), staff("发布人甲")
    attach(editor)
    approve(publisher)
    before = post(site, "/v1/ask", question=QUESTION)[1]
    with Load(site) as load:
        publish(publisher)
        wait_until_served(site, before["index_version"])
    assert set(load.statuses) == {200}
    assert len(load.statuses) > 20
    assert len(load.versions) == 2
    after = post(site, "/v1/ask", question=QUESTION)[1]
    assert (after["status"], after["citations"][0]["question_number"]) == ("answered", 38)

    page = editor.open("/versions")
    expect(page.get_by_role("button", name="发布草稿")).to_have_count(0)
    expect(page.get_by_role("button", name="退回")).to_have_count(0)
    roll_back(publisher, before["index_version"])
    wait_until_served(site, after["index_version"])
    assert post(site, "/v1/ask", question=QUESTION)[1]["index_version"] == before["index_version"]


def wait_until_served(site: Site, other_than: str) -> None:
    """Until another version answers: a process looks for one every second."""
    for _ in range(2_000):
        if post(site, "/v1/ask", question="第38问")[1]["index_version"] != other_than:
            return
        threading.Event().wait(0.05)
    pytest.fail(f"still {other_than}")
    raise AssertionError("the version does not change")


def test_what_people_and_handbooks_say_stays_text(site: Site, staff: Callable[[str], Staff]) -> None:
    ask_in_vain(site, f"铺盖卷 {ATTACK}", f"看不懂 {ATTACK}")
    editor, publisher = staff("编辑甲"), staff("发布人甲")
    page = editor.open("/unanswered?kind=attack")
    group = page.locator("section.card", has_text="铺盖卷")
    expect(group.locator("h2")).to_contain_text(ATTACK)
    expect(group.locator("blockquote")).to_contain_text(ATTACK)
    page = editor.open(f"/wordings?section={SECTION}")
    page.get_by_label("添加问法").fill(f"念书 {ATTACK}")
    page.get_by_role("button", name="先检查").click()
    expect(page.locator("#checked")).to_contain_text(ATTACK)
    page.get_by_role("button", name="提议添加").click()
    expect(page.locator("li", has_text="念书").first).to_contain_text(ATTACK)
    page = publisher.open("/wordings")
    page.locator("li", has_text="念书").get_by_role("button", name="批准", exact=True).click()
    publish(publisher)
    page = publisher.open("/hit-test")
    page.get_by_label("问题", exact=True).fill("什么是黑砖窑")
    page.get_by_role("button", name="试一试").click()
    expect(page.locator("#result blockquote").first).to_contain_text(ATTACK)
    for path in [*PAGES, f"/wordings?section={SECTION}"]:
        page = publisher.open(path)
        expect(page.locator("img")).to_have_count(0)
        assert "owned" not in page.title()
    assert ATTACK in page.locator("body").inner_text()


def test_a_stranger_a_wrong_token_and_a_lockout(site: Site, context: BrowserContext) -> None:
    person = Staff(context, site)
    expect(person.open("/versions").get_by_role("heading", level=1)).to_have_text("登录")
    for _ in range(5):
        person.log_in("没有这个人", "wrong")
        expect(person.page.get_by_role("alert")).to_contain_text("姓名或口令不对")
    person.log_in("没有这个人", "wrong")
    expect(person.page.get_by_role("alert")).to_contain_text("15 分钟")
    assert person.problems == []


def test_a_form_of_another_site_is_refused(staff: Callable[[str], Staff]) -> None:
    publisher = staff("发布人甲")
    page = publisher.open("/versions")
    page.evaluate("document.querySelectorAll('[name=form_token]').forEach(field => field.value = 'guessed')")
    page.get_by_role("button", name="发布草稿").click()
    expect(page.get_by_role("alert")).to_contain_text("表单已经过期")


def test_the_hit_test_shows_the_way_without_loading_the_page_anew(staff: Callable[[str], Staff]) -> None:
    page = staff("编辑甲").open("/hit-test")
    page.evaluate("window.sameDocument = true")
    page.get_by_label("问题", exact=True).fill("农民工怎么提升学历")
    page.get_by_role("button", name="试一试").click()
    result = page.locator("#result")
    expect(result.get_by_role("heading", name="结果")).to_contain_text("已作答")
    expect(result).to_contain_text("达到作答线")
    expect(result.locator("summary").filter(has_text="第38问").first).to_contain_text("总分")
    for search in ("原文 · 语义", "原文 · 用词", "问法 · 语义", "问法 · 用词"):
        expect(result).to_contain_text(search)
    assert page.evaluate("window.sameDocument") is True


@pytest.mark.parametrize("path", [*PAGES, f"/wordings?section={SECTION}&find=圆梦", "/handbooks/industrial-workers-50"])
def test_every_page_is_accessible_and_fits_a_phone(path: str, staff: Callable[[str], Staff]) -> None:
    page = staff("发布人甲").open(path)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

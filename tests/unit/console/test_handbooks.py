import html
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from console.errors import UploadInvalid
from console.places import Places
from console.publishing import served_version
from console.state import ConsoleState
from console.state.wordings import Proposal
from console.uploads import MAX_UPLOAD_BYTES, Upload, check_upload, keep_upload

BOOK = "第1问 什么是工会小组？\n工会小组是基层工会的组织。\n\n第2问 工会小组怎么选组长？\n由会员民主选举。\n"
# Where nothing depends on the kind of database, one kind is enough.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NEXT = "第1问 什么是工会会员？\n加入工会的职工。\n\n" + BOOK.replace("第2问", "第3问").replace("第1问", "第2问")
FIELDS = {"handbook_id": "team-book", "title": "小组手册", "edition": "第一版", "publisher": "某工会"}


def upload(browser: Any, content: bytes, name: str = "book.txt", **fields: str) -> Any:
    data = {"form_token": browser.form_token("/console/handbooks"), **FIELDS, **fields}
    return browser.http.post("/console/handbooks/upload", data=data, files={"file": (name, content)})


def report(browser: Any) -> str:
    for _ in range(300):
        if "进行中" not in browser.http.get("/console/handbooks/job").text:
            return html.unescape(browser.http.get("/console/handbooks").text)
        time.sleep(0.1)
    raise AssertionError("the job does not end")


def take(browser: Any, state: ConsoleState) -> str:
    job = state.jobs.newest("read")
    assert job is not None
    assert browser.send("/console/handbooks", "/console/handbooks/take", **job.result["upload"]).status_code == 303
    return report(browser)


def test_an_upload_is_reported_on_and_taken_in_only_when_somebody_says_so(
    publisher: Any, places: Places, state: ConsoleState
) -> None:
    assert upload(publisher, BOOK.encode()).status_code == 303
    shown = report(publisher)
    assert "《小组手册》：找到 2 问" in shown
    assert "还没有收进草稿" in shown
    assert not (places.handbooks / "team-book").exists()
    assert "已收进草稿" in take(publisher, state)
    assert (places.handbooks / "team-book" / "manifest.toml").is_file()
    publisher.send("/console/handbooks", "/console/versions/publish")
    for _ in range(300):
        if "进行中" not in publisher.http.get("/console/versions/job").text:
            break
        time.sleep(0.1)
    time.sleep(1.1)
    ids = [one["id"] for one in publisher.http.get("/v1/handbooks").json()["handbooks"]]
    assert "team-book" in ids


def test_the_next_edition_takes_the_wordings_along_with_their_question(publisher: Any, state: ConsoleState) -> None:
    upload(publisher, BOOK.encode())
    report(publisher)
    take(publisher, state)
    state.wordings.propose([Proposal(handbook_id="team-book", section_id="q2", wording="组长谁来定")], "编辑甲")
    upload(publisher, NEXT.encode(), edition="第二版")
    shown = report(publisher)
    assert "与上一版相比：新增 1" in shown
    take(publisher, state)
    [moved] = state.wordings.proposed()
    assert moved.section_id == "q3"


@on_sqlite
@pytest.mark.parametrize(
    ("content", "name", "fields", "said"),
    [
        (b"x", "book.exe", {}, "不能读这种文件"),
        (BOOK.encode(), "book.txt", {"handbook_id": "../up"}, "编号"),
        (BOOK.encode(), "book.txt", {"handbook_id": "paid-leave"}, "随程序附带"),
        (BOOK.encode(), "book.txt", {"title": " "}, "书名"),
    ],
)
def test_an_upload_that_cannot_be_taken_says_why(
    publisher: Any, content: bytes, name: str, fields: dict[str, str], said: str
) -> None:
    response = upload(publisher, content, name, **fields)
    assert response.status_code == 422
    assert said in response.text


@on_sqlite
def test_a_file_that_is_no_handbook_is_reported_as_such(publisher: Any, places: Places) -> None:
    upload(publisher, BOOK.replace("第2问", "第4问").encode())
    assert "没有成功" in report(publisher)
    assert not (places.handbooks / "team-book").exists()


@on_sqlite
def test_a_file_that_is_too_large_is_turned_away(publisher: Any, places: Places) -> None:
    response = upload(publisher, b"x" * (MAX_UPLOAD_BYTES + 1))
    assert response.status_code == 422
    assert "文件太大" in response.text
    assert not places.uploads.exists()


@on_sqlite
def test_a_stranger_s_upload_is_not_read(stranger: Any, places: Places) -> None:
    response = stranger.http.post("/console/handbooks/upload", files={"file": ("book.txt", b"x" * 100_000)})
    assert (response.status_code, response.headers["location"]) == (303, "/console/login")
    assert not places.uploads.exists()


@on_sqlite
def test_an_editor_changes_no_handbook(editor: Any, places: Places) -> None:
    assert upload(editor, BOOK.encode()).status_code == 403
    for address in ("/console/handbooks/contact", "/console/handbooks/take", "/console/handbooks/paid-leave"):
        assert editor.send("/console/handbooks", address, text="x", name="errata").status_code == 403
    assert not places.uploads.exists()


def test_whom_to_ask_changes_without_publishing(publisher: Any, places: Places) -> None:
    before = served_version(places.index_folder)
    publisher.send("/console/handbooks", "/console/handbooks/contact", text="请找厂工会张干事")
    time.sleep(2.1)
    answer = publisher.http.post("/v1/ask", json={"question": "今天天气怎么样"}).json()
    assert answer["contact"] == "请找厂工会张干事"
    assert served_version(places.index_folder) == before


@on_sqlite
@pytest.mark.parametrize(
    ("name", "text", "file_name", "kept"),
    [
        ("errata", "年休假5天 | 5天 | 五天", "errata.toml", 'corrected = "五天"'),
        ("dictionary", "年休假、带薪假\n加班，加点", "dictionary.toml", '["加班", "加点"]'),
        ("starter_questions", "年休假有几天？", "manifest.toml", 'starter_questions = ["年休假有几天？"]'),
    ],
)
def test_texts_go_into_the_draft(
    publisher: Any, places: Places, name: str, text: str, file_name: str, kept: str
) -> None:
    assert publisher.send("/console/audit", "/console/handbooks/paid-leave", name=name, text=text).status_code == 303
    shown = html.unescape(publisher.http.get("/console/handbooks/paid-leave").text)
    assert text.splitlines()[0].replace("，", "、").split(" | ")[-1] in shown
    publisher.send("/console/audit", "/console/versions/publish")
    for _ in range(300):
        if "进行中" not in publisher.http.get("/console/versions/job").text:
            break
        time.sleep(0.1)
    assert kept in Path(places.draft / "paid-leave" / file_name).read_text(encoding="utf-8")
    assert "没有差别" in publisher.http.get("/console/versions").text


@on_sqlite
@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("errata", "没有竖线", "三段"),
        ("errata", "书里没有这句 | 没有 | 有", "出现 0 次"),
        ("dictionary", "只有一个词", "至少 2 个词"),
        ("starter_questions", "\n".join("问" * number for number in range(1, 10)), "最多 8 个"),
        ("manifest", "x", "没有这样的资料"),
    ],
)
def test_texts_that_do_not_fit_are_refused(publisher: Any, name: str, text: str, said: str) -> None:
    response = publisher.send("/console/audit", "/console/handbooks/paid-leave", name=name, text=text)
    assert response.status_code == 422
    assert said in response.text


@pytest.mark.parametrize(
    "name", ["../../../evil.txt", "/etc/cron.d/evil.TXT", "..\\..\\evil.txt", "a\x00b.txt", "a.sh.txt"]
)
def test_of_the_name_of_an_upload_only_its_ending_counts(tmp_path: Path, name: str) -> None:
    places = Places(data=tmp_path / "data", encoder="", database_url="")
    upload_id = keep_upload(places, name, BOOK.encode())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [places.uploads / upload_id / "handbook.txt"]


@pytest.mark.parametrize("ending", [".sh", ".docm", ".py", ".svg", "", ".txt/"])
def test_an_upload_of_another_kind_is_refused(tmp_path: Path, ending: str) -> None:
    with pytest.raises(UploadInvalid):
        keep_upload(Places(data=tmp_path / "data", encoder="", database_url=""), f"book{ending}x", b"x")
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("handbook_id", ["../evil", "/etc", "a/b", "..", "a\\b", "A", "编号", ""])
@pytest.mark.parametrize("upload_id", ["", "../secrets", "0" * 16])
def test_an_id_that_leads_elsewhere_is_refused(tmp_path: Path, handbook_id: str, upload_id: str) -> None:
    places = Places(data=tmp_path, encoder="", database_url="", shipped=tmp_path / "shipped")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "handbook.txt").write_text(BOOK)
    there = keep_upload(places, "book.txt", BOOK.encode())
    good = Upload(upload_id=there, **FIELDS)
    check_upload(places, good)
    for changed in (replace(good, handbook_id=handbook_id), replace(good, upload_id=upload_id)):
        with pytest.raises(UploadInvalid):
            check_upload(places, changed)

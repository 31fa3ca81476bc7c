import json
import resource
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chat_api import create_app
from chat_api.settings import ServerSettings
from chat_api.state import Database
from ingest.pipeline import build_index
from retriever.artifact import FORMAT_VERSION, named, read_manifest
from retriever.encoder import Encoder
from retriever.index import save_manifest
from retriever.publish import current_version_folder
from retriever.settings import RetrieverSettings
from tests.conftest import Redis, aside
from wengong import doctor_command, machine_checks

Run = Callable[..., Any]
NAMES = ["设置", "机器", "数据文件夹", "数据库", "向量模型", "手册", "索引", "频率限制", "地址"]


@pytest.fixture(autouse=True)
def _small_shelf(leave_handbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_command, "SHIPPED_HANDBOOKS", leave_handbook.parent)
    monkeypatch.setenv("WENGONG_PORT", "0")


def codes(done: Any) -> dict[str, str]:
    """The code of each finding, "" where all is in order."""
    findings = json.loads(done.out)
    assert all((finding["code"] == "") == finding["is_ok"] for finding in findings)
    assert all(finding["detail"] for finding in findings)
    return {finding["name"]: finding["code"] for finding in findings}


def change_manifest(folder: Path, **changed: Any) -> None:
    save_manifest(folder, named(replace(read_manifest(folder), **changed)))


@pytest.mark.usefixtures("small_data")
def test_when_all_is_well_each_line_has_a_tick(run: Run) -> None:
    done = run("doctor")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert [line.split("：")[0] for line in lines] == [f"✓ {name}" for name in NAMES]
    assert "反馈 0 条" in lines[3]
    assert "1 本，共 3 问" in lines[5]
    assert "校验通过" in lines[6]


@pytest.mark.usefixtures("small_data")
def test_as_json_the_findings_are_the_same(run: Run) -> None:
    done = run("doctor", "--json")
    assert (done.code, done.err) == (0, "")
    assert codes(done) == dict.fromkeys(NAMES, "")


def remove_all(folder: Path) -> None:
    (folder.parent / "current").unlink()


def cut_a_file(folder: Path) -> None:
    (folder / "wordings.faiss").write_bytes(b"")


def make_newer(folder: Path) -> None:
    change_manifest(folder, format_version=FORMAT_VERSION + 1)


def make_older(folder: Path) -> None:
    change_manifest(folder, format_version=FORMAT_VERSION - 1)


def make_foreign(folder: Path) -> None:
    change_manifest(folder, encoder_id="another-encoder@1")


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (remove_all, "index_missing"),
        (cut_a_file, "index_damaged"),
        (make_newer, "index_too_new"),
        (make_older, "index_too_old"),
        (make_foreign, "index_encoder_mismatch"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_kind_of_damage_has_its_code_and_exit_code_1(
    run: Run, small_data: Path, damage: Callable[[Path], None], code: str
) -> None:
    damage(current_version_folder(small_data / "index"))
    done = run("doctor", "--json")
    assert (done.code, done.err) == (1, "")
    assert codes(done) == {**dict.fromkeys(NAMES, ""), "索引": code}


@pytest.mark.usefixtures("small_data")
def test_a_changed_source_is_found_and_explained(run: Run, leave_handbook: Path) -> None:
    (leave_handbook / "source.txt").write_text("一、改过的？\n是。\n", encoding="utf-8")
    done = run("doctor")
    assert done.code == 1
    [line] = [line for line in done.out.splitlines() if line.startswith("✗ 手册")]
    assert "source_sha256" in line


@pytest.mark.usefixtures("small_data")
def test_a_missing_encoder_is_found(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENGONG_ENCODER", "/no/such/model")
    done = run("doctor", "--json")
    assert done.code == 1
    assert codes(done)["向量模型"] == "encoder_missing"


def test_a_database_that_is_none_is_found(run: Run, small_data: Path) -> None:
    (small_data / "state.sqlite3").write_bytes(b"no database " * 100)
    done = run("doctor", "--json")
    assert done.code == 1
    assert codes(done)["数据库"] == "state_unavailable"


def test_a_data_folder_that_is_a_file_is_found(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WENGONG_DATA", str(tmp_path / "file"))
    done = run("doctor", "--json")
    assert done.code == 1
    found = codes(done)
    assert (found["数据文件夹"], found["数据库"], found["手册"]) == ("os_error", "state_unavailable", "")


def test_a_handbook_that_is_not_indexed_yet_is_noted_but_no_fault(
    run: Run, small_data: Path, encoder: Encoder, leave_handbook: Path, write_handbook: Callable[..., Path]
) -> None:
    other = write_handbook(small_data / "handbooks" / "safety", {"安全帽怎么戴？": "系紧下颏带。"})
    done = run("doctor")
    assert done.code == 0
    assert "safety 有改动尚未编入，运行 wengong index 更新" in done.out
    build_index([leave_handbook, other], small_data / "index", encoder)
    assert "尚未编入" not in run("doctor").out


@pytest.mark.usefixtures("small_data")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WENGONG_RATE_LIMIT", "sometimes"),
        ("WENGONG_AUTH", "api_key"),
        ("WENGONG_AUTH", "wechat"),
        ("WENGONG_AUTH", "cloudrun"),
    ],
)
def test_settings_that_are_wrong_or_do_not_go_together_are_found(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    done = run("doctor", "--json")
    assert done.code == 1
    assert codes(done)["设置"] == "settings_invalid"


@pytest.mark.usefixtures("small_data")
def test_a_disk_that_is_nearly_full_is_found(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_checks, "LEAST_FREE_BYTES", 1 << 60)
    done = run("doctor", "--json")
    assert (done.code, codes(done)["机器"]) == (1, "machine_unfit")


@pytest.mark.usefixtures("small_data")
def test_a_clock_before_the_release_is_found(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_checks, "EARLIEST_S", time.time() + 1)
    assert "时间" in run("doctor").out.splitlines()[1]


@pytest.mark.usefixtures("small_data")
def test_too_few_files_for_the_connections_are_found(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 512))
    done = run("doctor")
    assert done.code == 1
    assert "只许打开 512 个文件" in done.out


def test_a_damaged_page_of_the_database_is_found(run: Run, small_data: Path) -> None:
    database = Database.open("", small_data)
    for number in range(500):
        database.feedback.save(f"a_{number:03}", useful=True, reason="长" * 200)
    database.close()
    path = small_data / "state.sqlite3"
    content = bytearray(path.read_bytes())
    content[-40_000:-20_000] = bytes(20_000)
    path.write_bytes(bytes(content))
    done = run("doctor", "--json")
    assert (done.code, codes(done)["数据库"]) == (1, "state_unavailable")
    assert "wengong restore" in done.out


@pytest.mark.usefixtures("small_data")
def test_redis_is_tried(run: Run, monkeypatch: pytest.MonkeyPatch, redis: Redis) -> None:
    monkeypatch.setenv("WENGONG_REDIS_URL", redis.url)
    done = aside(run, "doctor")
    assert (done.code, done.out.splitlines()[7]) == (0, "✓ 频率限制：记在 Redis 里")
    redis.stop()
    done = aside(run, "doctor", "--json")
    assert (done.code, codes(done)["频率限制"]) == (1, "machine_unfit")


@pytest.mark.usefixtures("small_data")
def test_a_taken_address_is_found(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("WENGONG_PORT", str(taken.getsockname()[1]))
        monkeypatch.setattr(machine_checks, "ANSWER_TIMEOUT_S", 0.1)
        done = run("doctor", "--json")
    assert (done.code, codes(done)["地址"]) == (1, "address_unavailable")


def test_a_service_that_runs_already_is_no_fault(
    run: Run, small_data: Path, serve: Callable[[Any], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = serve(create_app(ServerSettings(), RetrieverSettings(data=small_data)))
    monkeypatch.setenv("WENGONG_PORT", address.rsplit(":", 1)[1])
    done = run("doctor")
    assert done.code == 0
    assert f"正在服务，索引 {current_version_folder(small_data / 'index').name}" in done.out

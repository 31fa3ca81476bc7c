"""`wengong doctor`: everything that can be wrong, and what to do about it."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from chat_api.settings import ServerSettings
from chat_api.state import Database
from chat_api.state.copies import is_whole, sqlite_file
from console.draft import write_draft
from console.places import Places
from console.state import ConsoleState
from corpus.errors import StateUnavailable, WengongError
from ingest.handbook import SHIPPED_HANDBOOKS, handbook_folders, ingest_handbook
from ingest.pipeline import probe
from retriever.encoder_choice import open_encoder
from retriever.index import SearchIndex
from retriever.publish import current_version_folder
from retriever.settings import RetrieverSettings, read_settings
from wengong.console import data
from wengong.machine_checks import check_address, check_all_settings, check_machine, check_rate_limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        name: What.
        is_ok: Whether it is in order.
        code: The error's code; "" when it is in order.
        detail: What was found, and what to do when it is not in order.
    """

    name: str
    is_ok: bool
    code: str
    detail: str


def run_doctor(*, as_json: bool) -> bool:
    """Print every finding and return whether all is in order."""
    settings = read_settings(RetrieverSettings)
    checks: list[tuple[str, Callable[[], str]]] = [
        ("设置", check_all_settings),
        ("机器", lambda: check_machine(settings)),
        ("数据文件夹", lambda: _check_data_folder(settings.data)),
        ("数据库", lambda: _check_database(settings)),
        ("向量模型", lambda: open_encoder(settings.encoder).encoder_id),
        ("手册", lambda: _check_handbooks(settings)),
        ("索引", lambda: _check_index(settings)),
        ("频率限制", check_rate_limits),
        ("地址", check_address),
    ]
    findings = [_finding(name, check) for name, check in checks]
    if as_json:
        data().print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            data().print(f"{'✓' if finding.is_ok else '✗'} {finding.name}：{finding.detail}")
    return all(finding.is_ok for finding in findings)


def _finding(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name=name, is_ok=True, code="", detail=check())
    except WengongError as error:
        return Finding(name=name, is_ok=False, code=error.code, detail=error.message)
    except OSError as error:
        return Finding(name=name, is_ok=False, code="os_error", detail=f"{error.strerror}：{error.filename}")


def _check_data_folder(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass
    return str(folder)


def _check_database(settings: RetrieverSettings) -> str:
    database_url = read_settings(ServerSettings).database_url
    database = Database.open(database_url, settings.data)
    file = sqlite_file(database_url, settings.data)
    if file is not None and not is_whole(file):
        raise StateUnavailable(f"数据库 {file.name} 已损坏，请停下服务，用 wengong restore 恢复最近的备份。")
    useful, useless = database.feedback.count(useful=True), database.feedback.count(useful=False)
    database.close()
    return f"反馈 {useful + useless} 条，其中有用 {useful} 条"


def _check_handbooks(settings: RetrieverSettings) -> str:
    folders = handbook_folders(SHIPPED_HANDBOOKS, settings.handbooks_folder)
    reports = [ingest_handbook(folder).report for folder in folders]
    return f"{len(reports)} 本，共 {sum(report.found_count for report in reports)} 问，校验和与问题数都对"


def _drafted_folders(settings: RetrieverSettings) -> tuple[Path, ...]:
    """Return what `wengong index` would build from."""
    places = Places.of(settings, read_settings(ServerSettings), shipped=SHIPPED_HANDBOOKS)
    database = Database.open(places.database_url, places.data)
    try:
        return write_draft(places, ConsoleState(database)).folders
    finally:
        database.close()


def _check_index(settings: RetrieverSettings) -> str:
    encoder = open_encoder(settings.encoder)
    folder = current_version_folder(settings.index_folder)
    index = SearchIndex.open(folder, encoder.encoder_id)
    probe(folder, encoder)
    indexed = {handbook_id: handbook.text for handbook_id, handbook in index.handbooks.items()}
    on_disk = {folder.name: ingest_handbook(folder).handbook for folder in _drafted_folders(settings)}
    stale = [name for name, handbook in on_disk.items() if index.handbooks.get(handbook.handbook_id) != handbook]
    note = f"；{'、'.join(stale)} 有改动尚未编入，运行 wengong index 更新" if stale else ""
    return f"{folder.name}，{len(indexed)} 本手册，{len(index.passages)} 段原文，校验通过{note}"

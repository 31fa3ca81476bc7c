"""`wengong export`."""

from pathlib import Path

import typer

from corpus.errors import UnknownHandbook
from ingest.faq_exchange import SHEET_SUFFIXES, handbook_rows
from ingest.faq_sheet import save_faq
from ingest.handbook import SHIPPED_HANDBOOKS, handbook_folders
from retriever.settings import RetrieverSettings, read_settings
from wengong.console import talk


def run_export(handbook_id: str, file: Path) -> None:
    """Write a handbook as a sheet of questions and answers.

    Raises:
        UnknownHandbook: If there is no such handbook.
    """
    if file.suffix.lower() not in SHEET_SUFFIXES:
        raise typer.BadParameter("只能写 .csv 或 .xlsx 文件。", param_hint="FILE")
    settings = read_settings(RetrieverSettings)
    folders = {folder.name: folder for folder in handbook_folders(SHIPPED_HANDBOOKS, settings.handbooks_folder)}
    if handbook_id not in folders:
        raise UnknownHandbook(f"没有编号为“{handbook_id[:64]}”的手册，现有：{'、'.join(folders)}。")
    rows = handbook_rows(folders[handbook_id])
    save_faq(file, rows)
    talk().print(f"已写入 {file}：{len(rows)} 行。", markup=False)

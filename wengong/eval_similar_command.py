"""`wengong eval similar-questions`."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from wengong.evals_extra import needs_evals_extra

with needs_evals_extra():
    from eval.estimates import mean_estimate
    from eval.similar_questions import AskedWording, ask_left_out, thefts

from corpus.errors import UnknownHandbook
from ingest.handbook import SHIPPED_HANDBOOKS, handbook_folders
from retriever.encoder_choice import open_encoder
from retriever.settings import RetrieverSettings, read_settings
from wengong.console import data, progress_bars


def run_similar_questions(handbook_id: str, fold_count: int, shown: int, *, as_json: bool) -> None:
    """Ask every similar question of a handbook while it is left out, and print what that shows."""
    settings = read_settings(RetrieverSettings)
    folder = _folder(handbook_id, handbook_folders(SHIPPED_HANDBOOKS, settings.handbooks_folder))
    with progress_bars() as report:
        asked = ask_left_out(folder, open_encoder(settings.encoder), fold_count, report)
    if as_json:
        data().print(json.dumps([asdict(one) for one in asked], ensure_ascii=False, indent=2))
    else:
        _print(data(), asked, shown)


def _folder(handbook_id: str, folders: Sequence[Path]) -> Path:
    found = next((folder for folder in folders if folder.name == handbook_id), None)
    if found is None:
        raise UnknownHandbook(f"没有编号为“{handbook_id}”的手册，现有：{'、'.join(one.name for one in folders)}。")
    return found


def _print(console: Console, asked: Sequence[AskedWording], shown: int) -> None:
    first = mean_estimate([float(one.is_right) for one in asked])
    if first.value is None:
        console.print("这本手册还没有相似问。")
        return
    console.print(
        f"{len(asked)} 条相似问，拿掉自己后仍问到本问的占 {first.value:.1%}（{first.low:.1%}–{first.high:.1%}）"
    )
    console.print("\n抢走提问最多的（应到 → 实到，条数）")
    for theft in thefts(asked)[:shown]:
        console.print(f"  {theft.expected} → {theft.served or '无'}  {theft.count}")
    _print_some(console, "孤零零、也没有问到的（需要补几条相近的问法）", [one for one in asked if one.is_lonely], shown)
    _print_some(console, "自相矛盾的（别的问里有几乎一样的问法）", [one for one in asked if one.contradicts], shown)


def _print_some(console: Console, title: str, some: Sequence[AskedWording], shown: int) -> None:
    console.print(f"\n{title}：{len(some)} 条")
    for one in some[:shown]:
        other = f"[{one.other_section}] {one.other_wording}（{one.other_similarity:.2f}）"
        console.print(f"  [{one.expected}] {one.wording}  ≈ {other}")

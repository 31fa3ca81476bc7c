"""`wengong handbooks`."""

import json
from datetime import UTC, datetime

from rich.table import Table

from corpus.editions import EditionDates, outdated_ids
from ingest.handbook import SHIPPED_HANDBOOKS, handbook_folders, ingest_handbook
from retriever.settings import RetrieverSettings, read_settings
from wengong.console import data


def run_handbooks(*, as_json: bool) -> None:
    """Print every handbook there is, published or not, with its counts, edition and health."""
    settings = read_settings(RetrieverSettings)
    folders = handbook_folders(SHIPPED_HANDBOOKS, settings.handbooks_folder)
    handbooks = {
        handbook.handbook_id: handbook
        for handbook in (ingest_handbook(folder, allow_missing=True).handbook for folder in folders)
    }
    editions = [
        EditionDates(handbook.handbook_id, handbook.effective_from, handbook.effective_to, handbook.replaces)
        for handbook in handbooks.values()
    ]
    outdated = outdated_ids(editions, datetime.now(UTC).date())
    rows = [
        {
            "id": handbook.handbook_id,
            "title": handbook.title,
            "edition": handbook.edition,
            "structure": handbook.structure,
            "count": len(handbook.entries),
            "similar_question_count": len(handbook.similar_questions),
            "visibility": handbook.visibility,
            "is_outdated": handbook.handbook_id in outdated,
            "warnings": list(handbook.warnings),
        }
        for handbook in handbooks.values()
    ]
    if as_json:
        data().print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table("编号", "书名", "版次", "条目", "相似问", "可见", "状态")
    for row in rows:
        state = [*(["已过期"] if row["is_outdated"] else []), *map(str, row["warnings"] or [])]  # type: ignore[call-overload]
        counts = (str(row["count"]), str(row["similar_question_count"]))
        table.add_row(
            str(row["id"]),
            str(row["title"]),
            str(row["edition"]),
            *counts,
            str(row["visibility"]),
            "；".join(state) or "正常",
        )
    data().print(table)

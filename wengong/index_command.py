"""`wengong index`."""

from ingest.handbook import SHIPPED_HANDBOOKS, handbook_folders
from ingest.pipeline import build_index
from retriever.artifact import VersionManifest
from retriever.encoder import Encoder
from retriever.settings import RetrieverSettings
from wengong.console import progress_bars, talk


def build_published_index(
    settings: RetrieverSettings, encoder: Encoder, *, allow_missing: bool = False
) -> VersionManifest:
    """Return the manifest of a new index of all handbooks, after printing what it holds."""
    folders = handbook_folders(SHIPPED_HANDBOOKS, settings.handbooks_folder)
    with progress_bars() as report:
        manifest = build_index(folders, settings.index_folder, encoder, allow_missing=allow_missing, progress=report)
    for entry in manifest.handbooks:
        talk().print(
            f"《{entry.title}》{entry.edition}：{entry.question_count} 问，{entry.passage_count} 段原文，"
            f"{entry.wording_count} 种问法",
            markup=False,
        )
    talk().print(f"索引 {manifest.version} 已发布到 {settings.index_folder}", markup=False)
    return manifest

"""`wengong index`."""

from chat_api.settings import ServerSettings
from chat_api.state import Database
from console.places import Places
from console.publishing import publish_draft
from console.state import ConsoleState
from console.state.staff import COMMAND_LINE
from ingest.handbook import SHIPPED_HANDBOOKS
from retriever.artifact import VersionManifest
from retriever.encoder import Encoder
from retriever.settings import RetrieverSettings, read_settings
from wengong.console import progress_bars, talk


def build_published_index(
    settings: RetrieverSettings, encoder: Encoder, *, allow_missing: bool = False
) -> VersionManifest:
    """Return the manifest of a new index of all handbooks, after printing what it holds.

    What staff approved in the console goes into it.
    """
    places = Places.of(settings, read_settings(ServerSettings), shipped=SHIPPED_HANDBOOKS)
    database = Database.open(places.database_url, places.data)
    try:
        with progress_bars() as report:
            manifest = publish_draft(
                places, ConsoleState(database), encoder, COMMAND_LINE, report, allow_missing=allow_missing
            )
    finally:
        database.close()
    for entry in manifest.handbooks:
        talk().print(
            f"《{entry.title}》{entry.edition}：{entry.question_count} 问，{entry.passage_count} 段原文，"
            f"{entry.wording_count} 种问法",
            markup=False,
        )
    talk().print(f"索引 {manifest.version} 已发布到 {settings.index_folder}", markup=False)
    return manifest

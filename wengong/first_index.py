"""The index that `serve` and `ask` make when there is none."""

from corpus.errors import IndexMissing
from retriever.encoder_choice import open_encoder
from retriever.publish import current_version_folder
from retriever.settings import RetrieverSettings
from wengong.console import talk


def ensure_index(settings: RetrieverSettings) -> None:
    """Build and publish an index when none was published yet; a damaged one is left for its owner to judge."""
    try:
        current_version_folder(settings.index_folder)
    except IndexMissing:
        # Only building needs the document parsers; a service that finds its index never loads them.
        from wengong.index_command import build_published_index

        talk().print("还没有索引，先建一个……")
        build_published_index(settings, open_encoder(settings.encoder))

"""The draft becomes the served version, and an earlier version becomes it again."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from console.draft import write_draft
from console.errors import VersionGone
from console.places import Places
from console.state import ConsoleState
from console.state.publications import Publication
from corpus.errors import IndexProblem
from retriever.artifact import VersionManifest, read_manifest
from retriever.encoder import Encoder
from retriever.publish import current_version_folder, kept_versions, switch_back

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVersion:
    """An index version that can be served at once.

    Attributes:
        version: Its name.
        is_served: Whether it is the one.
        publication: What the console knows of it; None for one that was published without the console.
        handbooks: Title and number of wordings of each handbook in it.
    """

    version: str
    is_served: bool
    publication: Publication | None
    handbooks: tuple[tuple[str, int], ...]


def publish_draft(
    places: Places,
    state: ConsoleState,
    encoder: Encoder,
    name: str,
    progress: Progress,
    *,
    allow_missing: bool = False,
) -> VersionManifest:
    """Return the version that was built from the draft and is now served.

    Raises:
        CorpusError: If a handbook of the draft is wrong or not complete; the served version stays.
        IndexProbeFailed: If the new version does not find its own headings; the served version stays.
        StateUnavailable: If the changes cannot be read.
    """
    from ingest.pipeline import build_index

    draft = write_draft(places, state)
    manifest = build_index(draft.folders, places.index_folder, encoder, allow_missing=allow_missing, progress=progress)
    state.publications.add(
        Publication(
            version=manifest.version,
            published_by=name,
            wording_ids=draft.wording_ids,
            documents=draft.documents,
        )
    )
    return manifest


def roll_back(places: Places, state: ConsoleState, version: str, name: str) -> None:
    """Serve an earlier version again, at once.

    Raises:
        VersionGone: If it is not kept any more.
        IndexProblem: If its files are damaged; the served version stays.
        StateUnavailable: If the database cannot be written.
    """
    if version not in kept_versions(places.index_folder):
        raise VersionGone("这个版本已经不在了。可以在“相似问”里撤掉相应的改动，再发布一次。")
    earlier = state.publications.of_version(version)
    switch_back(version, places.index_folder)
    state.publications.add(
        Publication(
            version=version,
            is_rollback=True,
            published_by=name,
            wording_ids=earlier.wording_ids if earlier else frozenset(),
            documents=earlier.documents if earlier else {},
        )
    )


def versions(places: Places, state: ConsoleState) -> tuple[KeptVersion, ...]:
    """Return the versions that can be served at once, newest first.

    Raises:
        StateUnavailable: If the database cannot be read.
    """
    served = served_version(places.index_folder)
    return tuple(
        KeptVersion(
            version=version,
            is_served=version == served,
            publication=state.publications.of_version(version),
            handbooks=_handbooks(places.index_folder / version),
        )
        for version in kept_versions(places.index_folder)
    )


def served_version(index_folder: Path) -> str:
    """Return the name of the published version, or "" when there is none."""
    try:
        return current_version_folder(index_folder).name
    except IndexProblem:
        return ""


def _handbooks(folder: Path) -> tuple[tuple[str, int], ...]:
    try:
        manifest = read_manifest(folder)
    except IndexProblem:
        return ()
    return tuple((entry.title, entry.wording_count) for entry in manifest.handbooks)

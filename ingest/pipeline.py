"""The offline path: handbook folders in, a published index version out. `build_index` shows it whole."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from corpus.errors import IndexProbeFailed, NotAHandbook
from corpus.handbook import Section
from ingest.background import unrelated_similarities
from ingest.fit_classifier import fit_classifiers
from ingest.handbook import ingest_handbook
from ingest.passages import find_passages
from ingest.searched_text import find_wordings, searched_passage
from ingest.sounds import find_sounds
from retriever.artifact import FILES, FORMAT_VERSION, Contents, HandbookEntry, VersionManifest, file_checksums, named
from retriever.dense import FaissDenseIndex
from retriever.encoder import Encoder, Vectors
from retriever.index import save_contents, save_manifest
from retriever.lexical import Bm25LexicalIndex
from retriever.normalise import MAX_QUESTION_CHARACTERS, Normaliser
from retriever.pipeline import Retriever
from retriever.publish import building_folder, publish
from retriever.terms import fine_terms, terms

ENCODED_AT_ONCE = 256
PROBED_HEADINGS = 3
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, and how many there are."""


def build_index(
    folders: Sequence[Path],
    index_folder: Path,
    encoder: Encoder,
    *,
    allow_missing: bool = False,
    progress: Progress = lambda _doing, _done, _total: None,
) -> VersionManifest:
    """Return the manifest of a new, verified and published index version of some handbook folders.

    The served version changes only in the last step, at once. The same folders and encoder give the same version.

    Raises:
        CorpusError: If a handbook cannot be read or is not complete, or there is none; see `ingest_handbook`.
        IndexProbeFailed: If the new version does not find its own headings.
    """
    if not folders:
        raise NotAHandbook("没有可以索引的手册。")
    normalise = Normaliser()
    handbooks = tuple(ingest_handbook(folder, allow_missing=allow_missing).handbook for folder in folders)
    by_id = {handbook.handbook_id: handbook for handbook in handbooks}
    passages = tuple(passage for handbook in handbooks for passage in find_passages(handbook))
    wordings = tuple(wording for handbook in handbooks for wording in find_wordings(handbook))
    contents = Contents(handbooks=handbooks, passages=passages, wordings=wordings)
    passage_texts = [normalise(searched_passage(passage, by_id[passage.handbook_id])) for passage in passages]
    wording_texts = [normalise(wording.text) for wording in wordings]
    passage_vectors = _encode(passage_texts, encoder, "编码原文", progress)
    wording_vectors = _encode(wording_texts, encoder, "编码问法", progress)
    passage_terms, wording_terms = [terms(text) for text in passage_texts], [terms(text) for text in wording_texts]
    with building_folder(index_folder) as folder:
        save_contents(
            folder,
            contents,
            (FaissDenseIndex.build(passage_vectors), Bm25LexicalIndex.build(passage_terms)),
            (FaissDenseIndex.build(wording_vectors), Bm25LexicalIndex.build(wording_terms)),
            fit_classifiers([*wordings, *passages], [fine_terms(text) for text in [*wording_texts, *passage_texts]]),
        )
        find_sounds(passage_texts).save(folder / FILES.sounds)
        manifest = _manifest(folder, contents, passage_vectors, wording_vectors, encoder)
        save_manifest(folder, manifest)
        publish(folder, index_folder, lambda version: probe(version, encoder))
    return manifest


def probe(version_folder: Path, encoder: Encoder) -> None:
    """Return when a version finds its own text: in each handbook, one of the first headings leads to its question.

    One is enough, because a heading may itself ask for another question by number.

    Raises:
        IndexProbeFailed: Otherwise.
        IndexProblem: If the version cannot be opened.
    """
    retriever = Retriever.open(version_folder, encoder)
    for handbook in retriever.index.handbooks.values():
        probed = handbook.questions[:PROBED_HEADINGS]
        if not any(_finds_itself(retriever, handbook.handbook_id, section) for section in probed):
            raise IndexProbeFailed(
                f"新索引用《{handbook.title}》前几问的原题都找不到它们自己，已放弃发布，原来的索引不变。"
            )


def _finds_itself(retriever: Retriever, handbook_id: str, section: Section) -> bool:
    answer = retriever.answer(section.heading[:MAX_QUESTION_CHARACTERS], handbook_id=handbook_id)
    return bool(answer.ranking) and answer.ranking[0].key == (handbook_id, section.section_id)


def _encode(texts: list[str], encoder: Encoder, doing: str, progress: Progress) -> Vectors:
    blocks = []
    for start in range(0, len(texts), ENCODED_AT_ONCE):
        blocks.append(encoder.encode(texts[start : start + ENCODED_AT_ONCE]))
        progress(doing, min(start + ENCODED_AT_ONCE, len(texts)), len(texts))
    return np.concatenate(blocks)


def _manifest(
    folder: Path, contents: Contents, passage_vectors: Vectors, wording_vectors: Vectors, encoder: Encoder
) -> VersionManifest:
    passage_sections = [(passage.handbook_id, passage.section_id) for passage in contents.passages]
    wording_sections = [(wording.handbook_id, wording.section_id) for wording in contents.wordings]
    wordings = (wording_vectors, wording_sections)
    entries = tuple(
        HandbookEntry(
            handbook_id=handbook.handbook_id,
            title=handbook.title,
            edition=handbook.edition,
            text_sha256=hashlib.sha256(handbook.text.encode()).hexdigest(),
            question_count=len(handbook.questions),
            passage_count=sum(key[0] == handbook.handbook_id for key in passage_sections),
            wording_count=sum(key[0] == handbook.handbook_id for key in wording_sections),
        )
        for handbook in contents.handbooks
    )
    return named(
        VersionManifest(
            format_version=FORMAT_VERSION,
            version="",
            encoder_id=encoder.encoder_id,
            dimension=passage_vectors.shape[1],
            handbooks=entries,
            passage_background=unrelated_similarities(*wordings, passage_vectors, passage_sections),
            wording_background=unrelated_similarities(*wordings, *wordings),
            file_sha256=file_checksums(folder),
        )
    )

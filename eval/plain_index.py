"""An index of handbooks as if nobody had written down how people ask: what a new handbook starts with."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from corpus.similar_questions import NEGATIVE_QUESTIONS_NAME, SIMILAR_QUESTIONS_NAME
from ingest.pipeline import build_index
from retriever.encoder import Encoder
from retriever.publish import current_version_folder


@contextmanager
def plain_version(handbook_folders: Sequence[Path], encoder: Encoder) -> Iterator[Path]:
    """Give the folder of an index version of some handbooks without their similar and negative questions."""
    left_out = shutil.ignore_patterns(SIMILAR_QUESTIONS_NAME, NEGATIVE_QUESTIONS_NAME)
    with tempfile.TemporaryDirectory() as temporary:
        copies = [Path(temporary) / "handbooks" / folder.name for folder in handbook_folders]
        for folder, copy in zip(handbook_folders, copies, strict=True):
            shutil.copytree(folder, copy, ignore=left_out)
        index_folder = Path(temporary) / "index"
        build_index(copies, index_folder, encoder)
        yield current_version_folder(index_folder)

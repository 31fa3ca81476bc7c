"""Two sheets of questions and answers to one."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.faq_exchange import merged_rows
from ingest.faq_sheet import load_faq, save_faq


@contextmanager
def merged_source(source: Path, added: Path) -> Iterator[Path]:
    """Give a file, for as long as it is needed, with the rows of a handbook's sheet and those of another sheet.

    Raises:
        CorpusError: If either cannot be read or has wrong rows.
    """
    rows = merged_rows(load_faq(source), load_faq(added))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"merged-{added.stem}{source.suffix}"
        save_faq(path, rows)
        load_faq(path)  # a question may now be asked by two rows
        yield path

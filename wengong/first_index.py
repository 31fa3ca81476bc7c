"""The index that `serve` and `ask` make when there is none."""

import subprocess
import sys

import typer

from corpus.errors import IndexMissing, IndexProblem, IndexTooOld
from retriever.artifact import read_manifest
from retriever.publish import current_version_folder
from retriever.settings import RetrieverSettings
from wengong.console import talk


def ensure_index(settings: RetrieverSettings) -> None:
    """Build and publish an index when there is none, or only one in the format of an earlier release.

    A damaged one is left for its owner to judge, and one of a later release for that release.

    It is built by `wengong index` in a process of its own, so that a service keeps neither the document parsers nor the
    memory of the fitting.

    Raises:
        typer.Exit: With code 1 when that fails; what is wrong has been said by then.
    """
    try:
        read_manifest(current_version_folder(settings.index_folder))
    except IndexMissing:
        talk().print("还没有索引，先建一个……")
    except IndexTooOld:
        talk().print("索引是旧版本程序建的，先重建……")
    except IndexProblem:
        return
    else:
        return
    built = subprocess.run([sys.executable, "-m", "wengong", "index"], check=False)
    if built.returncode:
        raise typer.Exit(1)

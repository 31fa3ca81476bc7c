"""Estimates what the image adds to its base: the files of the installed wheels, without what `trim.sh` takes out.

Run as `python deploy/image_size.py [EXTRAS]` in any environment that has the packages; nothing is fetched or built.
"""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path, PurePosixPath
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY: Final = Path(__file__).resolve().parent.parent
PACKAGES: Final = ("corpus", "ingest", "retriever", "chat_api", "eval", "console", "wengong")
MAX_BYTES: Final = 250_000_000
# As trim.sh has it.
TRIMMED_SUFFIXES: Final = frozenset({".pyi", ".a", ".h", ".c", ".pxd", ".pyx"})
TRIMMED_FOLDER: Final = "tests"
TRIMMED_PACKAGE: Final = "hf_xet"
# What is in a working copy and in no wheel.
NOT_PACKED: Final = re.compile(r"/__pycache__/|\.pyc$|\.trec$|/latency\.json$")


def is_trimmed(path: PurePosixPath) -> bool:
    """Return whether trim.sh takes out a file of site-packages."""
    return path.suffix in TRIMMED_SUFFIXES or TRIMMED_FOLDER in path.parts[:-1] or path.parts[0] == TRIMMED_PACKAGE


def needed(extras: frozenset[str]) -> dict[str, Distribution]:
    """Return everything that `wengong[extras]` brings along, by canonical name, without itself."""
    found: dict[str, Distribution] = {}
    waiting = [("wengong", extras)]
    while waiting:
        name, wanted = waiting.pop()
        for text in distribution(name).requires or []:
            requirement = Requirement(text)
            marker = requirement.marker
            if marker is not None and not any(marker.evaluate({"extra": extra}) for extra in wanted | {""}):
                continue
            key = canonicalize_name(requirement.name)
            if key not in found or requirement.extras:
                found[key] = distribution(key)
                waiting.append((key, frozenset(requirement.extras)))
    return found


def sizes(extras: frozenset[str]) -> dict[str, int]:
    """Return how many bytes each distribution has in the image, largest first."""
    counted = {name: sum(_file_bytes(one)) for name, one in needed(extras).items()}
    counted["wengong"] = sum(_own_bytes())
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def _file_bytes(one: Distribution) -> Iterator[int]:
    for file in one.files or []:
        place = Path(str(one.locate_file(file)))
        if file.suffix != ".pyc" and not is_trimmed(PurePosixPath(file)) and place.is_file():
            yield place.stat().st_size


def _own_bytes() -> Iterator[int]:
    for package in PACKAGES:
        for path in (REPOSITORY / package).rglob("*"):
            if path.is_file() and not NOT_PACKED.search(path.as_posix()):
                yield path.stat().st_size


def main(arguments: list[str]) -> int:
    """Print the table; 1 when it is too much."""
    extras = frozenset(filter(None, ",".join(arguments).split(",")))
    counted = sizes(extras)
    for name, count in counted.items():
        print(f"{count / 1e6:8.1f} MB  {name}")
    total = sum(counted.values())
    print(f"{total / 1e6:8.1f} MB  合计（不含基础镜像{'，含 ' + '、'.join(sorted(extras)) if extras else ''}）")
    return int(total > MAX_BYTES and not extras)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

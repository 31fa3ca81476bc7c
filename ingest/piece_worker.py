"""`python -m ingest.piece_worker`: makes pieces for another process.

Each line of standard input is a JSON array of handbook folder, piece file and whether questions may be missing; each
line of standard output says with "ok" or "failed" how one of them went. Why it failed the other process finds out by
itself.
"""

import json
import sys
from pathlib import Path

from corpus.errors import WengongError
from ingest.piece import make_piece
from ingest.piece_files import save_piece


def main() -> None:
    """Make pieces until standard input ends."""
    for line in sys.stdin:
        folder, path, allow_missing = json.loads(line)
        try:
            save_piece(Path(path), make_piece(Path(folder), allow_missing=allow_missing))
        except (WengongError, OSError):
            _say("failed")
        else:
            _say("ok")


def _say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

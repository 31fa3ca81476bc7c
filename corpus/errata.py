"""The errata layer: misprints of the source that searching reads as corrected and citing leaves as printed."""

import tomllib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from corpus.errors import ManifestInvalid

ERRATA_NAME = "errata.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erratum:
    """One misprint, located in the canonical text.

    Attributes:
        start: Offset of the first misprinted code point.
        end: Offset behind the last one.
        printed: `text[start:end]`.
        corrected: What was meant; "" when the characters should not be there.
    """

    start: int
    end: int
    printed: str
    corrected: str


def load_errata(path: Path, text: str) -> tuple[Erratum, ...]:
    """Return the errata of a file, located in the text and in its order.

    The file is TOML with `[[erratum]]` tables of three strings: `context` (words of the text which stand there
    exactly once and hold the misprint), `printed` (exactly once in the context) and `corrected`.
    A missing file means no errata.

    Raises:
        ManifestInvalid: If a table is malformed, its context is not found exactly once, or two errata overlap.
    """
    if not path.exists():
        return ()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ManifestInvalid(f"{path} 不是有效的 TOML 文件（{error}）。") from error
    tables = content.get("erratum", [])
    if content.keys() - {"erratum"} or not isinstance(tables, list) or not all(isinstance(row, dict) for row in tables):
        raise ManifestInvalid(f"{path} 里只能有若干条 [[erratum]]。")
    errata = sorted((_located(table, text, path) for table in tables), key=lambda erratum: erratum.start)
    for before, after in pairwise(errata):
        if after.start < before.end:
            raise ManifestInvalid(f"{path}：勘误“{before.printed}”与“{after.printed}”重叠，请合并为一条。")
    return tuple(errata)


def _located(table: dict[str, Any], text: str, path: Path) -> Erratum:
    fields = [table.get(name) for name in ("context", "printed", "corrected")]
    if set(table) != {"context", "printed", "corrected"} or not all(isinstance(field, str) for field in fields):
        raise ManifestInvalid(f"{path}：每条勘误只含 context、printed、corrected 三个字符串，出错的一条：{table}。")
    context, printed, corrected = (str(field) for field in fields)
    if text.count(context) != 1:
        raise ManifestInvalid(f"{path}：“{context}”在正文中出现 {text.count(context)} 次，应恰好一次，请加长 context。")
    if not printed or context.count(printed) != 1:
        raise ManifestInvalid(f"{path}：“{printed}”在“{context}”中应恰好出现一次。")
    start = text.index(context) + context.index(printed)
    return Erratum(start=start, end=start + len(printed), printed=printed, corrected=corrected)


def corrected_slice(text: str, start: int, end: int, errata: tuple[Erratum, ...]) -> str:
    """Return `text[start:end]` with the errata that lie wholly inside it applied, for searching only."""
    pieces, position = [], start
    for erratum in errata:
        if start <= erratum.start and erratum.end <= end:
            pieces += [text[position : erratum.start], erratum.corrected]
            position = erratum.end
    return "".join([*pieces, text[position:end]])

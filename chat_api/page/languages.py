"""The languages of the pages' own words. Excerpts stay as printed, whatever the language around them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

WORDS_FOLDER: Final = Path(__file__).resolve().parent / "words"
LANGUAGES: Final = ("zh-Hans", "zh-Hant", "en")
DEFAULT_LANGUAGE: Final = "zh-Hans"
TRADITIONAL: Final = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


def load_words() -> dict[str, dict[str, str]]:
    """Return the words of every language, by key; `{name}` in them stands for a value."""
    return {
        language: json.loads((WORDS_FOLDER / f"{language}.json").read_text(encoding="utf-8")) for language in LANGUAGES
    }


def choose_language(asked: str, accepted: str) -> str:
    """Return the language of a page.

    Args:
        asked: What the address says, or "".
        accepted: The header Accept-Language, or "". Who reads Chinese at all is shown Chinese, as the excerpts are.
    """
    if asked in LANGUAGES:
        return asked
    tags = _by_preference(accepted)
    chinese = next((tag for tag in tags if tag.split("-")[0] == "zh"), None)
    if chinese is not None:
        return "zh-Hant" if chinese.startswith(TRADITIONAL) else "zh-Hans"
    return "en" if any(tag.split("-")[0] == "en" for tag in tags) else DEFAULT_LANGUAGE


def fill(words: Mapping[str, str], key: str, **values: object) -> str:
    """Return the words of a key, its places filled; values are never read for places of their own."""
    return words[key].format(**values)


def _by_preference(accepted: str) -> list[str]:
    weighted = []
    for item in accepted.lower().split(","):
        tag, _, parameter = item.strip().partition(";")
        weight = parameter.strip().removeprefix("q=")
        try:
            weighted.append((-float(weight or 1), tag.strip()))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(weighted, key=lambda pair: pair[0]) if weight < 0]

"""The dictionary of a handbook: groups of words that mean the same, by which its passages are also found."""

import tomllib
from pathlib import Path

from corpus.errors import ManifestInvalid

DICTIONARY_NAME = "dictionary.toml"
MIN_GROUP = 2


def load_dictionary(folder: Path) -> tuple[tuple[str, ...], ...]:
    """Return the groups of a handbook folder in file order; empty when it has no such file.

    The file is TOML with one array, `groups`, of arrays of at least two words: `groups = [["农民工", "进城务工人员"]]`.

    Raises:
        ManifestInvalid: If it is something else.
    """
    path = folder / DICTIONARY_NAME
    if not path.exists():
        return ()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ManifestInvalid(f"{path} 不是有效的 TOML 文件（{error}）。") from error
    groups = content.get("groups")
    if content.keys() != {"groups"} or not isinstance(groups, list) or not all(_is_group(group) for group in groups):
        raise ManifestInvalid(f'{path} 应形如 groups = [["农民工", "进城务工人员"]]，每组至少 {MIN_GROUP} 个词。')
    return tuple(tuple(word.strip() for word in group) for group in groups)


def _is_group(group: object) -> bool:
    return (
        isinstance(group, list)
        and len(group) >= MIN_GROUP
        and all(isinstance(word, str) and word.strip() for word in group)
    )


def other_words(text: str, dictionary: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Return the words of each group of which a text holds at least one, without those that it holds."""
    found = dict.fromkeys(
        word for group in dictionary if any(held in text for held in group) for word in group if word not in text
    )
    return tuple(found)

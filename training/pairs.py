"""The pair sets that the encoder learns from: two texts that should lie close together."""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from training.read import read_lines, read_rows
from training.sentences import neighbouring_sentences
from training.settings import Recipe
from training.variants import shortened

Pair = tuple[str, str]

_SHORTEST_SENTENCE_CHARACTERS = 10
_WORDS_LEFT_OUT = 0.2


@dataclass(frozen=True)
class PairSet:
    """Pairs of one kind.

    Attributes:
        name: What the pairs are.
        share: How often a batch comes from this set, relative to the other sets' shares.
        pairs: The pairs, each once.
    """

    name: str
    share: float
    pairs: tuple[Pair, ...]


def read_pair_sets(folder: Path, recipe: Recipe, cut: Callable[[str], list[str]]) -> list[PairSet]:
    """Return every pair set of the recipe.

    Args:
        folder: The training data folder.
        recipe: Limits and seed.
        cut: Gives the words of a text; used to shorten questions.

    Returns:
        The sets in a fixed order, each shuffled by the recipe's seed and cut to its limit.

    Raises:
        FileNotFoundError: If a file is missing.
    """
    questions = (f"{stem}.jsonl.gz" for stem in ("cmrc2018_train", "drcd_dev_simplified", "drcd_test_simplified"))
    news = read_lines(folder / "plain_crud_news.txt.gz", recipe.plain_lines_limit)
    labour_news = read_lines(folder / "plain_labour_news.txt.gz", recipe.plain_lines_limit)
    zhihu = read_lines(folder / "queries_zhihu_hot_2020_2025.txt.gz", 10 * recipe.plain_lines_limit)
    sources: list[tuple[str, float, Iterable[Pair]]] = [
        ("question → paragraph", 1.0, (pair for name in questions for pair in labelled_pairs(folder / name))),
        ("customer's wording ↔ question", 1.0, labelled_pairs(folder / "tonghuashun_similar_q.jsonl.gz")),
        ("patient's question → answer", 0.8, consultation_pairs(folder / "toyhom_internal_medicine_sample.jsonl.gz")),
        ("law, labour", 0.8, law_pairs(folder / "laws_labour.jsonl.gz")),
        ("law", 0.5, law_pairs(folder / "laws.jsonl.gz")),
        ("news, labour", 0.5, neighbour_pairs(labour_news)),
        ("news", 2.0, neighbour_pairs(news)),
        ("question ↔ itself, shortened twice", 2.0, shortened_pairs(zhihu, recipe, cut)),
    ]
    return [PairSet(name, share, _sample(pairs, recipe)) for name, share, pairs in sources]


def labelled_pairs(path: Path) -> Iterator[Pair]:
    """Yield the pairs of a JSON Lines file whose label says that they belong together."""
    for row in read_rows(path):
        if row["label"] == 1:
            yield str(row["a"]), str(row["b"])


def consultation_pairs(path: Path) -> Iterator[Pair]:
    """Yield three pairs a consultation: question and answer, title and answer, title and question."""
    for row in read_rows(path):
        question, answer, title = str(row["a"]), str(row["b"]), str(row["title"])
        yield question, answer
        yield title, answer
        if title not in question:
            yield title, question


def law_pairs(path: Path) -> Iterator[Pair]:
    """Yield a law's title and section with each of its articles, and the articles' neighbouring sentences.

    Laws come in several dated versions; an article whose wording was met before, in whichever law, is left out.
    """
    met: set[str] = set()
    for row in read_rows(path):
        text = str(row["text"])
        if text in met:
            continue
        met.add(text)
        yield f"{row['law']} {row.get('section') or ''}".strip(), text
        yield from neighbouring_sentences(text, _SHORTEST_SENTENCE_CHARACTERS)


def neighbour_pairs(paragraphs: Iterable[str]) -> Iterator[Pair]:
    """Yield the neighbouring sentences of paragraphs."""
    for paragraph in paragraphs:
        yield from neighbouring_sentences(paragraph, _SHORTEST_SENTENCE_CHARACTERS)


def shortened_pairs(questions: Iterable[str], recipe: Recipe, cut: Callable[[str], list[str]]) -> Iterator[Pair]:
    """Yield two independently shortened wordings of each question, several times over."""
    pick = random.Random(recipe.seed)  # noqa: S311 - chance that can be repeated, not a secret
    for question in dict.fromkeys(questions):
        for _ in range(recipe.question_variants // 2):
            yield shortened(question, pick, _WORDS_LEFT_OUT, cut), shortened(question, pick, _WORDS_LEFT_OUT, cut)


def _sample(pairs: Iterable[Pair], recipe: Recipe) -> tuple[Pair, ...]:
    kept = list(dict.fromkeys(pairs))
    random.Random(recipe.seed).shuffle(kept)  # noqa: S311 - as above
    return tuple(kept[: recipe.pairs_limit])

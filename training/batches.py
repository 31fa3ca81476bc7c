"""Batches of pairs, drawn by chance that can be repeated."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer

from training.pairs import PairSet
from training.token_lists import Ids, TokenLists, tokenise

Features = dict[str, torch.Tensor]


@dataclass(frozen=True)
class TokenPairs:
    """A pair set as token ids.

    Attributes:
        share: How often a batch comes from this set, relative to the others.
        texts: The distinct texts of both sides.
        sides: Numbers of the texts that make each pair, shape (pairs, 2).
    """

    share: float
    texts: TokenLists
    sides: Ids


def tokenise_pairs(tokenizer: Tokenizer, pair_set: PairSet, longest_tokens: int) -> TokenPairs:
    """Return a pair set as token ids, each distinct text once, cut after `longest_tokens`."""
    numbers: dict[str, int] = {}
    sides = [[numbers.setdefault(text, len(numbers)) for text in pair] for pair in pair_set.pairs]
    texts = tokenise(tokenizer, list(numbers), longest_tokens)
    return TokenPairs(pair_set.share, texts, np.asarray(sides, dtype=np.int64).reshape(-1, 2))


def draw_batches(
    sets: Sequence[TokenPairs], chance: np.random.Generator, batch_pairs: int, token_dropout: float
) -> Iterator[tuple[Features, Features]]:
    """Yield batches without end, each from one set.

    A text occurs once in a batch at most on each side, because every other pair of the batch serves as a negative.

    Args:
        sets: Non-empty pair sets.
        chance: Source of chance.
        batch_pairs: Pairs drawn for a batch; those that repeat a text are dropped.
        token_dropout: Share of tokens left out of each text.

    Yields:
        What `StaticEmbedding.forward` takes, for the first and the second texts.
    """
    shares = np.asarray([one.share for one in sets])
    while True:
        chosen = sets[chance.choice(len(sets), p=shares / shares.sum())]
        drawn = chosen.sides[chance.integers(len(chosen.sides), size=batch_pairs)]
        for side in (0, 1):
            _, first = np.unique(drawn[:, side], return_index=True)
            drawn = drawn[np.sort(first)]
        first_texts, second_texts = (
            features(*chosen.texts.take(drawn[:, side]), chance, token_dropout) for side in (0, 1)
        )
        yield first_texts, second_texts


def features(ids: Ids, lengths: Ids, chance: np.random.Generator, token_dropout: float) -> Features:
    """Return what `StaticEmbedding.forward` takes for texts that stand one behind the other, some tokens left out.

    Args:
        ids: Their tokens.
        lengths: How many each text has, shape (texts,).
        chance: Source of chance.
        token_dropout: Share of tokens left out.
    """
    keep = chance.random(len(ids)) >= token_dropout
    text_of_token = np.repeat(np.arange(len(lengths)), lengths)
    kept_lengths = np.bincount(text_of_token[keep], minlength=len(lengths))
    starts = np.cumsum(kept_lengths) - kept_lengths
    return {"input_ids": torch.from_numpy(ids[keep]), "offsets": torch.from_numpy(starts)}

"""Contrastive training of the token vectors."""

import math
import random
from collections.abc import Callable, Sequence

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from tokenizers import Tokenizer

from training.batches import TokenPairs, draw_batches
from training.first_vectors import Vectors
from training.settings import Recipe


def make_repeatable(threads: int, seed: int) -> None:
    """Fix torch's threads, algorithms and seeds for the whole process, so that equal inputs give equal weights."""
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(mode=True)
    torch.manual_seed(seed)
    random.seed(seed)


def train_vectors(
    tokenizer: Tokenizer,
    first_vectors: Vectors,
    sets: Sequence[TokenPairs],
    recipe: Recipe,
    report: Callable[[int, float], None],
) -> Vectors:
    """Return token vectors trained so that the texts of a pair lie close and all others apart.

    Args:
        tokenizer: The encoder's tokenizer.
        first_vectors: Where training starts, shape (tokens, dimension).
        sets: Tokenised pair sets.
        recipe: Steps, rates and seed.
        report: Called every hundred steps with the step and the mean loss since the last call.

    Returns:
        Token vectors, float32, shape (tokens, dimension); that of the unknown token, id 0, is zero.
    """
    make_repeatable(recipe.threads, recipe.seed)
    embedding = StaticEmbedding(tokenizer, embedding_weights=first_vectors.copy())
    model = SentenceTransformer(modules=[embedding, Normalize()], device="cpu")
    loss_of = MultipleNegativesRankingLoss(
        model, scale=recipe.scale, directions=("query_to_doc", "doc_to_query"), partition_mode="per_direction"
    )
    weight = embedding.embedding.weight
    optimiser = torch.optim.Adam([weight], lr=recipe.learning_rate, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, recipe))
    chance = np.random.default_rng(recipe.seed)
    batches = draw_batches(sets, chance, recipe.batch_pairs, recipe.token_dropout)
    losses: list[float] = []
    for step in range(1, recipe.steps + 1):
        optimiser.zero_grad()
        loss = loss_of(next(batches), None)
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if step % 100 == 0:
            report(step, sum(losses) / len(losses))
            losses.clear()
    vectors = weight.detach().numpy().copy()
    vectors[0] = 0.0
    return np.asarray(vectors, dtype=np.float32)


def _rate(step: int, recipe: Recipe) -> float:
    """Return the share of the peak learning rate at a step: a linear rise, then a half cosine down to zero."""
    if step < recipe.warmup_steps:
        return (step + 1) / recipe.warmup_steps
    progress = (step - recipe.warmup_steps) / max(1, recipe.steps - recipe.warmup_steps)
    return 0.5 * (1.0 + math.cos(math.pi * min(progress, 1.0)))

"""Tuning of the token vectors on a handbook's wordings, while what they know of other texts is kept up."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from tokenizers import Tokenizer

from training.batches import Features, features
from training.first_vectors import Vectors
from training.handbook_texts import NEGATIVE
from training.settings import TuningRecipe
from training.token_lists import Ids, TokenLists
from training.train import make_repeatable

# Takes a product out of a sum of exponentials.
NOTHING = -1e4


def tune_vectors(
    tokenizer: Tokenizer,
    vectors: Vectors,
    handbook: tuple[TokenLists, Ids],
    general: Iterator[tuple[Features, Features]],
    recipe: TuningRecipe,
    report: Callable[[int, float], None],
) -> Vectors:
    """Return token vectors that draw the wordings and passages of a section together.

    Args:
        tokenizer: The encoder's tokenizer.
        vectors: Where tuning starts, shape (tokens, dimension).
        handbook: Its texts as tokens and the section number of each, NEGATIVE for negative questions.
        general: Batches of pairs from other texts.
        recipe: Steps, rates and seed.
        report: Called every hundred steps with the step and the mean loss since the last call.

    Returns:
        Token vectors, float32, shape (tokens, dimension); that of the unknown token, id 0, is zero.
    """
    make_repeatable(recipe.threads, recipe.seed)
    embedding = StaticEmbedding(tokenizer, embedding_weights=vectors.copy())
    model = SentenceTransformer(modules=[embedding, Normalize()], device="cpu")
    weight = embedding.embedding.weight
    tune(model, [{"params": [weight], "lr": recipe.learning_rate}], handbook, general, recipe, report)
    tuned = weight.detach().numpy().copy()
    tuned[0] = 0.0
    return np.asarray(tuned, dtype=np.float32)


def tune(
    model: SentenceTransformer,
    parameters: list[dict[str, Any]],
    handbook: tuple[TokenLists, Ids],
    general: Iterator[tuple[Features, Features]],
    recipe: TuningRecipe,
    report: Callable[[int, float], None],
) -> None:
    """Change the weights of a model whose first module takes what `StaticEmbedding` takes; see `tune_vectors`.

    `parameters` are groups of weights with the learning rate of each, as torch's optimisers take them.
    """
    general_loss = MultipleNegativesRankingLoss(
        model, scale=recipe.scale, directions=("query_to_doc", "doc_to_query"), partition_mode="per_direction"
    )
    optimiser = torch.optim.Adam(parameters, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, recipe))
    chance = np.random.default_rng(recipe.seed)
    texts, labels = handbook
    losses: list[float] = []
    model.train()
    for step in range(1, recipe.steps + 1):
        optimiser.zero_grad()
        drawn = chance.choice(len(labels), min(recipe.batch_texts, len(labels)), replace=False)
        batch = features(*texts.take(drawn), chance, recipe.token_dropout)
        near = soft_nearest_neighbour_loss(
            model(batch)["sentence_embedding"], torch.from_numpy(labels[drawn]), recipe.scale
        )
        loss = near + recipe.general_weight * general_loss(next(general), None)
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if step % 100 == 0:
            report(step, sum(losses) / len(losses))
            losses.clear()
    model.eval()


def soft_nearest_neighbour_loss(vectors: torch.Tensor, labels: torch.Tensor, scale: float) -> torch.Tensor:
    """Return how badly texts of one section find each other among all texts of a batch; 0 when perfectly.

    The mean of -log(sum over texts of the same section of e^(scale * cosine) / that sum over all other texts), over the
    texts that have another of their section in the batch. A section may have several clusters: each text only needs
    some neighbours of its own. Negative questions are nobody's kind.
    Sources: Goldberger et al., "Neighbourhood Components Analysis", 2004; Frosst, Papernot and Hinton, "Analyzing and
    Improving Representations with the Soft Nearest Neighbor Loss", 2019.

    Args:
        vectors: Unit vectors, shape (texts, dimension).
        labels: Section numbers, NEGATIVE for none, shape (texts,).
        scale: Inverse temperature.
    """
    products = (scale * vectors @ vectors.T).fill_diagonal_(NOTHING)
    is_same = ((labels[:, None] == labels[None, :]) & (labels[:, None] != NEGATIVE)).fill_diagonal_(fill_value=False)
    of_same = torch.logsumexp(products.masked_fill(~is_same, NOTHING), dim=1)
    return (torch.logsumexp(products, dim=1) - of_same)[is_same.any(dim=1)].mean()


def _rate(step: int, recipe: TuningRecipe) -> float:
    """Return the share of the peak learning rate at a step: a linear rise, and a linear fall to zero over all steps."""
    return min(1.0, (step + 1) / recipe.warmup_steps) * (1.0 - step / recipe.steps)

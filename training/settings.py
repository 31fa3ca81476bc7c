"""Every number of the recipe, in one frozen value."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """The numbers that, with the training data, determine the weights byte for byte.

    Attributes:
        seed: Seed of every random choice.
        threads: Threads that torch and the tokenizer use; another number may give other bytes.
        vocabulary_size: Most tokens in the tokenizer, the unknown token included.
        longest_word_characters: Longer Chinese words are left to their parts.
        dimension: Length of a token vector and of an embedding.
        plain_lines_limit: Most lines read of each plain file.
        window_tokens: Tokens to each side that count as context for the first vectors.
        context_tokens: The most frequent tokens, which alone serve as contexts.
        pairs_limit: Most pairs kept of each pair set.
        question_variants: Shortened wordings made of each real question.
        longest_plain_text_tokens: Plain texts are cut here before company is counted.
        longest_text_tokens: Texts are cut here while training.
        batch_pairs: Pairs in a batch; every other pair of the batch is a negative.
        steps: Optimiser steps.
        warmup_steps: Steps over which the learning rate rises.
        learning_rate: Peak rate of Adam.
        scale: Inverse temperature of the contrastive loss.
        token_dropout: Share of tokens left out of each text of a batch.
    """

    seed: int = 20261122
    threads: int = 2
    vocabulary_size: int = 28_000
    longest_word_characters: int = 4
    dimension: int = 512
    plain_lines_limit: int = 15_000
    window_tokens: int = 5
    context_tokens: int = 20_000
    pairs_limit: int = 300_000
    question_variants: int = 4
    longest_plain_text_tokens: int = 2_000
    longest_text_tokens: int = 256
    batch_pairs: int = 1024
    steps: int = 3_000
    warmup_steps: int = 200
    learning_rate: float = 0.003
    scale: float = 20.0
    token_dropout: float = 0.1


@dataclass(frozen=True, kw_only=True)
class TuningRecipe:
    """The numbers that, with the base model, the handbook and the training data, determine the tuned weights.

    Attributes:
        seed: Seed of every random choice.
        threads: Threads that torch uses; another number may give other bytes.
        steps: Optimiser steps.
        warmup_steps: Steps over which the learning rate rises.
        learning_rate: Peak rate of Adam.
        batch_texts: Texts of the handbook in a batch.
        token_dropout: Share of tokens left out of each of them.
        general_batch_pairs: Pairs of other texts in a batch.
        general_weight: What their loss counts beside that of the handbook.
        scale: Inverse temperature of both losses.
        held_out_percent: Wordings kept aside to measure on; 0 for the model that is shipped.
    """

    seed: int = 20261123
    threads: int = 2
    steps: int = 300
    warmup_steps: int = 20
    learning_rate: float = 0.001
    batch_texts: int = 1_536
    token_dropout: float = 0.15
    general_batch_pairs: int = 512
    general_weight: float = 0.5
    scale: float = 20.0
    held_out_percent: int = 0


@dataclass(frozen=True, kw_only=True)
class TransformerRecipe(TuningRecipe):
    """The numbers of the small transformer that the static encoder is compared with.

    Attributes:
        width: Length of a token vector and of an embedding.
        layers: Transformer layers.
        heads: Heads of each.
        feed_forward: Width of the layer between.
        longest_text_tokens: Texts are cut here.
        layer_learning_rate: Peak rate of the layers; `learning_rate` is that of the token vectors.
    """

    width: int = 256
    layers: int = 3
    heads: int = 4
    feed_forward: int = 512
    longest_text_tokens: int = 64
    batch_texts: int = 768
    general_batch_pairs: int = 64
    layer_learning_rate: float = 0.0005

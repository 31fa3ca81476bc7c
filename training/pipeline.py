"""From public text to a model folder, in one screen."""

from collections.abc import Callable
from pathlib import Path

from threadpoolctl import threadpool_limits

from training.batches import tokenise_pairs
from training.first_vectors import company_vectors, count_company
from training.pairs import read_pair_sets
from training.plain_text import plain_texts
from training.save import save_model
from training.settings import Recipe
from training.token_lists import tokenise
from training.tokenizer import build_tokenizer, count_words
from training.train import train_vectors
from training.words import build_word_cutter


def build_model(data: Path, folder: Path, recipe: Recipe, report: Callable[[str], None]) -> None:
    """Make the encoder and write its folder.

    Args:
        data: The training data folder.
        folder: Where the model goes; a model already there is replaced at the end, at once.
        recipe: Every number of the recipe. Equal data and equal recipe give equal bytes.
        report: Called with one line of progress after each step.

    Raises:
        FileNotFoundError: If a data file is missing.
    """
    cut = build_word_cutter()
    texts = list(plain_texts(data, recipe))
    counts = count_words(texts, cut)
    tokenizer = build_tokenizer(counts, recipe.vocabulary_size, recipe.longest_word_characters)
    report(f"tokenizer: {tokenizer.get_vocab_size()} tokens, from {len(texts)} texts")

    tokens = tokenizer.get_vocab_size()
    lists = tokenise(tokenizer, texts, recipe.longest_plain_text_tokens)
    company = count_company(lists, tokens, recipe.context_tokens, recipe.window_tokens)
    with threadpool_limits(recipe.threads):
        vectors = company_vectors(company, recipe.dimension, recipe.seed)
    report(f"first vectors: from {len(lists.ids)} tokens, {company.nnz} kinds of company")

    sets = read_pair_sets(data, recipe, cut)
    for one in sets:
        report(f"pairs: {len(one.pairs)} {one.name}")
    token_pairs = [tokenise_pairs(tokenizer, one, recipe.longest_text_tokens) for one in sets]
    vectors = train_vectors(
        tokenizer, vectors, token_pairs, recipe, lambda step, loss: report(f"step {step}: loss {loss:.4f}")
    )
    save_model(folder, tokenizer, vectors)

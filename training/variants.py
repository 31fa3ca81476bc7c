"""Shortened wordings of a question: what stays when a few words or characters are left out."""

import random
from collections.abc import Callable


def shortened(text: str, pick: random.Random, share: float, cut: Callable[[str], list[str]]) -> str:
    """Return the text with some of its parts left out.

    Half of the time the parts are words, half of the time characters, so that a word is met both whole and broken.
    The idea is that of SimCSE's dropout positives (Gao et al. 2021, arXiv:2104.08821), moved from the network, which
    a static model does not have, to the text.

    Args:
        text: A question.
        pick: Source of chance.
        share: Probability of leaving out each part, in [0, 1).
        cut: Gives the words of a text, in order, which joined give the text.

    Returns:
        The parts that stay, joined; the whole text where none would stay.
    """
    parts = cut(text) if pick.random() < 0.5 else list(text)  # noqa: PLR2004 - a fair coin
    kept = [part for part in parts if pick.random() >= share]
    return "".join(kept) or text

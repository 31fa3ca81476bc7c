"""Is a question meant by itself or together with an earlier one? Decided from how the readings compare."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retriever.follow_up import points_back, points_to_the_first
from retriever.section_table import SectionKey

MAX_LOG_ODDS = 7.0


class ContextFeatures(NamedTuple):
    """How a question read together with an earlier one compares with it read alone; also the weights of these.

    Attributes:
        points_back: Whether its words point back or make it a part of a question.
        points_to_the_first: Whether they point to the first question.
        names_nothing: Whether it has no telling word.
        log_length: Logarithm of its number of characters.
        information: Of its telling words, together, in words that nobody ever used.
        alone_log_odds: Of the answer probability alone, at most MAX_LOG_ODDS away from zero.
        together_log_odds: Of that together.
        earlier_log_odds: Of that of the earlier question by itself.
        together_as_alone: Whether both lead to the same section.
        alone_as_earlier: Whether the question alone leads to where the earlier one led.
        held_together: Whether the section found together holds a telling word; true when there is none.
        rarest_held_together: Whether it holds the rarest.
        rarest_held_alone: Whether the section found alone does.
        information_gained: Of the telling words, how much more the section found together holds than the one found
            alone; negative when less.
    """

    points_back: float
    points_to_the_first: float
    names_nothing: float
    log_length: float
    information: float
    alone_log_odds: float
    together_log_odds: float
    earlier_log_odds: float
    together_as_alone: float
    alone_as_earlier: float
    held_together: float
    rarest_held_together: float
    rarest_held_alone: float
    information_gained: float


NO_CONTEXT_FEATURES = ContextFeatures(*[0.0] * len(ContextFeatures._fields))


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextWeights:
    """Weights of the choice between the readings of a question.

    Attributes:
        intercept: The score of a reading together with an earlier question when every feature is zero; alone has none.
        features: The weight of each feature, under its name.
    """

    intercept: float
    features: ContextFeatures


class Found(NamedTuple):
    """What a reading led to.

    Attributes:
        section: The best section; None when nothing was found.
        probability: Its answer probability.
        held: Those telling words of the question that stand in it or in the ways to ask for it.
    """

    section: SectionKey | None
    probability: float
    held: frozenset[str]


def context_features(
    text: str, information: Mapping[str, float], alone: Found, together: Found, earlier: Found
) -> ContextFeatures:
    """Return how a reading together with an earlier question compares with the one alone.

    Args:
        text: The normalised question, not blank.
        information: Of each of its telling words.
        alone: Where it leads by itself.
        together: Where it leads with the earlier question.
        earlier: Where the earlier question leads by itself.
    """
    # In one order: sums of floating-point numbers depend on it.
    gained = sum(value * ((word in together.held) - (word in alone.held)) for word, value in information.items())
    return ContextFeatures(
        points_back=float(points_back(text)),
        points_to_the_first=float(points_to_the_first(text)),
        names_nothing=float(not information),
        log_length=math.log(len(text)),
        information=sum(information.values()),
        alone_log_odds=_log_odds(alone.probability),
        together_log_odds=_log_odds(together.probability),
        earlier_log_odds=_log_odds(earlier.probability),
        together_as_alone=float(together.section == alone.section),
        alone_as_earlier=float(alone.section == earlier.section),
        held_together=float(bool(together.held) or not information),
        rarest_held_together=float(not information or rarest(information) in together.held),
        rarest_held_alone=float(not information or rarest(information) in alone.held),
        information_gained=gained,
    )


def rarest(information: Mapping[str, float]) -> str:
    """Return the word that says most; of several the first in the order of code points. There must be one."""
    return max(sorted(information), key=information.__getitem__)


def meant_shares(compared: Sequence[ContextFeatures], weights: ContextWeights) -> NDArray[np.float64]:
    """Return the chance that each reading is the meant one, shape (1 + contexts,), alone first; they add up to 1.

    Source: McFadden, "Conditional logit analysis of qualitative choice behavior", 1974.
    """
    features = np.array(compared, dtype=np.float64).reshape(len(compared), len(weights.features))
    scores = np.concatenate([[0.0], weights.intercept + features @ np.array(weights.features)])
    exponentials = np.exp(scores - scores.max())
    shares: NDArray[np.float64] = exponentials / exponentials.sum()
    return shares


def _log_odds(probability: float) -> float:
    if not 0.0 < probability < 1.0:
        return math.copysign(MAX_LOG_ODDS, probability - 0.5)
    return max(-MAX_LOG_ODDS, min(MAX_LOG_ODDS, math.log(probability / (1.0 - probability))))

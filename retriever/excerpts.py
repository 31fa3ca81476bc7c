"""Which words of the best sections are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from corpus.passage import Passage
from retriever.fusion import RankedSection
from retriever.index import SearchIndex, SectionKey
from retriever.matching import comparable_values
from retriever.parameters import ParameterSets
from retriever.query import Query

# Passages are short so that they are found by what they say; they are shown with their neighbours up to this length,
# which still stands on a phone's screen at once.
MAX_CHARACTERS = 240
# The chance that the k-th excerpt of the right section holds the answer when those before it do not.
GAINS = (0.79, 0.17, 0.04)
# A section less likely than this is not shown at all, unless it is the best.
MIN_SHARE = 0.08


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Neighbouring passages that are shown together.

    Attributes:
        passage: The one that fits the question best.
        start: Offset of the first code point in the canonical text.
        end: Offset behind the last one.
    """

    passage: Passage
    start: int
    end: int


def choose_excerpts(
    query: Query, ranking: Sequence[RankedSection], index: SearchIndex, parameters: ParameterSets, limit: int
) -> list[Excerpt]:
    """Return at most `limit` excerpts, best first: at each step the one that most likely adds the answer.

    What an excerpt adds is the share of its section times its gain there. Excerpts never overlap. An empty ranking
    gives none.
    """
    offers: list[tuple[float, int, int, Excerpt]] = []
    for place, section in enumerate(ranking):
        if place and section.share < MIN_SHARE:
            break
        for order, excerpt in enumerate(section_excerpts(query, section.key, index, parameters)):
            gain = GAINS[order] if order < len(GAINS) else GAINS[-1] / (order + 1)
            offers.append((-section.share * gain, place, order, excerpt))
    return [excerpt for *_, excerpt in sorted(offers, key=lambda offer: offer[:3])[:limit]]


def choose_excerpts_of_several(
    asked: Sequence[tuple[Query, SectionKey]], index: SearchIndex, parameters: ParameterSets, limit: int
) -> list[Excerpt]:
    """Return at most `limit` excerpts for several questions in one: the best of each in turn, then the next of each.

    Args:
        asked: Each question with the section that answers it; no section twice.
        index: The index.
        parameters: Of each kind of handbook.
        limit: At most so many.
    """
    return in_turn([section_excerpts(query, key, index, parameters) for query, key in asked], limit)


def in_turn(of_each: Sequence[Sequence[Excerpt]], limit: int) -> list[Excerpt]:
    """Return at most `limit` excerpts of several lists: the first of each, then the second of each, and so on."""
    rounds = zip_longest(*of_each)
    return [excerpt for round_ in rounds for excerpt in round_ if excerpt is not None][:limit]


def section_excerpts(query: Query, key: SectionKey, index: SearchIndex, parameters: ParameterSets) -> list[Excerpt]:
    """Return a section cut into excerpts around the passages that fit best, best first.

    The fit of a passage is the part of the fused score that passages contribute.
    """
    rows = index.passage_space.rows.get(key)
    if rows is None:
        return []
    numbers = list(range(rows.start, rows.stop))
    background = index.manifest.passage_background
    similarities, coverages = comparable_values(query, index.passage_space, numbers, background)
    weights = parameters.of(is_curated=index.is_curated(key[0])).fusion
    fits = weights.passage_similarity * similarities + weights.passage_coverage * coverages
    return cut_excerpts([index.passages[number] for number in numbers], fits.tolist())


def reading_order_excerpts(key: SectionKey, index: SearchIndex) -> list[Excerpt]:
    """Return a section cut into excerpts from its beginning to its end."""
    rows = index.passage_space.rows.get(key)
    passages = [] if rows is None else [index.passages[number] for number in range(rows.start, rows.stop)]
    return cut_excerpts(passages, [-float(place) for place in range(len(passages))])


def cut_excerpts(passages: Sequence[Passage], fits: Sequence[float]) -> list[Excerpt]:
    """Return all passages of a section, in reading order, as excerpts of at most MAX_CHARACTERS, best fit first.

    An excerpt begins with the best passage that is left and takes in the better of its two neighbours as long as it
    stays short enough; a passage that is longer by itself stands alone. Ties go to the earlier passage.
    """
    left = set(range(len(passages)))
    excerpts = []
    while left:
        best = first = last = min(left, key=lambda place: (-fits[place], place))
        while neighbours := [
            place
            for place in (first - 1, last + 1)
            if place in left and passages[max(last, place)].end - passages[min(first, place)].start <= MAX_CHARACTERS
        ]:
            taken = min(neighbours, key=lambda place: (-fits[place], place))
            first, last = min(first, taken), max(last, taken)
        left -= set(range(first, last + 1))
        excerpts.append(Excerpt(passage=passages[best], start=passages[first].start, end=passages[last].end))
    return excerpts

from itertools import pairwise

from corpus.passage import Passage
from retriever.excerpts import MAX_CHARACTERS, cut_excerpts


def passages(*lengths: int) -> list[Passage]:
    """Passages of some lengths, a line break between them."""
    found, start = [], 0
    for number, length in enumerate(lengths):
        found.append(
            Passage(passage_id=f"p{number}", handbook_id="h", section_id="q1", start=start, end=start + length)
        )
        start += length + 1
    return found


def spans(excerpts) -> list[tuple[str, int, int]]:
    return [(excerpt.passage.passage_id, excerpt.start, excerpt.end) for excerpt in excerpts]


def test_the_best_passage_takes_in_its_better_neighbour_first() -> None:
    # 100 + 1 + 100 fit into 240; the third no longer does.
    found = spans(cut_excerpts(passages(100, 100, 100), [0.5, 1.0, 0.9]))
    assert found == [("p1", 101, 302), ("p0", 0, 100)]


def test_where_the_better_neighbour_is_too_long_the_other_is_taken() -> None:
    found = spans(cut_excerpts(passages(50, 100, 200), [0.1, 1.0, 0.9]))
    assert found == [("p1", 0, 151), ("p2", 152, 352)]


def test_a_long_passage_stands_alone_and_whole() -> None:
    assert spans(cut_excerpts(passages(400, 20), [1.0, 0.5])) == [("p0", 0, 400), ("p1", 401, 421)]


def test_every_passage_is_shown_once_and_none_beyond_the_length() -> None:
    lengths = [30, 220, 45, 60, 120, 80, 10, 200, 90]
    fits = [0.3, 0.1, 0.9, 0.2, 0.8, 0.7, 0.6, 0.5, 0.4]
    excerpts = cut_excerpts(passages(*lengths), fits)
    assert sum(excerpt.end - excerpt.start for excerpt in excerpts) >= sum(lengths)
    ordered = sorted(excerpts, key=lambda excerpt: excerpt.start)
    assert all(before.end < after.start for before, after in pairwise(ordered))
    assert all(excerpt.end - excerpt.start <= MAX_CHARACTERS for excerpt in excerpts)


def test_equal_fits_go_by_reading_order() -> None:
    assert spans(cut_excerpts(passages(230, 230), [0.5, 0.5]))[0][0] == "p0"


def test_nothing_gives_nothing() -> None:
    assert cut_excerpts([], []) == []

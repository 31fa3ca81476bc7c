from hypothesis import given
from hypothesis import strategies as st

from chat_api.page.marked_text import marked_pieces

SPANS = st.lists(st.tuples(st.integers(-5, 40), st.integers(-5, 40)), max_size=5)


def test_marks_and_misprints_cut_a_text() -> None:
    pieces = marked_pieces("课程。提升自身", [(3, 5)], [(0, 4)])
    assert [(piece.text, piece.is_marked, piece.is_misprint) for piece in pieces] == [
        ("课程。", False, True),
        ("提", True, True),
        ("升", True, False),
        ("自身", False, False),
    ]


def test_nothing_gives_nothing() -> None:
    assert marked_pieces("", [(0, 3)]) == []


@given(text=st.text(max_size=30), marks=SPANS, misprints=SPANS)
def test_no_character_is_lost_or_marked_wrongly(
    text: str, marks: list[tuple[int, int]], misprints: list[tuple[int, int]]
) -> None:
    pieces = marked_pieces(text, marks, misprints)
    assert "".join(piece.text for piece in pieces) == text
    flags = [(piece.is_marked, piece.is_misprint) for piece in pieces for _ in piece.text]
    for place, (is_marked, is_misprint) in enumerate(flags):
        assert is_marked == any(start <= place < end for start, end in marks)
        assert is_misprint == any(start <= place < end for start, end in misprints)

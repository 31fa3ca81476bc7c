from itertools import pairwise

from corpus.handbook import Handbook, Paragraph, Section
from corpus.passage import passage_id
from ingest.passages import find_passages

SENTENCE = "工会依法维护职工的合法权益，并协助职工签订劳动合同。"  # 26 characters


def handbook(*answers: list[str]) -> Handbook:
    """Return a handbook of one section for each list of paragraphs; those that begin with "（" are list items."""
    text, sections = "", []
    for number, paragraphs in enumerate(answers, start=1):
        start, spans = len(text), []
        text += f"{number}、怎么办？\n"
        for words in paragraphs:
            first = len(text) + len(words) - len(words.lstrip("\n"))
            spans.append(Paragraph(start=first, end=len(text) + len(words), is_list_item=words.startswith("（")))
            text += words + "\n"
        sections.append(
            Section(
                section_id=f"q{number}",
                number=number,
                heading="怎么办？",
                part=None,
                start=start,
                end=len(text) - 1,
                paragraphs=tuple(spans),
            )
        )
    return Handbook(
        handbook_id="h", title="书", edition="1", publisher="会", date="2024", text=text, sections=tuple(sections)
    )


def excerpts(book: Handbook) -> list[str]:
    return [book.text[passage.start : passage.end] for passage in find_passages(book)]


def test_a_paragraph_of_ordinary_length_is_one_passage() -> None:
    words = SENTENCE * 4
    assert excerpts(handbook([words])) == [words]


def test_a_long_paragraph_is_cut_between_sentences_near_the_ideal_length() -> None:
    # 10 sentences of 26 characters: two passages of 130 come nearer to 120 than three of 78, 78 and 104.
    assert excerpts(handbook([SENTENCE * 10])) == [SENTENCE * 5, SENTENCE * 5]


def test_a_short_paragraph_joins_the_one_before_it() -> None:
    words = [SENTENCE * 3, "主要有以下几项。"]
    assert excerpts(handbook(words)) == ["\n".join(words)]


def test_a_short_first_paragraph_joins_the_one_after_it() -> None:
    words = ["主要有以下几项：", SENTENCE * 3]
    assert excerpts(handbook(words)) == ["\n".join(words)]


def test_two_paragraphs_long_enough_stay_apart() -> None:
    words = [SENTENCE * 2, SENTENCE * 3]
    assert excerpts(handbook(words)) == words


def test_a_paragraph_of_40_characters_stands_alone_and_one_of_39_does_not() -> None:
    assert excerpts(handbook([SENTENCE * 2, "工" * 39 + "。"])) == [SENTENCE * 2, "工" * 39 + "。"]
    assert excerpts(handbook([SENTENCE * 2, "工" * 38 + "。"])) == [f"{SENTENCE * 2}\n{'工' * 38}。"]


def test_a_sentence_of_220_characters_is_one_passage_and_one_of_221_is_not() -> None:
    assert excerpts(handbook(["工" * 219 + "。"])) == ["工" * 219 + "。"]
    assert [len(excerpt) for excerpt in excerpts(handbook(["工" * 220 + "。"]))] == [140, 81]


def test_an_introduction_joins_a_list_item_up_to_220_characters() -> None:
    item = "（1）" + "工" * 212 + "。"  # 216 characters; with "包括：" and the line end 220
    assert excerpts(handbook(["包括：", item])) == [f"包括：\n{item}"]
    assert excerpts(handbook(["包括有：", item])) == ["包括有：", item]


def test_two_list_items_never_share_a_passage_however_short() -> None:
    words = ["包括：", "（1）会费", "（2）会籍", "（3）会员证"]
    assert excerpts(handbook(words)) == ["包括：\n（1）会费", "（2）会籍", "（3）会员证"]


def test_nothing_joins_the_end_of_a_list_item() -> None:
    words = [SENTENCE * 2, "（1）会费", "以上从五月起施行。"]
    assert excerpts(handbook(words)) == [f"{SENTENCE * 2}\n（1）会费", "以上从五月起施行。"]


def test_a_short_introduction_joins_no_list_item_it_would_make_too_long() -> None:
    item = "（1）" + SENTENCE * 8
    # 4 characters of introduction and line end, 3 + 8 x 26 of the item: 215 fit into 220, with six more they do not.
    assert excerpts(handbook(["包括：", item]))[0].startswith("包括：\n（1）工会")
    assert excerpts(handbook(["包括：", item + "会员，职工。"]))[0] == "包括："


def test_a_sentence_longer_than_a_passage_is_cut_inside() -> None:
    words = "各级工会" * 60 + "。"
    cut = excerpts(handbook([words]))
    assert "".join(cut) == words
    assert all(40 <= len(excerpt) <= 220 for excerpt in cut)


def test_short_sentences_around_a_long_one_do_not_become_short_passages() -> None:
    words = "很好。" + "各级工会，" * 43 + "都要落实。" + "完。"
    cut = excerpts(handbook([words]))
    assert "".join(cut) == words
    assert all(40 <= len(excerpt) <= 220 for excerpt in cut)


def test_blank_lines_between_joined_paragraphs_do_not_count_as_words() -> None:
    # Counted in, the lines would let "主要有：" stand alone as a passage of 40 characters and more.
    words = ["主要有：", "\n" * 60 + SENTENCE * 3]
    assert excerpts(handbook(words)) == ["\n".join(words)]


def test_a_paragraph_of_thousands_of_sentences_is_cut_too() -> None:
    words = SENTENCE * 3_000
    cut = excerpts(handbook([words]))
    assert "".join(cut) == words
    assert {len(excerpt) for excerpt in cut} <= {104, 130}


def test_ids_name_the_place_and_neighbours_stay_inside_the_section() -> None:
    book = handbook([SENTENCE * 10], [SENTENCE * 2, SENTENCE * 3])
    passages = find_passages(book)
    assert [passage.section_id for passage in passages] == ["q1", "q1", "q2", "q2"]
    for passage in passages:
        assert passage.passage_id == passage_id("h", passage.start, book.text[passage.start : passage.end])
    for before, after in pairwise(passages):
        same = before.section_id == after.section_id
        assert before.next_id == (after.passage_id if same else None)
        assert after.previous_id == (before.passage_id if same else None)
    assert passages[0].previous_id is passages[-1].next_id is None


def test_a_question_without_an_answer_has_no_passage() -> None:
    assert excerpts(handbook([], ["按月交。"])) == ["按月交。"]

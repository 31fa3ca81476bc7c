import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.chinese_numbers import LARGEST, chinese_numeral, parse_number
from corpus.text import CONTROL, ZERO_WIDTH, canonical, folded

settings.register_profile("text", deadline=None, max_examples=200)
EXAMPLES = settings.get_profile("text")
# Pieces that the rules are about, between any characters at all, lone surrogates included.
ARTEFACTS = [
    "\r",
    "\n",
    "\r\n",
    "\ufeff",
    "[bookmark: _Toc12]",
    "[bookmark:_GoBack]",
    "[bookmark",
    ": _Toc1]",
    "\u00a0",
    "\u3000",
]
TEXTS = st.lists(st.one_of(st.sampled_from(ARTEFACTS), st.text(st.characters()), st.text("工会职工　 （１）"))).map(
    "".join
)
ANY_CHARACTERS = st.text(st.characters(exclude_categories=()))
MARK_CHARACTERS = set("[bookmark: _Toc]GB") | set("0123456789\r\n\ufeff")


@settings(EXAMPLES)
@given(TEXTS)
@example("[bookmark: [bookmark: _Toc1]_Toc2]")
@example("\ufeff[bookmark: _Toc1]\ufeff\r")
@example("\r[bookmark: _Toc1]\n")
def test_canonical_text_is_canonical_already(raw: str) -> None:
    assert canonical(canonical(raw)) == canonical(raw)


@settings(EXAMPLES)
@given(TEXTS)
def test_canonical_text_loses_only_marks_and_line_ends(raw: str) -> None:
    text = canonical(raw)
    assert "\r" not in text
    assert not text.startswith("\ufeff")
    assert not re.search(r"\[bookmark: ?_[A-Za-z]+\d*\]", text)
    kept = [character for character in raw if character not in MARK_CHARACTERS]
    assert [character for character in text if character not in MARK_CHARACTERS] == kept


@settings(EXAMPLES)
@given(ANY_CHARACTERS.filter(lambda raw: not {"\r", "[", "\ufeff"} & set(raw)))
def test_text_without_artefacts_stays_as_it_is(raw: str) -> None:
    assert canonical(raw) == raw


@settings(EXAMPLES)
@given(TEXTS | ANY_CHARACTERS)
@example("\u0345\u0390")
@example("a\u200b\u0301")
@example("\u1e9e\ufb03\u33a5\u3000\uff21")
def test_folding_is_idempotent_and_leaves_nothing_invisible(raw: str) -> None:
    text = folded(raw)
    assert folded(text) == text
    assert not CONTROL.search(text)
    assert not ZERO_WIDTH.search(text)
    assert text == " ".join(text.split())


@settings(EXAMPLES)
@given(st.text("ＡａＢｂ１1　 ，,？?"))
def test_width_and_case_do_not_tell_texts_apart(raw: str) -> None:
    narrow = raw.translate(str.maketrans("ＡａＢｂ１　，？", "AaBb1 ,?")).lower()
    assert folded(raw) == folded(narrow)


@settings(EXAMPLES)
@given(st.integers(1, LARGEST))
def test_a_number_is_read_back_from_every_way_to_write_it(number: int) -> None:
    full_width = str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    positional = str(number).translate(str.maketrans("0123456789", "〇一二三四五六七八九"))
    for numeral in (chinese_numeral(number), str(number), full_width, positional):
        assert parse_number(numeral) == number


@settings(EXAMPLES)
@given(st.text("零〇一二两三四五六七八九十百千0９万个", max_size=8))
def test_what_looks_like_a_numeral_has_a_plain_value_or_none(numeral: str) -> None:
    value = parse_number(numeral)
    assert value is None or 0 <= value < 10**8
    if value is None or value == 0 or value > LARGEST:
        return
    assert parse_number(chinese_numeral(value)) == value

"""The two texts of a handbook: the canonical one, which is cited, and the folded one, which is only searched."""

import re
import unicodedata

# Word writes "[bookmark: _Toc3694]" where an export flattened a table-of-contents anchor.
BOOKMARK_MARK = re.compile(r"\[bookmark: ?_[A-Za-z]+\d*\]")
# Invisible characters that neither a reader nor a search should see: zero-width spaces and joiners,
# bidirectional controls, word joiner, byte order mark, soft hyphen.
ZERO_WIDTH = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
# C0 and C1 controls other than tab, line feed and carriage return; and lone surrogates.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
WHITESPACE_RUN = re.compile(r"\s+")


def canonical(raw: str) -> str:
    r"""Return the citable text: the source with only artefacts removed.

    Removed are bookmark marks, the byte order mark at the start, and the difference between line ends (all become
    "\n"). Every other character stays, misprints and odd spaces included: citations are slices of this text and
    their offsets count its code points. Applying it twice changes nothing.
    """
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    while BOOKMARK_MARK.search(text):
        text = BOOKMARK_MARK.sub("", text)
    return text.lstrip("\ufeff")


def count_bookmark_marks(raw: str) -> int:
    """Return how many bookmark marks `canonical` removes from the text."""
    return len(BOOKMARK_MARK.findall(raw))


def folded(text: str) -> str:
    """Return the text as it is matched: NFKC, lower case, without invisible characters, spaces single and trimmed.

    Idempotent. Lengths change, so offsets into the result mean nothing in the canonical text. Never cite it.

    Source: Unicode Standard Annex 15 (normalisation forms) and section 3.13 (case folding).
    """
    visible = ZERO_WIDTH.sub("", CONTROL.sub(" ", text))
    composed = unicodedata.normalize("NFKC", visible).casefold()
    # Casefolding can decompose again (and NFKC can bring back a soft character), so settle once more.
    settled = ZERO_WIDTH.sub("", unicodedata.normalize("NFKC", composed))
    return WHITESPACE_RUN.sub(" ", settled).strip()


# Stretches of Chinese ideographs, as `is_han` has it.
HAN_RUN = re.compile("[\u4e00-\u9fff\u3400-\u4dbf〇]+")


def is_han(character: str) -> bool:
    """Return whether the character is a Chinese ideograph (CJK unified ideographs, extension A, and 〇)."""
    return "\u4e00" <= character <= "\u9fff" or "\u3400" <= character <= "\u4dbf" or character == "〇"

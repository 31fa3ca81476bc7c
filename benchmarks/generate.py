"""Made-up handbooks for measuring, from the words of a real one: as many passages each, no two of them alike.

They make no sense to a reader. What matters is that they have the length, the vocabulary and the structure of a
handbook, and that each has words of its own, as the handbooks of different trades do.
"""

import hashlib
import random
import re
from collections.abc import Iterator
from pathlib import Path

from corpus.chinese_numbers import chinese_numeral
from corpus.handbook import Handbook
from corpus.manifest import Manifest
from ingest.add import manifest_toml
from ingest.sentences import SENTENCE_END

SEED = 20_221_001
# A handbook gets this many words of its own, and every so many characters one of them.
OWN_WORDS = 300
CHARACTERS_A_WORD = 12
SIMILAR_A_QUESTION = 2
_COMMON = [chr(code) for code in range(0x4E00, 0x4E00 + 6_000)]


def write_handbooks(source: Handbook, parent: Path, count: int) -> Iterator[Path]:
    """Yield `count` handbook folders after writing each; the same number always gives the same handbook."""
    sentences = _sentences(source)
    for number in range(count):
        folder = parent / f"made-up-{number:05d}"
        if not (folder / "manifest.toml").is_file():
            _write(folder, source, sentences, number)
        yield folder


def _sentences(source: Handbook) -> list[str]:
    pieces = []
    for section in source.sections:
        for paragraph in section.paragraphs:
            text, start = source.text[paragraph.start : paragraph.end], 0
            for match in SENTENCE_END.finditer(text):
                pieces.append(text[start : match.end()])
                start = match.end()
    return [piece.strip() for piece in pieces if len(piece.strip()) > 1]


def _write(folder: Path, source: Handbook, sentences: list[str], number: int) -> None:
    chance = random.Random(SEED + number)
    own = ["".join(chance.sample(_COMMON, chance.choice((2, 2, 3)))) for _ in range(OWN_WORDS)]
    lines: list[str] = []
    similar: list[str] = []
    for place, question in enumerate(source.questions, start=1):
        heading = _mixed(re.sub(r"[?？]", "", question.heading), own, chance)
        lines.append(f"{chinese_numeral(place)}、{heading}？")
        for paragraph in question.paragraphs:
            length, text = paragraph.end - paragraph.start, ""
            while len(text) < length:
                text += _mixed(chance.choice(sentences), own, chance)
            lines.append(text)
        lines.append("")
        for _ in range(SIMILAR_A_QUESTION):
            start = chance.randrange(max(1, len(heading) - 8))
            wording = f"{chance.choice(own)}{heading[start : start + 10]}怎么办"
            similar.append(f'{{"n": {place}, "q": "{wording}"}}')
    content = "\n".join(lines).encode()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "source.txt").write_bytes(content)
    (folder / "similar_questions.jsonl").write_text("\n".join(similar) + "\n", encoding="utf-8")
    (folder / "manifest.toml").write_text(_manifest(number, content, len(source.questions)), encoding="utf-8")


def _mixed(words: str, own: list[str], chance: random.Random) -> str:
    """Return words with some stretches replaced by a handbook's own ones."""
    pieces, place = [], 0
    while place < len(words):
        step = chance.randint(CHARACTERS_A_WORD // 2, CHARACTERS_A_WORD * 3 // 2)
        pieces.append(words[place : place + step])
        place += step
        if place < len(words) - 1:
            pieces.append(chance.choice(own))
            place += 2
    return "".join(pieces)


def _manifest(number: int, content: bytes, question_count: int) -> str:
    return manifest_toml(
        Manifest(
            id=f"made-up-{number:05d}",
            title=f"测量用手册第{number + 1}册",
            edition="测量用",
            publisher="无",
            date="2024",
            source_file="source.txt",
            source_sha256=hashlib.sha256(content).hexdigest(),
            expected_question_count=question_count,
            origin="由随附手册的语句打乱生成",
            terms="只用于测量",
        )
    )

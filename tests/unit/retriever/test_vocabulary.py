import random
from pathlib import Path

import pytest

from corpus.errors import IndexDamaged
from retriever.vocabulary import Vocabulary

TERMS = ["工会", "工资", "·工会", "a", "", "2.5%", "\ud800"]


def test_terms_keep_the_numbers_of_their_order() -> None:
    vocabulary = Vocabulary.of(TERMS)
    assert dict(vocabulary) == {term: number for number, term in enumerate(TERMS)}
    assert list(vocabulary) == TERMS
    assert len(vocabulary) == len(TERMS)


def test_unknown_terms_are_left_out_and_known_ones_repeated() -> None:
    vocabulary = Vocabulary.of(TERMS)
    assert vocabulary.numbers_of(["工资", "年假", "工会", "工资", "\udfff"]).tolist() == [1, 0, 1]
    assert vocabulary.numbers_of([]).tolist() == []
    assert "工会" in vocabulary
    assert "工" not in vocabulary  # the beginning of a term is none
    assert 3 not in vocabulary
    with pytest.raises(KeyError):
        vocabulary["年假"]


def test_it_knows_what_a_dictionary_knows(tmp_path: Path) -> None:
    chance = random.Random(3)
    terms = list({"".join(chance.choices("工会资年假abc0", k=chance.randint(0, 6))) for _ in range(5_000)})
    Vocabulary.of(terms).save(tmp_path / "terms")
    loaded = Vocabulary.load(tmp_path / "terms")
    assert dict(loaded) == {term: number for number, term in enumerate(terms)}


def test_the_same_terms_give_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        Vocabulary.of(TERMS).save(tmp_path / name)
    assert (tmp_path / "one.marisa").read_bytes() == (tmp_path / "two.marisa").read_bytes()
    assert (tmp_path / "one.npy").read_bytes() == (tmp_path / "two.npy").read_bytes()


def test_without_terms_nothing_is_known(tmp_path: Path) -> None:
    Vocabulary.of([]).save(tmp_path / "none")
    assert list(Vocabulary.load(tmp_path / "none")) == []


@pytest.mark.parametrize("damage", ["missing", "cut", "other"])
def test_a_damaged_vocabulary_is_refused(damage: str, tmp_path: Path) -> None:
    Vocabulary.of(TERMS).save(tmp_path / "terms")
    path = tmp_path / "terms.marisa"
    match damage:
        case "missing":
            path.unlink()
        case "cut":
            path.write_bytes(path.read_bytes()[:20])
        case _:
            Vocabulary.of(TERMS[:3]).save(tmp_path / "few")
            (tmp_path / "few.marisa").rename(path)
    with pytest.raises(IndexDamaged, match=r"terms\.marisa"):
        Vocabulary.load(tmp_path / "terms")

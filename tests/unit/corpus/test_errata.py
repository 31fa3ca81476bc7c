from pathlib import Path

import pytest

from corpus.errata import Erratum, corrected_slice, load_errata
from corpus.errors import ManifestInvalid

TEXT = "逐步融人城市。更好地融人城市。吃上奥菜大师的饭。"


def write(folder: Path, *rows: tuple[str, str, str]) -> Path:
    path = folder / "errata.toml"
    tables = [f'[[erratum]]\ncontext = "{c}"\nprinted = "{p}"\ncorrected = "{r}"\n' for c, p, r in rows]
    path.write_text("\n".join(tables), encoding="utf-8")
    return path


def test_errata_are_located_in_the_order_of_the_text(tmp_path: Path) -> None:
    path = write(tmp_path, ("奥菜大师", "奥菜", "粤菜"), ("更好地融人", "融人", "融入"))
    assert load_errata(path, TEXT) == (
        Erratum(start=10, end=12, printed="融人", corrected="融入"),
        Erratum(start=17, end=19, printed="奥菜", corrected="粤菜"),
    )


def test_a_handbook_without_the_file_has_no_errata(tmp_path: Path) -> None:
    assert load_errata(tmp_path / "errata.toml", TEXT) == ()


def test_an_erratum_may_delete_characters(tmp_path: Path) -> None:
    (erratum,) = load_errata(write(tmp_path, ("逐步融人城市。", "。", "")), TEXT)
    assert corrected_slice(TEXT, 0, 7, (erratum,)) == "逐步融人城市"


def test_only_errata_wholly_inside_a_slice_are_applied(tmp_path: Path) -> None:
    errata = load_errata(write(tmp_path, ("逐步融人", "融人", "融入"), ("更好地融人", "融人", "融入")), TEXT)
    assert corrected_slice(TEXT, 0, len(TEXT), errata) == TEXT.replace("融人", "融入")
    assert corrected_slice(TEXT, 0, 3, errata) == "逐步融"
    assert corrected_slice(TEXT, 3, 11, errata) == "人城市。更好地融"
    assert corrected_slice(TEXT, 10, 12, errata) == "融入"


def test_errata_may_touch_without_overlapping(tmp_path: Path) -> None:
    errata = load_errata(write(tmp_path, ("奥菜大师", "奥菜", "粤菜"), ("大师的饭", "大师", "师傅")), TEXT)
    assert corrected_slice(TEXT, 15, len(TEXT), errata) == "吃上粤菜师傅的饭。"


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("融人城市", "融人", "融入")], "“融人城市”在正文中出现 2 次"),
        ([("不在文中", "文中", "")], "“不在文中”在正文中出现 0 次"),
        ([("奥菜大师", "大厨", "大师")], "“大厨”在“奥菜大师”中应恰好出现一次"),
        ([("逐步融人城市。更好地融人", "融人", "融入")], "应恰好出现一次"),
        ([("奥菜大师", "", "粤菜")], "应恰好出现一次"),
        ([("奥菜大师", "奥菜大", "粤菜大"), ("菜大师的", "菜大师", "菜师傅")], "重叠"),
    ],
    ids=["twice in the text", "not in the text", "not in the context", "twice in the context", "empty", "overlap"],
)
def test_an_erratum_that_is_not_found_exactly_once_is_refused(
    tmp_path: Path, rows: list[tuple[str, str, str]], reason: str
) -> None:
    path = write(tmp_path, *rows)
    with pytest.raises(ManifestInvalid) as refused:
        load_errata(path, TEXT)
    assert str(path) in refused.value.message
    assert reason in refused.value.message


@pytest.mark.parametrize(
    "content",
    [
        '[[erratum]]\ncontext = "奥菜大师"\nprinted = "奥菜"\n',
        '[[erratum]]\ncontext = "奥菜大师"\nprinted = "奥菜"\ncorrected = 1\n',
        '[[erratum]]\ncontext = "奥菜大师"\nprinted = "奥菜"\ncorrected = "粤菜"\nnote = "x"\n',
        '[erratum]\ncontext = "奥菜大师"\nprinted = "奥菜"\ncorrected = "粤菜"\n',
        'erratum = "奥菜"\n',
        'erratum = ["奥菜"]\n',
        '[[errata]]\ncontext = "奥菜大师"\nprinted = "奥菜"\ncorrected = "粤菜"\n',
        "[[erratum]\n",
    ],
    ids=["field missing", "not a string", "field too many", "one table", "a string", "strings", "misspelt", "no TOML"],
)
def test_a_malformed_errata_file_is_refused_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "errata.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ManifestInvalid, match=r"errata\.toml"):
        load_errata(path, TEXT)


def test_an_errata_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "errata.toml"
    path.write_bytes('[[erratum]]\ncontext = "奥菜大师"'.encode("gb18030"))
    with pytest.raises(ManifestInvalid, match=r"errata\.toml"):
        load_errata(path, TEXT)

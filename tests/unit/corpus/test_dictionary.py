from pathlib import Path

import pytest

from corpus.dictionary import load_dictionary, other_words
from corpus.errors import ManifestInvalid


def test_groups_are_read_and_a_missing_file_has_none(tmp_path: Path) -> None:
    assert load_dictionary(tmp_path) == ()
    (tmp_path / "dictionary.toml").write_text('groups = [["农民工", "进城务工人员 "]]', encoding="utf-8")
    assert load_dictionary(tmp_path) == (("农民工", "进城务工人员"),)


@pytest.mark.parametrize("content", ['groups = [["一个"]]', "groups = [1]", "words = []", "{", 'groups = [["a", ""]]'])
def test_anything_else_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "dictionary.toml").write_text(content, encoding="utf-8")
    with pytest.raises(ManifestInvalid, match=r"dictionary\.toml"):
        load_dictionary(tmp_path)


def test_a_text_that_holds_a_word_is_given_the_others() -> None:
    groups = (("工伤", "职业伤害"), ("年假", "年休假", "带薪休假"))
    assert other_words("年休假和工伤", groups) == ("职业伤害", "年假", "带薪休假")
    assert other_words("会费", groups) == ()

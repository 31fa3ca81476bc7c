from pathlib import Path

import pytest

from corpus.errors import IndexDamaged
from ingest.sounds import find_sounds
from retriever.sounds import Sounds

TEXTS = [
    "农民工怎么提升学历 农民工的技能培训由谁负责",
    "高技能人才的年薪制 高技能人才的津贴",
    "高温天气的劳动保护 年薪制和津贴 入党 文件",
    "技能培训 劳动保护 工匠精神 职业技能",
]


@pytest.fixture(scope="module")
def sounds() -> Sounds:
    return find_sounds(TEXTS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nongmingong 怎么提升学历", "农民工 怎么提升学历"),
        ("农民工 jineng peixun", "农民工 技能培训"),
        ("gao jineng rencai 有没有 nianxin 制", "高技能人才 有没有 年薪制"),
        ("工人可以入dang吗", "工人可以入党吗"),
        ("发了啥文健", "发了啥文件"),
        ("高文天气", "高温天气"),
        ("工匠经神", "工匠精神"),
    ],
)
def test_what_is_spelled_by_ear_becomes_the_handbooks_words(sounds: Sounds, typed: str, meant: str) -> None:
    assert sounds.respelled(typed).replace(" ", "") == meant.replace(" ", "")


@pytest.mark.parametrize(
    "text",
    [
        "农民工怎么提升学历",
        "can you tell me who pays",  # English is no pinyin
        "app 打不开",
        "公会和工会",  # a word the segmenter knows stays, although another sounds like it
        "",
        "12351 😀",
    ],
)
def test_what_is_spelled_well_stays_as_it_is(sounds: Sounds, text: str) -> None:
    assert sounds.respelled(text) == text


def test_of_two_words_of_one_sound_the_more_frequent_is_meant() -> None:
    assert find_sounds(["事故 事故 世故"]).words["shi gu"] == "事故"
    assert find_sounds(["世故 世故 事故"]).words["shi gu"] == "世故"


def test_a_word_is_not_made_across_something_else(sounds: Sounds) -> None:
    assert sounds.respelled("文,健") == "文,健"


def test_saved_sounds_are_the_same(sounds: Sounds, tmp_path: Path) -> None:
    sounds.save(tmp_path / "sounds.json")
    assert Sounds.load(tmp_path / "sounds.json") == sounds


@pytest.mark.parametrize("content", [None, "", "[]", '{"syllables": {}}'])
def test_a_damaged_file_is_refused(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "sounds.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(IndexDamaged, match="wengong index"):
        Sounds.load(path)

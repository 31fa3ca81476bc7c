import re

import pytest

from chat_api.page import STATIC_FOLDER
from chat_api.page.languages import LANGUAGES, choose_language, fill, load_words
from chat_api.page.rendering import WIDGET_FOLDER, WIDGET_WORDS

TEMPLATES = STATIC_FOLDER.parent / "templates"
SCRIPTS = [*STATIC_FOLDER.glob("*.js"), *WIDGET_FOLDER.glob("*.js")]
PLACE = re.compile(r"\{(\w+)\}")
# Keys that are put together: from an HTTP status or a kind of failure.
MADE_KEYS = {f"problem_{kind}" for kind in (401, 404, 422, 429, 500, 503, "slow", "offline", "garbled")}


def used_keys() -> set[str]:
    keys = set(MADE_KEYS) | {f"{key}_detail" for key in MADE_KEYS}
    for path in [*STATIC_FOLDER.glob("*.js"), *TEMPLATES.glob("*.html")]:
        keys |= set(re.findall(r'"([a-z]+(?:_[a-z]+)*)"', path.read_text(encoding="utf-8")))
        keys |= set(re.findall(r"\b(reason_[a-z_]+):", path.read_text(encoding="utf-8")))
    return keys


def test_every_language_has_the_same_words_and_places() -> None:
    words = load_words()
    assert tuple(words) == LANGUAGES
    first = words[LANGUAGES[0]]
    for language in LANGUAGES[1:]:
        assert words[language].keys() == first.keys()
        for key, text in words[language].items():
            assert set(PLACE.findall(text)) == set(PLACE.findall(first[key])), (language, key)
            assert text.strip()


def test_no_word_is_kept_that_nothing_says() -> None:
    assert load_words()["zh-Hans"].keys() - used_keys() - {"language_name", *WIDGET_WORDS} == set()


def test_every_word_a_script_or_template_says_is_there() -> None:
    said = set()
    for path in [*STATIC_FOLDER.glob("*.js"), *TEMPLATES.glob("*.html")]:
        said |= set(re.findall(r'\bt\("([a-z_0-9]+)"', path.read_text(encoding="utf-8")))
    assert len(said) > 60
    assert said - load_words()["zh-Hans"].keys() == set()


def test_no_script_holds_chinese_words_of_its_own() -> None:
    """But for what staff read of feedback."""
    for path in SCRIPTS:
        code = re.sub(r"//.*|/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        found = re.findall("[\u4e00-\u9fff]+", code) if path.name != "feedback.js" else []
        assert found == [], path.name


def test_traditional_words_hold_no_simplified_characters() -> None:
    simplified = set("这问还个们说请没会话语输发网络册内时间题误过选择复读写错为从关开")
    for key, text in load_words()["zh-Hant"].items():
        assert not simplified & set(text), (key, text)


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ("", "", "zh-Hans"),
        ("en", "zh-CN", "en"),
        ("zh-Hant", "", "zh-Hant"),
        ("<script>", "", "zh-Hans"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("", "zh-TW,zh;q=0.9", "zh-Hant"),
        ("", "zh-Hant-HK", "zh-Hant"),
        ("", "en-US,en;q=0.9", "en"),
        ("", "en-US,en;q=0.9,zh-CN;q=0.8", "zh-Hans"),
        ("", "zh-CN;q=0.5,zh-TW;q=0.8", "zh-Hant"),
        ("", "en;q=0", "zh-Hans"),
        ("", "fr, de;q=x, ;;q=,", "zh-Hans"),
    ],
)
def test_who_reads_chinese_gets_chinese(asked: str, accepted: str, language: str) -> None:
    assert choose_language(asked, accepted) == language


def test_values_are_not_read_for_places() -> None:
    assert fill({"a": "按“{text}”查找"}, "a", text="{text} {0} {x.y}") == "按“{text} {0} {x.y}”查找"


def test_every_script_is_short_enough_to_be_read() -> None:
    folders = (STATIC_FOLDER, TEMPLATES, WIDGET_FOLDER)
    files = [path for folder in folders for path in folder.iterdir() if path.suffix in {".js", ".css", ".html"}]
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert len(lengths) > 30
    assert {name: length for name, length in lengths.items() if length > 250} == {}

"""Chinese text to the terms that lexical search counts: words, pairs of neighbouring characters, counted numbers."""

import re

import rjieba

from corpus.text import HAN_RUN

_WORD = re.compile(r"\w")
_FIGURE = re.compile(r"[0-9a-z]|^第.|^[一二三四五六七八九十百千万亿]{2,}$")
# A number with what it counts, such as 9.6万个, and none with a word that may follow any.
_COUNTED = re.compile(
    r"(?<![\d.])\d+(?:\.\d+)?[余多几]?[万亿千百]*[余多几]?(?![是指的了在有和与及为到说讲吗呢啥])[一-鿿]"
)
# Marks a number with its unit.
COUNTED_MARK = "#"
# Marks a pair of characters, so that the pair 劳模 and the word 劳模 are counted apart.
PAIR_MARK = "·"


# Words that name no topic: a question of nothing else cannot be searched by itself.
TOPICLESS = frozenset(
    (  # noqa: SIM905 - one word a line would fill two pages
        "的 了 吗 呢 吧 啊 呀 么 是 有 在 和 与 就 都 也 还 那 这 它 他 她 我 你 您 们 个 些 条 "
        "点 几 钱 啥 咋 谁 哪 行 办 发 出 定 能 要 会 给 到 从 对 不 没 说 讲 再 问 多少 什么 "
        "怎么 怎样 怎么样 如何 为什么 为啥 哪些 哪里 哪儿 哪年 哪个 时候 具体 详细 请问 说说 讲讲 "
        "讲的 说的 可以 没有 别的 其他 其它 展开 继续 然后 另外 还有 一下 这个 那个 这些 那些 "
        "第一 第二 第三 意思 内容 数字 名字 例子 举例 比如 看看 告诉 知道 问题 怎么办 咋办"
    ).split()
)


def words(text: str) -> list[str]:
    """Return the words of a normalised text in order, punctuation left out, repetitions kept."""
    return [word for word in rjieba.cut(text) if _WORD.search(word)]


def dictionary_words(text: str) -> list[str]:
    """Return the words of a text that stand in the segmenter's dictionary; what it does not know comes as characters.

    All of them, joined, are the text.
    """
    return list(rjieba.cut(text, False))  # noqa: FBT003 - the library names no parameter


def figures(text: str) -> list[str]:
    """Return the numbers, ordinals and Latin words of a normalised text (2.5%, 第七届, 十四五, app), each once."""
    return figures_among(words(text))


def figures_among(cut: list[str]) -> list[str]:
    """Return those of some words that are numbers, ordinals or Latin words, each once."""
    return list(dict.fromkeys(word for word in cut if _FIGURE.search(word)))


def topic_words(text: str) -> list[str]:
    """Return the words of a normalised text that name a topic, in order, repetitions kept."""
    return [word for word in words(text) if word not in TOPICLESS]


def terms(text: str) -> list[str]:
    """Return words, character pairs and counted numbers of a normalised text, repetitions kept; none of an empty text.

    Words carry meaning, pairs survive wrong cuts, typing errors and words no dictionary knows, and a number says more
    with its unit.
    """
    return words(text) + pairs(text) + counted(text)


def pairs(text: str) -> list[str]:
    """Return the pairs of neighbouring Chinese characters of a text, marked, repetitions kept."""
    return [PAIR_MARK + run[at : at + 2] for run in HAN_RUN.findall(text) for at in range(len(run) - 1)]


def counted(text: str) -> list[str]:
    """Return the numbers of a text with the unit or thing that they count, marked, repetitions kept."""
    return [COUNTED_MARK + found for found in _COUNTED.findall(text)]


def characters(text: str) -> list[str]:
    """Return the Chinese characters of a text, repetitions kept, for judging all of it at once.

    A single one says little in a search, and much together with all others: it survives any typing error beside it.
    """
    return list("".join(HAN_RUN.findall(text)))

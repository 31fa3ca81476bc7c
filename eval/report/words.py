"""The Chinese words of the report, beside the English terms that engineers know."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from eval.dataset import IN_SCOPE, UNANSWERABLE
from eval.estimates import Estimate
from eval.figures import GROUP_ALL, GROUP_IN_SCOPE, GROUP_UNANSWERABLE

TOTALS: Final = (GROUP_IN_SCOPE, GROUP_UNANSWERABLE, GROUP_ALL)
GROUP_NAMES: Final = {**IN_SCOPE, **UNANSWERABLE, **dict(zip(TOTALS, ("手册能答", "手册不答", "全部"), strict=True))}
OUTCOME_NAMES: Final = {"answered": "作答", "clarify": "反问", "abstained": "不答", "refused": "不受理"}
SYSTEM_NAMES: Final = {
    "hybrid": "服务本身",
    "dense": "只用向量",
    "lexical": "只用词语",
    "classifier": "只用线性模型",
    "headings": "只比标题",
}
STEP_NAMES: Final = {
    "whole": "一共",
    "normalise": "整理提问",
    "encode": "算向量",
    "search": "检索",
    "fuse": "排次序",
    "excerpts": "选原文",
    "cite": "标出处",
}
SIGNAL_NAMES: Final = {
    "passage_similarity": "与原文意思相近",
    "wording_similarity": "与问法意思相近",
    "wording_similarity_mean": "同上，最近三条平均",
    "passage_coverage": "与原文用词重合",
    "wording_coverage": "与问法用词重合",
    "wording_coverage_mean": "同上，最近三条平均",
    "figure_share": "数字、英文对得上",
    "figure_coverage": "对得上的数字、英文占问题多少",
    "negative_similarity": "与手册不答的问法意思相近",
    "negative_similarity_mean": "同上，最近三条平均",
    "negative_coverage": "与手册不答的问法用词重合",
    "negative_coverage_mean": "同上，最近三条平均",
    "classifier_score": "线性模型认为是这一问",
    "negative_classifier_score": "线性模型认为手册不答",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """What a measure is called in English and in Chinese, and what it means."""

    term: str
    name: str
    meaning: str


MEASURES: Final = {
    "hit@1": Measure("hit@1", "第一个就对", "排在第一的那一问能答这道题。"),
    "hit@3": Measure("hit@3", "前三个有对", "前三问里至少有一问能答这道题。"),
    "mrr@10": Measure("MRR@10", "对的排得多前", "对的排第一得 1，排第二得 1/2，排第三得 1/3；十名以外得 0。"),
    "ndcg@10": Measure("nDCG@10", "整个次序好不好", "能答的和有帮助的都排在最前面得 1，越靠后越低。"),
    "recall@10": Measure("recall@10", "前十找全了", "能答这道题的各问，有几成进了前十。"),
    "evidence@1": Measure("evidence@1", "第一段含答案", "给出的第一段原文里就有答案那句话。"),
    "evidence@3": Measure("evidence@3", "前三段含答案", "给出的前三段原文里有答案那句话。"),
    "needs_shown@3": Measure("needs shown@3", "几件事都答到", "一次问几件事的题，前三段原文把每件事都照顾到。"),
    "answered": Measure("answered", "作答", "系统有把握，直接给出原文。"),
    "clarified": Measure("clarified", "反问", "系统没有十足把握，列出几问让人挑。"),
    "abstained": Measure("abstained", "不答", "系统说手册里没有找到。"),
    "precision": Measure("precision", "作答准确", "直接作答的题里，答的是对的那一问。"),
    "clarify_helps": Measure("clarify helps", "反问里有对的", "反问时列出的前三问里有能答的。"),
    "missed_answer": Measure("missed answer", "该答未答", "手册能答，系统却说没有；越低越好。"),
    "false_answer": Measure("false answer", "误答", "手册不答，系统却直接作答；越低越好。"),
    "auroc": Measure("AUROC", "分得清能不能答", "任取能答、不答各一题，能答的把握更高的机会；1 最好，0.5 等于瞎猜。"),
    "ece": Measure("ECE", "把握的偏差", "说的把握与实际答对的差距，按题平均；0 最好。"),
}
NOT_SHARES: Final = {"auroc", "ece"}
SMALLEST_SHOWN_P: Final = 0.001


def group_name(group: str) -> str:
    """Return what people call a category or a group; other people's categories keep their name."""
    return GROUP_NAMES.get(group, group)


def system_name(system: str) -> str:
    """Return the name of a system, and of our own what it is."""
    return f"{system}（{SYSTEM_NAMES[system]}）" if system in SYSTEM_NAMES else system


def section_name(section_id: str, names: Mapping[str, str]) -> str:
    """Return what people call a section; documents of other people's sets keep their id."""
    return names.get(section_id, section_id)


def percent(value: float) -> str:
    """Return a share as a percentage with one decimal, the whole and nothing without."""
    return f"{value * 100:.0f}%" if value in {0.0, 1.0} else f"{value * 100:.1f}%"


def interval(estimate: Estimate) -> str:
    """Return the ends of an interval as percentages."""
    return f"{estimate.low * 100:.0f}–{estimate.high * 100:.0f}%"


def value_and_range(measure: str, estimate: Estimate | None) -> tuple[str, str]:
    """Return a figure and its interval, shares as percentages; a dash and nothing where there is none."""
    if estimate is None or estimate.value is None:
        return "–", ""
    if measure in NOT_SHARES:
        return f"{estimate.value:.3f}", f"{estimate.low:.3f}–{estimate.high:.3f}"
    return percent(estimate.value), interval(estimate)


def points(difference: float, decimals: int = 0) -> str:
    """Return a difference of shares in percentage points, signed; what rounds to nothing has no sign."""
    shown = f"{difference * 100:+.{decimals}f}"
    return shown if float(shown) else shown[1:]


def p_value(value: float) -> str:
    """Return a p-value; the very small ones only as such."""
    return f"< {SMALLEST_SHOWN_P}" if value < SMALLEST_SHOWN_P else f"{value:.3f}"


def shortened(text: str, limit: int) -> str:
    """Return a text of at most `limit` characters, saying how long the whole was where it is cut."""
    return text if len(text) <= limit else f"{text[:limit]}……（共 {len(text)} 字）"


def by_number(section_id: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that puts q2 before q10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", section_id)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)

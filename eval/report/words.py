"""Figures as people read them."""

from typing import Final

from eval.dataset import IN_SCOPE, UNANSWERABLE
from eval.estimates import Estimate

GROUP_NAMES: Final = {**IN_SCOPE, **UNANSWERABLE, "in_scope": "手册能答", "unanswerable": "手册不答", "all": "全部"}
OUTCOME_NAMES: Final = {"answered": "作答", "clarify": "反问", "abstained": "不答", "refused": "不受理"}
MEASURE_NAMES: Final = {
    "hit@1": "hit@1 第一个就对",
    "hit@3": "hit@3 前三个有对",
    "mrr@10": "MRR@10",
    "ndcg@10": "nDCG@10",
    "recall@10": "recall@10",
    "evidence@1": "证据@1 第一段原文含答案",
    "evidence@3": "证据@3 前三段含答案",
    "needs_shown@3": "齐全@3 几个问题都答到",
    "answered": "作答",
    "clarified": "反问",
    "abstained": "不答",
    "precision": "作答准确",
    "clarify_helps": "反问时有对的",
    "missed_answer": "该答未答",
    "false_answer": "误答",
    "auroc": "AUROC",
    "ece": "ECE",
}


def group_name(group: str) -> str:
    """Return what people call a category or a group; other people's categories keep their name."""
    return GROUP_NAMES.get(group, group)


def percent(value: float) -> str:
    """Return a share as a percentage with one decimal, the whole without."""
    return "100%" if value == 1 else f"{value * 100:.1f}%"


def interval(estimate: Estimate) -> str:
    """Return the ends of an interval as percentages."""
    return f"{estimate.low * 100:.0f}–{estimate.high * 100:.0f}%"


def figure(estimate: Estimate | None) -> str:
    """Return a figure with its interval, or a dash where there is none."""
    if estimate is None or estimate.value is None:
        return "–"
    return f"{percent(estimate.value)}（{interval(estimate)}）"

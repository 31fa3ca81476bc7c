"""The beginning of the report: what was measured, the main figures in sentences, and the gates."""

from collections.abc import Sequence
from typing import Final

from eval.figures import GROUP_IN_SCOPE, GROUP_UNANSWERABLE, Figures
from eval.gates import Gate, GateResult
from eval.report.markup import Markup, element, joined, table, table_row
from eval.report.words import MEASURES, NOT_SHARES, group_name, system_name, value_and_range
from eval.store import StoredRun

# Group, measure, and the sentence before and after the figure.
SENTENCES: Final = (
    ("everyday", "hit@1", "日常说法的问题，", "第一个就答对"),
    (GROUP_IN_SCOPE, "hit@1", "手册能答的全部问题，", "第一个就答对"),
    (GROUP_IN_SCOPE, "evidence@3", "手册能答的问题，", "在给出的前三段原文里就有答案"),
    (GROUP_IN_SCOPE, "answered", "手册能答的问题，", "直接作答，其余反问或说没有找到"),
    (GROUP_IN_SCOPE, "precision", "手册能答又直接作答的题，", "答的是对的那一问"),
    (GROUP_IN_SCOPE, "missed_answer", "手册能答的问题，", "被说成手册里没有"),
    (GROUP_UNANSWERABLE, "false_answer", "手册不答的问题，", "被误答"),
)
SPLIT_NAMES: Final = {"dev": "dev，调整参数用的一半", "test": "test，只用来报告的一半"}


def summary(run: StoredRun) -> Markup:
    """Return what was measured, the main figures in sentences, and whether the gates were passed."""
    told = [_sentence(run.figures, *parts) for parts in SENTENCES if _is_known(run.figures, parts[0], parts[1])]
    note = "括号里是 95 % 区间：换一批同类的题再考，结果多半也在这里面。"
    if f"{run.header.dataset}/{run.header.split}" in run.header.parameters:
        note += "参数就是在这些题上调的，所以数字会偏好；对外请用没有用来调整的那一半。"
    return joined(
        element("p", _asked(run), class_="lead"),
        _verdict(run.gates),
        element("ul", *told, class_="told"),
        element("p", note, class_="soft"),
        _measured(run),
    )


def _is_known(figures: Figures, group: str, measure: str) -> bool:
    estimate = figures.groups.get(group, {}).get(measure)
    return estimate is not None and estimate.value is not None


def _sentence(figures: Figures, group: str, measure: str, before: str, after: str) -> Markup:
    estimate = figures.groups[group][measure]
    value, within = value_and_range(measure, estimate)
    sentence = element(
        "span", before, element("strong", value), f" {after}", element("span", f"（{within}）", class_="range")
    )
    small = f"{group_name(group)} · {MEASURES[measure].term} · {estimate.row_count} 题"
    return element("li", sentence, element("small", small))


def _asked(run: StoredRun) -> str:
    counts = {
        "手册能答": sum(row.is_answerable for row in run.rows),
        "手册不答": sum(not row.is_answerable for row in run.rows),
    }
    kinds = "，".join(f"{count} 道{name}" for name, count in counts.items() if count)
    return f"用 {len(run.rows)} 道题考了 {system_name(run.header.system)}" + (f"：{kinds}。" if kinds else "。")


def _measured(run: StoredRun) -> Markup:
    header = run.header
    facts = {
        "评测集 dataset": header.dataset,
        "部分 split": SPLIT_NAMES.get(header.split, header.split),
        "系统 system": system_name(header.system),
        "向量模型 encoder": header.encoder_id,
        "索引版本 index version": header.index_version,
        "参数拟合自 parameters": header.parameters,
        "原文校验和 SHA-256": "；".join(f"{name} {checksum[:12]}" for name, checksum in header.corpus_sha256.items()),
    }
    pairs = [joined(element("dt", name), element("dd", value)) for name, value in facts.items() if value]
    return element("details", element("summary", "考的是什么：评测集、模型、版本"), element("dl", *pairs), open=True)


def _verdict(results: Sequence[GateResult]) -> Markup:
    failed = [f"{_meant(one.gate)}（{one.gate.name}）" for one in results if not one.passes]
    if not results:
        return element("p", "这次没有设门槛。", class_="verdict")
    if failed:
        words = f"✗ {len(results)} 道门槛，{len(failed)} 道没有达到：{'、'.join(failed)}"
        return element("p", words, class_="verdict bad")
    return element("p", f"✓ {len(results)} 道门槛全部达到", class_="verdict good")


def gates(results: Sequence[GateResult]) -> Markup:
    """Return each gate with what was measured; a sentence when there are none."""
    if not results:
        return element("p", "这次没有设门槛（wengong eval run --gates）。")
    return table("门槛：不能低于（或高于）的数", ("指标", "结果", "实测", "要求"), [_gate(one) for one in results])


def _gate(one: GateResult) -> Markup:
    measure = one.gate.measure
    bound = "至少" if one.gate.bound == "min" else "至多"
    value, limit = _shown_apart(measure, one.gate.limit if one.value is None else one.value, one.gate.limit)
    outcome = "✓ 通过" if one.passes else "✗ 没有达到"
    return table_row(
        joined(one.gate.name, element("small", _meant(one.gate))),
        element("span", outcome, class_="good" if one.passes else "bad"),
        "没有题目" if one.value is None else value,
        f"{bound} {limit}",
    )


def _meant(gate: Gate) -> str:
    name = MEASURES[gate.measure].name if gate.measure in MEASURES else gate.measure
    return f"{group_name(gate.group)} · {name}" if gate.group else name


def _shown_apart(measure: str, value: float, limit: float) -> tuple[str, str]:
    """Return a figure and its bound, so finely that they do not look equal unless they are."""
    pairs = [(_rounded(measure, value, decimals), _rounded(measure, limit, decimals)) for decimals in (2, 4, 6)]
    return next((pair for pair in pairs if pair[0] != pair[1]), pairs[0])


def _rounded(measure: str, value: float, decimals: int) -> str:
    if measure in NOT_SHARES:
        return f"{value:.{decimals + 2}f}"
    return f"{value * 100:.{decimals}f}".rstrip("0").rstrip(".") + "%"

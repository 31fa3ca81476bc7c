"""The parts of the report that show single rows: which questions steal from which, and the rows that went wrong."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from eval.compare import MovedRow
from eval.dataset import LabelledQuestion
from eval.figures import is_best_right
from eval.report.markup import Markup, element, joined
from eval.report.words import OUTCOME_NAMES, group_name
from eval.served import Served
from eval.store import StoredRun

SHOWN_THEFTS: Final = 30
SHOWN_SECTIONS: Final = 3
SHOWN_CHARACTERS: Final = 300
KINDS: Final = {"wrong": "第一个就错", "false": "误答", "missed": "该答未答"}
Names = Mapping[str, str]


def confusion(run: StoredRun) -> Markup:
    """Return which sections came first in the place of which, most often first, with their questions."""
    stolen: Counter[tuple[str, str]] = Counter()
    questions: dict[tuple[str, str], list[str]] = {}
    for row, served in zip(run.rows, run.served, strict=True):
        if row.is_answerable and served.ranking and not is_best_right(row, served):
            pair = (min(row.answering_sections), served.ranking[0].section_id)
            stolen[pair] += 1
            questions.setdefault(pair, []).append(row.question)
    if not stolen:
        return element("p", "没有一题被别的问抢走。")
    ordered = sorted(stolen.items(), key=lambda item: (-item[1], item[0]))[:SHOWN_THEFTS]
    return element("ul", *(_theft(pair, questions[pair], run.header.section_names) for pair, _ in ordered))


def _theft(pair: tuple[str, str], questions: Sequence[str], names: Names) -> Markup:
    expected, served = (_name(section, names) for section in pair)
    summary = element("summary", f"{len(questions)} 题：应到 {expected}，却到 {served}")
    return element("li", element("details", summary, element("ul", *(element("li", one) for one in questions))))


def wrong_rows(run: StoredRun) -> Markup:
    """Return every row that went wrong, with what was expected, served, and why; filters for category and kind."""
    found = [
        (kind, row, served)
        for row, served in zip(run.rows, run.served, strict=True)
        if (kind := _kind(row, served)) is not None
    ]
    if not found:
        return element("p", "没有答错、误答或该答未答的题。")
    categories = list(dict.fromkeys(row.category for _, row, _ in found))
    chooser = element(
        "p",
        _select("category", "类别", {name: group_name(name) for name in categories}),
        _select("kind", "毛病", KINDS),
        element("span", f"{len(found)} 题", id="count", role="status"),
        class_="filters",
    )
    names = run.header.section_names
    return joined(chooser, *(_row(kind, row, served, names) for kind, row, served in found))


def moved_rows(title: str, moved: Sequence[MovedRow], names: Names) -> Markup:
    """Return rows that got better or worse, both answers one after the other."""
    items = [
        element(
            "li",
            element("b", one.row.question),
            element("p", f"应为：{_expected(one.row, names)}"),
            element("p", f"以前：{_outcome(one.before, names)}"),
            element("p", f"现在：{_outcome(one.after, names)}"),
        )
        for one in moved
    ]
    return element("details", element("summary", f"{title} {len(moved)} 题"), element("ul", *items))


def _kind(row: LabelledQuestion, served: Served) -> str | None:
    if not row.is_answerable:
        return "false" if served.outcome == "answered" else None
    if not is_best_right(row, served):
        return "wrong"
    return "missed" if served.outcome in {"abstained", "refused"} else None


def _row(kind: str, row: LabelledQuestion, served: Served, names: Names) -> Markup:
    asked = joined(*(element("p", f"先问：{earlier}", class_="earlier") for earlier in row.history))
    excerpts = [
        element("blockquote", f"〔{_name(one.section_id, names)}〕{one.excerpt[:SHOWN_CHARACTERS]}")
        for one in served.excerpts
    ]
    understood = element("p", f"理解为：{served.understood_as}") if served.understood_as else Markup("")
    return element(
        "article",
        element("p", f"{group_name(row.category)} · {KINDS[kind]}", class_="kind"),
        asked,
        element("h3", row.question),
        element("p", f"应为：{_expected(row, names)}"),
        element("p", f"给出：{_outcome(served, names)}"),
        understood,
        element("details", element("summary", "给出的原文和各项信号"), *excerpts, _signals(served, names)),
        data_category=row.category,
        data_kind=kind,
    )


def _signals(served: Served, names: Names) -> Markup:
    """Return the signals of the best two sections side by side."""
    best = [ranked for ranked in served.ranking if ranked.signals]
    if not best:
        return Markup("")
    head = element(
        "tr", element("th", "信号"), *(element("th", _name(one.section_id, names), scope="col") for one in best)
    )
    rows = [
        element("tr", element("th", name, scope="row"), *(element("td", f"{one.signals[name]:.3f}") for one in best))
        for name in best[0].signals
    ]
    score = element("tr", element("th", "fused_score"), *(element("td", f"{one.fused_score:.3f}") for one in best))
    return element("div", element("table", element("thead", head), element("tbody", score, *rows)), class_="wide")


def _expected(row: LabelledQuestion, names: Names) -> str:
    return "；".join(_name(section, names) for section in sorted(row.answering_sections)) or "手册不答"


def _outcome(served: Served, names: Names) -> str:
    known = "" if served.answer_probability is None else f"（把握 {served.answer_probability:.0%}）"
    best = "；".join(_name(one.section_id, names) for one in served.ranking[:SHOWN_SECTIONS]) or "什么也没有找到"
    return f"{OUTCOME_NAMES[served.outcome]}{known} {best}"


def _name(section_id: str, names: Names) -> str:
    return names.get(section_id, section_id)


def _select(name: str, label: str, options: Mapping[str, str]) -> Markup:
    choices = [element("option", "全部", value="")]
    choices += [element("option", words, value=value) for value, words in options.items()]
    return element("label", f"{label} ", element("select", *choices, id=name))

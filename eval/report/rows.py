"""The rows that went wrong: what was asked, what was expected, what was served, and why."""

from collections.abc import Mapping, Sequence
from typing import Final

from eval.dataset import LabelledQuestion
from eval.figures import is_best_right
from eval.report.markup import NOTHING, Markup, element, joined, table, table_row
from eval.report.words import OUTCOME_NAMES, SIGNAL_NAMES, by_number, group_name, section_name, shortened
from eval.served import Served
from eval.store import StoredRun

SHOWN_SECTIONS: Final = 3
COMPARED_SECTIONS: Final = 2
QUESTION_CHARACTERS: Final = 300
EXCERPT_CHARACTERS: Final = 600
KINDS: Final = {"false": "误答", "wrong": "第一个就错", "missed": "该答未答"}
Names = Mapping[str, str]


def wrong_rows(run: StoredRun) -> Markup:
    """Return every row that went wrong, the worst first; a filter shows itself where scripts run.

    Worst are false answers, then wrong answers, then rows that were asked back or refused; the surest first.
    """
    pairs = list(zip(run.rows, run.served, strict=True))
    found = [(place, kinds) for place, pair in enumerate(pairs) if (kinds := _kinds(*pair))]
    if not found:
        return element("p", "没有答错、误答或该答未答的题。")
    found.sort(key=lambda one: (*_harm(run.served[one[0]], one[1]), one[0]))
    cards = [_card(place, kinds, *pairs[place], run.header.section_names) for place, kinds in found]
    categories = sorted({run.rows[place].category for place, _ in found}, key=list(run.figures.groups).index)
    outcomes = {run.served[place].outcome for place, _ in found}
    chooser = element(
        "p",
        _select("category", "类别", {name: group_name(name) for name in categories}),
        _select("kind", "毛病", KINDS),
        _select("outcome", "做法", {key: name for key, name in OUTCOME_NAMES.items() if key in outcomes}),
        element("output", f"{len(found)} 题", id="count"),
        class_="filters",
        hidden=True,
    )
    return joined(element("p", _counted(found)), chooser, *cards)


def anchor(place: int) -> str:
    """Return the name by which the card of a row can be linked to."""
    return f"row{place}"


def _kinds(row: LabelledQuestion, served: Served) -> tuple[str, ...]:
    if not row.is_answerable:
        return ("false",) if served.outcome == "answered" else ()
    wrong = () if is_best_right(row, served) else ("wrong",)
    return (*wrong, "missed") if served.outcome in {"abstained", "refused"} else wrong


def _harm(served: Served, kinds: tuple[str, ...]) -> tuple[int, float]:
    told_wrongly = served.outcome == "answered"
    return (0 if "false" in kinds else 1 if told_wrongly else 2, -(served.answer_probability or 0.0))


def _counted(found: Sequence[tuple[int, tuple[str, ...]]]) -> str:
    counts = {name: sum(kind in kinds for _, kinds in found) for kind, name in KINDS.items()}
    told = "，".join(f"{name} {count} 题" for name, count in counts.items() if count)
    return f"{told}。一题可以有两样毛病；最要紧的在前：先是误答，再是答错，再是反问和不答的。"


def _card(place: int, kinds: tuple[str, ...], row: LabelledQuestion, served: Served, names: Names) -> Markup:
    badges = [element("span", KINDS[kind], class_="badge") for kind in kinds]
    earlier = [element("p", f"先问：{shortened(one, QUESTION_CHARACTERS)}", class_="soft") for one in row.history]
    understood = f"理解为：{shortened(served.understood_as, QUESTION_CHARACTERS)}" if served.understood_as else ""
    excerpts = [
        element("blockquote", element("b", section_name(one.section_id, names)), _line(one.excerpt, EXCERPT_CHARACTERS))
        for one in served.excerpts
    ]
    return element(
        "article",
        element("p", *badges, element("span", group_name(row.category)), class_="kind"),
        *earlier,
        element("h3", shortened(row.question, QUESTION_CHARACTERS)),
        element("p", understood, class_="soft") if understood else NOTHING,
        element("p", element("b", "应为"), f"　{expected(row, served, names)}"),
        outcome("给出", row, served, names),
        element("details", element("summary", f"给出的 {len(excerpts)} 段原文"), *excerpts) if excerpts else NOTHING,
        _why(row, served, names),
        id=anchor(place),
        data_category=row.category,
        data_kind=" ".join(kinds),
        data_outcome=served.outcome,
    )


def expected(row: LabelledQuestion, served: Served, names: Names) -> str:
    """Return the sections that answer a row and where each of them came."""
    places = {one.section_id: place for place, one in enumerate(served.ranking, start=1)}
    told = [
        f"{section_name(section, names)}（{f'排第 {places[section]}' if section in places else '前十里没有'}）"
        for section in sorted(row.answering_sections, key=by_number)
    ]
    return "；".join(told) or "手册不答，应该说没有找到"


def outcome(title: str, row: LabelledQuestion, served: Served, names: Names) -> Markup:
    """Return what a system made of a row: outcome, probability and best sections, the right ones ticked."""
    probability = "" if served.answer_probability is None else f"，把握 {served.answer_probability:.0%}"
    told = f"　{OUTCOME_NAMES[served.outcome]} {served.outcome}{probability}"
    best = [
        element("li", section_name(one.section_id, names), _tick(one.section_id, row))
        for one in served.ranking[:SHOWN_SECTIONS]
    ]
    sections = element("ol", *best) if best else element("p", "什么也没有找到。")
    return joined(element("p", element("b", title), told), sections)


def _why(row: LabelledQuestion, served: Served, names: Names) -> Markup:
    """Return the signals of the best two sections side by side, the higher one of each in bold."""
    best = [one for one in served.ranking[:COMPARED_SECTIONS] if one.signals]
    if not best:
        return NOTHING
    signals = [{"fused_score": one.fused_score, **one.signals} for one in best]
    rows = [_signal(name, [one.get(name) for one in signals]) for name in signals[0]]
    heads = ["信号", *(_section_head(one.section_id, row, names) for one in best)]
    about = "前两名的信号，高的加粗。相近用标准差计，重合是 0 到 1；“手册不答”的几项越高越说明不该答。"
    return element("details", element("summary", "为什么：前两名的信号对比"), table(about, heads, rows))


def _section_head(section_id: str, row: LabelledQuestion, names: Names) -> Markup:
    return element("span", section_name(section_id, names), _tick(section_id, row), class_="section")


def _tick(section_id: str, row: LabelledQuestion) -> Markup:
    return element("span", "✓ 对", class_="tick good") if section_id in row.answering_sections else NOTHING


def _signal(name: str, values: Sequence[float | None]) -> Markup:
    known = [value for value in values if value is not None]
    highest = max(known) if len(set(known)) > 1 else None
    cells = ["–" if value is None else element("b" if value == highest else "span", f"{value:.3f}") for value in values]
    label = SIGNAL_NAMES.get(name, "总分" if name == "fused_score" else "")
    return table_row(joined(label, element("small", name)), *cells)


def _line(text: str, limit: int) -> Markup:
    return element("p", shortened(text, limit))


def _select(name: str, label: str, options: Mapping[str, str]) -> Markup:
    choices = [element("option", "全部", value="")]
    choices += [element("option", words, value=value) for value, words in options.items()]
    return element("label", f"{label} ", element("select", *choices, id=name))

"""The report and the difference of two editions as lines for people."""

from corpus.handbook import Structure
from ingest.carry_over import Lost
from ingest.difference import Difference
from ingest.report import IngestReport

STRUCTURE_NAMES: dict[Structure, str] = {
    "questions": "编号的问题",
    "pairs": "问答对",
    "law": "法律条文",
    "chapters": "分章节的正文",
}


def report_lines(report: IngestReport, name: str) -> list[str]:
    """Return the report as lines for people; what is in order is said in one line, what is not in one line each."""
    expected = "" if report.expected_count is None else f"，应有 {report.expected_count} {report.unit}"
    style = f"；编号样式“{report.numbering_style}”，把握 {report.confidence:.0%}" if report.numbering_style else ""
    lines = [f"{name}：找到 {report.found_count} {report.unit}{expected}{style}"]
    if report.evidence:
        others = "、".join(f"{STRUCTURE_NAMES[kind]} {value:.0f}" for kind, value in report.evidence if value > 0)
        lines.append(
            f"结构：{STRUCTURE_NAMES[report.structure]}，把握 {report.structure_confidence:.0%}（依据：{others}）"
        )
    if report.page_count:
        lines.append(f"页数：{report.page_count}")
    lines += report.notes
    if report.part_labels:
        lines.append(f"部分：{len(report.part_labels)} 个")
    if report.inferred_part_labels:
        lines.append(f"原文缺标题、按顺序推定的部分：{'、'.join(report.inferred_part_labels)}")
    if report.unnumbered_sections:
        lines.append(f"没有编号的章节：{'、'.join(report.unnumbered_sections)}")
    lines += [f"缺号：{gap}" for gap in report.gaps]
    lines += [
        f"{title}：{'、'.join(map(str, numbers))}"
        for title, numbers in (
            ("编号重复的行", report.duplicate_lines),
            ("次序不对的行", report.out_of_order_lines),
            ("目录行（不收录）", report.contents_lines),
            ("没有答案的问", report.empty_answers),
        )
        if numbers
    ]
    if report.bookmark_mark_count:
        lines.append(f"去掉的书签标记：{report.bookmark_mark_count} 处")
    lines += [
        f"少见字符：U+{ord(odd.character):04X} {odd.name}，{odd.count} 处，首见于第 {odd.first_line} 行"
        for odd in report.odd_characters
    ]
    return lines


def difference_lines(difference: Difference, lost: Lost) -> list[str]:
    """Return what a newer edition changes as lines for people."""
    counts = f"新增 {len(difference.added)}，删去 {len(difference.removed)}，改动 {len(difference.changed)}"
    lines = [f"与上一版相比：{counts}，不变 {difference.unchanged_count}"]
    lines += [f"新增 {_titled(label, heading)}" for label, heading in difference.added]
    lines += [f"删去 {_titled(label, heading)}" for label, heading in difference.removed]
    for change in difference.changed:
        what = [
            name
            for name, is_so in (
                (f"原为{change.old_label}", change.old_label != change.new_label),
                ("标题改动", change.is_reworded and change.old_label == change.new_label),
                ("内容改动", change.is_rewritten),
            )
            if is_so
        ]
        lines.append(f"改动 {_titled(change.new_label, change.heading)}：{'，'.join(what)}")
    if lost.wordings:
        lines.append(f"失去所属问题的相似问：{len(lost.wordings)} 条")
        lines += [f"  “{wording}”（原属“{heading}”）" for heading, wording in lost.wordings]
    if lost.errata:
        lines.append(f"在新版里找不到位置的勘误：{len(lost.errata)} 条")
        lines += [f"  {erratum}" for erratum in lost.errata]
    return lines


def _titled(label: str, heading: str) -> str:
    return label if label == heading else f"{label} {heading}"

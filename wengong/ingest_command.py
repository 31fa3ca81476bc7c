"""`wengong ingest`."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import typer

from corpus.manifest import MANIFEST_NAME, Manifest, file_sha256
from ingest.add import add_handbook
from ingest.handbook import SHIPPED_HANDBOOKS, ingest_handbook
from ingest.read import read
from ingest.report import IngestReport, report_on, require_complete
from ingest.structure import recognise
from retriever.settings import RetrieverSettings, read_settings
from wengong.console import data, talk


@dataclass(frozen=True, slots=True)
class NewHandbook:
    """What the options say of a handbook to be added; "" or None where nothing was said."""

    handbook_id: str
    title: str
    edition: str
    publisher: str
    date: str
    expected_count: int | None


def run_ingest(source: str, new: NewHandbook, *, dry_run: bool, allow_missing: bool, as_json: bool) -> None:
    """Recognise a handbook and print the report; add it when it was given an id."""
    settings = read_settings(RetrieverSettings)
    path = _known_folder(source, settings) or Path(source)
    if (path / MANIFEST_NAME).is_file():
        _print_report(ingest_handbook(path, allow_missing=allow_missing).report, path.name, as_json=as_json)
        return
    document = read(path)
    report = report_on(document, recognise(document, None, new.title), new.expected_count)
    _print_report(report, path.name, as_json=as_json)
    require_complete(report, path.name, allow_missing=allow_missing)
    if dry_run:
        return
    if not (new.handbook_id and new.title and new.edition):
        if new.handbook_id or new.title or new.edition:
            talk().print("[red]要收入手册库，请同时给出 --id、--title 和 --edition。[/red]")
            raise typer.Exit(2)
        talk().print("只看了报告。要收入手册库，请加上 --id、--title 和 --edition。")
        return
    add_handbook(path, _manifest(path, new, report), settings.handbooks_folder, allow_missing=allow_missing)
    talk().print(f"已收入 {settings.handbooks_folder / new.handbook_id}，运行 wengong index 后即可查询。", markup=False)


def _known_folder(source: str, settings: RetrieverSettings) -> Path | None:
    for parent in (SHIPPED_HANDBOOKS, settings.handbooks_folder):
        if (parent / source / MANIFEST_NAME).is_file() and "/" not in source:
            return parent / source
    return None


def _manifest(path: Path, new: NewHandbook, report: IngestReport) -> Manifest:
    return Manifest(
        id=new.handbook_id,
        title=new.title,
        edition=new.edition,
        publisher=new.publisher,
        date=new.date,
        source_file="source" + path.suffix.lower(),
        source_sha256=file_sha256(path),
        expected_question_count=new.expected_count or report.found_count,
        origin=path.name,
        terms="",
    )


def _print_report(report: IngestReport, name: str, *, as_json: bool) -> None:
    if as_json:
        data().print(json.dumps(asdict(report), ensure_ascii=False, indent=2))
        return
    for line in report_lines(report, name):
        data().print(line)


def report_lines(report: IngestReport, name: str) -> list[str]:
    """Return the report as lines for people; what is in order is said in one line, what is not in one line each."""
    expected = "" if report.expected_count is None else f"，应有 {report.expected_count} 问"
    style = f"编号样式“{report.numbering_style}”，把握 {report.confidence:.0%}"
    lines = [f"{name}：找到 {report.found_count} 问{expected}；{style}"]
    if report.part_labels:
        lines.append(f"部分：{len(report.part_labels)} 个")
    if report.inferred_part_labels:
        lines.append(f"原文缺标题、按顺序推定的部分：{'、'.join(report.inferred_part_labels)}")
    if report.unnumbered_sections:
        lines.append(f"没有编号的章节：{'、'.join(report.unnumbered_sections)}")
    lines += [f"缺号：{gap}" for gap in report.gaps]
    for title, numbers in (
        ("编号重复的行", report.duplicate_lines),
        ("次序不对的行", report.out_of_order_lines),
        ("目录行（不收录）", report.contents_lines),
        ("没有答案的问", report.empty_answers),
    ):
        if numbers:
            lines.append(f"{title}：{'、'.join(map(str, numbers))}")
    if report.bookmark_mark_count:
        lines.append(f"去掉的书签标记：{report.bookmark_mark_count} 处")
    lines += [
        f"少见字符：U+{ord(odd.character):04X} {odd.name}，{odd.count} 处，首见于第 {odd.first_line} 行"
        for odd in report.odd_characters
    ]
    return lines

"""The commands `wengong eval …`: what they take; what they do stands in a module of each."""

from pathlib import Path
from typing import Annotated, Literal

import typer

app = typer.Typer(help="评测与拟合：用标注好的问题衡量检索，只在 dev 部分上调整。", no_args_is_help=True)
DEFAULT_DATASET = "worker-questions"
DEFAULT_HANDBOOK = "industrial-workers-50"
Dataset = Annotated[str, typer.Option(help="评测集名称，或文件夹（本项目格式或 BEIR 格式）。", metavar="NAME|DIR")]
SplitName = Annotated[str, typer.Option(help="dev 用来调整，test 只用来报告。", metavar="dev|test")]
Out = Annotated[Path | None, typer.Option(help="把逐题结果写进这个文件夹，供 compare 和 report 用。", metavar="DIR")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]


@app.command("run")
def run(
    dataset: Dataset = DEFAULT_DATASET,
    split: SplitName = "dev",
    retriever: Annotated[
        str,
        typer.Option(
            help="由谁来答：hybrid 是服务本身，其余是单独一种检索。", metavar="hybrid|dense|lexical|classifier|headings"
        ),
    ] = "hybrid",
    limit: Annotated[int | None, typer.Option(min=1, help="只问前几题。")] = None,
    peers: Annotated[
        bool, typer.Option("--peers", help="同样的题也问别的检索，列在一张表里（需要可选依赖 peers）。")
    ] = False,
    encoder: Annotated[
        list[str],
        typer.Option(help="再加一个 sentence-transformers 模型作比较，名称或文件夹，可多次。", metavar="NAME|DIR"),
    ] = [],
    out: Out = None,
    minimum: Annotated[list[str], typer.Option("--min", help="至少，如 hit@1=0.9，可多次。", metavar="NAME=X")] = [],
    maximum: Annotated[
        list[str], typer.Option("--max", help="至多，如 false_answer@near=0.1，可多次。", metavar="NAME=X")
    ] = [],
    gates: Annotated[Path | None, typer.Option(help="门槛文件，如 eval/gates.toml。", metavar="FILE")] = None,
    baseline: Annotated[Path | None, typer.Option(help="与以前的结果逐题比较。", metavar="DIR")] = None,
    as_json: AsJson = False,
) -> None:
    """把评测集的问题逐一问一遍，按类别打印检索准确率和作答情况；达不到门槛时退出码为 1。"""
    from wengong.eval_run_command import RunOptions, run_eval
    from wengong.evals_extra import needs_evals_extra

    with needs_evals_extra():
        from eval.measure import Plan

    plan = Plan(
        dataset=dataset,
        split=_split(split),
        system=retriever,
        limit=limit,
        with_peers=peers or bool(encoder),
        encoder_names=tuple(encoder),
    )
    options = RunOptions(
        out=out,
        minimum=tuple(minimum),
        maximum=tuple(maximum),
        gates=gates,
        baseline=baseline,
        as_json=as_json,
    )
    if not run_eval(plan, options):
        raise typer.Exit(1)


@app.command("compare")
def compare(
    before: Annotated[Path, typer.Argument(help="以前的结果文件夹。", metavar="A")],
    after: Annotated[Path, typer.Argument(help="现在的结果文件夹。", metavar="B")],
    shown: Annotated[int, typer.Option("--rows", min=0, help="变好和变差的题各列几道。")] = 20,
    as_json: AsJson = False,
) -> None:
    """比较两次评测：哪些指标变了、是不是偶然，哪些题变好或变差，两边的答案并列。"""
    from wengong.eval_compare_command import run_compare

    run_compare(before, after, shown, as_json=as_json)


@app.command("report")
def report(
    folder: Annotated[Path, typer.Argument(help="wengong eval run --out 写的文件夹。", metavar="DIR")],
    out: Annotated[
        Path | None, typer.Option(help="写到哪个文件；默认是该文件夹里的 report.html。", metavar="FILE")
    ] = None,
    baseline: Annotated[Path | None, typer.Option(help="与以前的结果比较。", metavar="DIR")] = None,
) -> None:
    """把一次评测写成一个网页文件，手机上也能看，不用联网。"""
    from wengong.eval_report_command import run_report

    run_report(folder, out, baseline)


@app.command("similar-questions")
def similar_questions(
    handbook: Annotated[str, typer.Option(help="手册编号。")] = DEFAULT_HANDBOOK,
    folds: Annotated[int, typer.Option(min=2, max=100, help="分几份，每份轮流拿掉再问。")] = 20,
    shown: Annotated[int, typer.Option("--rows", min=0, help="每种列几条。")] = 20,
    as_json: AsJson = False,
) -> None:
    """把每条相似问拿掉以后再问一遍：哪些问抢走别问的提问，哪些相似问孤零零或自相矛盾。"""
    from wengong.eval_similar_command import run_similar_questions

    run_similar_questions(handbook, folds, shown, as_json=as_json)


@app.command("import")
def import_sheet(
    sheet: Annotated[Path, typer.Argument(help="CSV 或 XLSX 表格：问题、问号、类别、应否回答。", metavar="FILE")],
    out: Annotated[Path, typer.Option(help="写成评测集的文件夹，以后用 --dataset 指定它。", metavar="DIR")],
    handbook: Annotated[str, typer.Option(help="问的是哪本手册。")] = DEFAULT_HANDBOOK,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写。")] = False,
) -> None:
    """把表格里的题收成评测集；有错的行逐行指出，一行也不收。"""
    from wengong.eval_interchange_command import run_import

    if not run_import(sheet, out, handbook, dry_run=dry_run):
        raise typer.Exit(1)


@app.command("export")
def export(
    out: Annotated[Path, typer.Argument(help="BEIR 文件夹。", metavar="DIR")],
    dataset: Dataset = DEFAULT_DATASET,
    split: SplitName = "dev",
) -> None:
    """把评测集和它问的手册写成 BEIR 文件夹，供别的工具使用。"""
    from wengong.eval_interchange_command import run_export

    run_export(dataset, _split(split), out)


@app.command("score")
def score(
    qrels: Annotated[Path, typer.Argument(help="TREC qrels 文件。")],
    run_file: Annotated[Path, typer.Argument(help="TREC run 文件。", metavar="RUN")],
) -> None:
    """给别的工具写的 TREC 结果文件打分。"""
    from wengong.eval_interchange_command import run_score

    run_score(qrels, run_file)


@app.command("calibrate")
def calibrate(
    dataset: Dataset = DEFAULT_DATASET,
    out: Annotated[Path | None, typer.Option(help="写到哪个文件；默认写回随附的参数文件。")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="拟合没有相似问的手册用的那一份。")] = False,
) -> None:
    """用 dev 部分重新拟合权重和阈值。"""
    from wengong.eval_calibrate_command import run_calibrate

    run_calibrate(dataset, out, is_plain=plain)


def _split(name: str) -> Literal["dev", "test"]:
    if name == "dev":
        return "dev"
    if name == "test":
        return "test"
    raise typer.BadParameter("只能是 dev 或 test。", param_hint="--split")

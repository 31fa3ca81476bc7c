"""The commands `wengong eval …`: what they take; what they do stands in a module of each."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="评测与拟合：用标注好的问题衡量检索，只在 dev 部分上调整。", no_args_is_help=True)
DEFAULT_DATASET = "worker-questions"
Dataset = Annotated[str, typer.Option(help="评测集名称，或文件夹（本项目格式或 BEIR 格式）。", metavar="NAME|DIR")]
Out = Annotated[Path | None, typer.Option(help="把逐题结果写进这个文件夹，供 compare 和 report 用。", metavar="DIR")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]


@app.command("run")
def run(
    dataset: Dataset = DEFAULT_DATASET,
    split: Annotated[str, typer.Option(help="dev 用来调整，test 只用来报告。", metavar="dev|test")] = "dev",
    retriever: Annotated[
        str,
        typer.Option(
            help="由谁来答：hybrid 是服务本身，其余是单独一种检索。", metavar="hybrid|dense|lexical|classifier|headings"
        ),
    ] = "hybrid",
    limit: Annotated[int | None, typer.Option(min=1, help="只问前几题。")] = None,
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

    if split not in {"dev", "test"}:
        raise typer.BadParameter("只能是 dev 或 test。", param_hint="--split")
    options = RunOptions(
        dataset=dataset,
        split="dev" if split == "dev" else "test",
        system=retriever,
        limit=limit,
        out=out,
        minimum=tuple(minimum),
        maximum=tuple(maximum),
        gates=gates,
        baseline=baseline,
        as_json=as_json,
    )
    if not run_eval(options):
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


@app.command("calibrate")
def calibrate(
    dataset: Dataset = DEFAULT_DATASET,
    out: Annotated[Path | None, typer.Option(help="写到哪个文件；默认写回随附的参数文件。")] = None,
) -> None:
    """用 dev 部分重新拟合权重和阈值。"""
    from wengong.eval_calibrate_command import run_calibrate

    run_calibrate(dataset, out)

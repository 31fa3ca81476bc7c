"""The commands `wengong questions …`: the question log."""

from typing import Annotated

import typer

app = typer.Typer(help="问题记录：WENGONG_QUESTION_LOG 打开时记下的、遮去个人信息的问题。", no_args_is_help=True)


@app.callback()
def questions() -> None:
    """问题记录。"""


@app.command("erase")
def erase(
    before: Annotated[str, typer.Option(help="只删这一天以前的，如 2026-01-31；不填全部删除。", metavar="DATE")] = "",
) -> None:
    """删除问题记录，不可恢复。"""
    from wengong.questions_command import run_erase

    run_erase(before)

"""The commands `wengong staff …`: who may work in the console."""

from typing import Annotated

import typer

app = typer.Typer(help="控制台的人员：添加、列出、停用。", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="姓名，登录时用。")]


@app.command("add")
def add(
    name: Name,
    role: Annotated[str, typer.Option(help="editor 编辑，publisher 发布人。", metavar="editor|publisher")] = "editor",
) -> None:
    """添加一个人，打印登录用的口令；口令只显示这一次。"""
    from wengong.staff_command import run_add

    run_add(name, role)


@app.command("list")
def list_() -> None:
    """列出全部人员。"""
    from wengong.staff_command import run_list

    run_list()


@app.command("disable")
def disable(name: Name) -> None:
    """停用一个人：口令作废，已登录的马上退出。"""
    from wengong.staff_command import run_disable

    run_disable(name)

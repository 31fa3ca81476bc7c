"""The command `wengong`.

Commands import what they need when they run, so that `wengong --help` answers at once.
Exit codes: 0 done, 1 failed, 2 wrong usage.
"""

import errno
import gc
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from corpus.errors import WengongError
from wengong import eval_cli, questions_cli, staff_cli
from wengong.console import talk

app = typer.Typer(
    name="wengong",
    help="问工：按原文回答工会手册里的问题，一字不改，注明第几问。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(eval_cli.app, name="eval")
app.add_typer(staff_cli.app, name="staff")
app.add_typer(questions_cli.app, name="questions")
AllowMissing = Annotated[bool, typer.Option("--allow-missing", help="问题数少于清单也照样发布。")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]


@app.command()
def ingest(
    source: Annotated[
        str,
        typer.Argument(
            help="手册文件（.txt .md .docx .pdf .html .epub）、问答表（.csv .xlsx）、手册文件夹，或手册编号。"
        ),
    ],
    handbook_id: Annotated[str, typer.Option("--id", help="收入手册库时用的编号，如 labour-law-2024。")] = "",
    title: Annotated[str, typer.Option(help="书名。")] = "",
    edition: Annotated[str, typer.Option(help="版次，如 2024年版。")] = "",
    publisher: Annotated[str, typer.Option(help="编印单位。")] = "",
    date: Annotated[str, typer.Option(help="出版日期，如 2024-05。")] = "",
    structure: Annotated[
        str, typer.Option(help="按哪种结构读；不填就看全文识别。", metavar="questions|pairs|law|chapters")
    ] = "",
    effective_from: Annotated[str, typer.Option(help="从哪天起有效，如 2024-05-01。")] = "",
    effective_to: Annotated[str, typer.Option(help="到哪天为止有效。")] = "",
    replaces: Annotated[str, typer.Option(help="它取代的那一版的手册编号。")] = "",
    visibility: Annotated[str, typer.Option(help="公开、点名才查、不发布。", metavar="public|unlisted|hidden")] = "",
    expected: Annotated[int | None, typer.Option(min=1, help="应有多少问（条），用来核对。")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看识别报告和与上一版的差别，不收入。")] = False,
    merge: Annotated[bool, typer.Option("--merge", help="把问答表并入 --id 指明的手册。")] = False,
    allow_missing: AllowMissing = False,
    as_json: AsJson = False,
) -> None:
    """识别一本手册，打印报告；给出 --id、--title、--edition 就收入，编号已有时换成新的一版并列出差别。"""
    from wengong.ingest_command import Choices, run_ingest
    from wengong.ingest_options import new_handbook

    new = new_handbook(
        structure,
        visibility,
        id=handbook_id,
        title=title,
        edition=edition,
        publisher=publisher,
        date=date,
        effective_from=effective_from,
        effective_to=effective_to,
        replaces=replaces,
        expected_count=expected,
    )
    run_ingest(source, new, Choices(dry_run=dry_run, allow_missing=allow_missing, merge=merge, as_json=as_json))


@app.command()
def export(
    handbook: Annotated[str, typer.Argument(help="手册编号。")],
    file: Annotated[Path, typer.Argument(help="写到哪个文件（.csv 或 .xlsx）。")],
) -> None:
    """把一本手册连同相似问导出成问答表，改好后可用 wengong ingest --merge 收回。"""
    from wengong.export_command import run_export

    run_export(handbook, file)


@app.command()
def handbooks(as_json: AsJson = False) -> None:
    """列出全部手册：版次、问数、段数、是否过期，以及要留意的地方。"""
    from wengong.handbooks_command import run_handbooks

    run_handbooks(as_json=as_json)


@app.command()
def index(allow_missing: AllowMissing = False) -> None:
    """为全部手册建索引，校验后一次切换；正在提供的旧索引在此之前不受影响。"""
    from retriever.encoder_choice import open_encoder
    from retriever.settings import RetrieverSettings, read_settings
    from wengong.index_command import build_published_index

    settings = read_settings(RetrieverSettings)
    build_published_index(settings, open_encoder(settings.encoder), allow_missing=allow_missing)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="监听地址，默认 127.0.0.1（WENGONG_HOST）。")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="端口，默认 8000（WENGONG_PORT）。")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="几个进程，默认 1（WENGONG_WORKERS）。")] = None,
) -> None:
    """启动服务和聊天页面；还没有索引时先建一个。"""
    gc.disable()  # nothing of what is loaded here is garbage: looking for it would take a tenth of the start
    from wengong.serve_command import run_serve

    gc.enable()
    run_serve(host, port, workers)


@app.command()
def mcp(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="改用本机的这个端口（HTTP）。")] = None,
) -> None:
    """让支持 MCP 的桌面助手查手册；默认走标准输入输出。"""
    from wengong.mcp_command import run_mcp

    run_mcp(port)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="问题，原话即可。")],
    handbook: Annotated[str | None, typer.Option(help="只查这本手册。")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10, help="最多几段原文。")] = 3,
    as_json: AsJson = False,
) -> None:
    """问一个问题，打印原文和出处。"""
    from wengong.ask_command import run_ask

    run_ask(question, handbook, limit, as_json=as_json)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """检查模型、手册、索引和数据文件夹，说明每个问题怎么解决；有问题时退出码为 1。"""
    from wengong.doctor_command import run_doctor

    if not run_doctor(as_json=as_json):
        raise typer.Exit(1)


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="写到哪个文件，如 wengong-2026-11-23.tar.gz。")]) -> None:
    """备份数据库（SQLite）、正在用的索引和自己添加的手册；服务不用停。"""
    from wengong.backup_command import run_backup

    run_backup(file)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="wengong backup 写的文件。")],
    replace: Annotated[bool, typer.Option("--replace", help="数据文件夹里已有的也用备份替换。")] = False,
) -> None:
    """恢复备份；全部校验过才动手，旧版本的数据库会升级。"""
    from wengong.backup_command import run_restore

    run_restore(file, replace=replace)


@app.command("fake-wechat")
def fake_wechat(
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口。")] = 8900,
    latency_ms: Annotated[int, typer.Option(min=0, max=10_000, help="每次应答前等多少毫秒。")] = 0,
) -> None:
    """在本机启动仿真的微信平台，没有 appid 也能调试小程序和公众号。"""
    from wengong.fake_wechat_command import run_fake_wechat

    run_fake_wechat(port, latency_ms)


def main() -> None:
    """Run the command line; an expected error becomes one line and exit code 1."""
    try:
        app()
    except WengongError as error:
        _fail(error.code, error.message)
    except OSError as error:
        _fail("os_error", _explained(error))
    except KeyboardInterrupt:
        sys.exit(130)


def _explained(error: OSError) -> str:
    """Return what to do about a file that cannot be written or read; what is served is never touched before the end."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "磁盘满了，请腾出空间再试；正在用的索引和数据库没有动。"
        case errno.EROFS | errno.EACCES | errno.EPERM:
            return f"{error.filename or '文件夹'} 没有读写的权限，请检查，或用 WENGONG_DATA 换一个数据文件夹。"
        case _:
            return str(error)


def _fail(code: str, message: str) -> NoReturn:
    talk().print(f"[red]错误[/red] {code}：", end="")
    talk().print(message, markup=False)
    sys.exit(1)


if __name__ == "__main__":
    main()

"""`wengong fake-wechat`."""

import os
import sys
from pathlib import Path
from typing import Final

import typer

from wengong.console import talk

REPOSITORY: Final = Path(__file__).resolve().parent.parent
FAKE: Final = REPOSITORY / "tests" / "wechat_fake"
HOW_TO_USE: Final = """仿真的微信平台在 http://127.0.0.1:{port} 。另开一个终端启动后端：

  WENGONG_AUTH=wechat WENGONG_WECHAT_APPID=wx0000000000000fake \\
  WENGONG_WECHAT_SECRET=fake-secret-0123456789abcdef01234 \\
  WENGONG_WECHAT_API=http://127.0.0.1:{port} wengong serve

含“违禁示例”的问题会被判为违规，含“待审示例”的会被判为待审。按 Ctrl+C 停止。"""


def run_fake_wechat(port: int, latency_ms: int) -> None:
    """Serve the fake until stopped; it lives beside the tests, so there is one only in a checkout.

    Raises:
        typer.Exit: With code 1 outside a checkout.
    """
    if not FAKE.is_dir():
        talk().print("仿真平台随源码提供：请在源码目录里安装（make install）后再运行 wengong fake-wechat。")
        raise typer.Exit(1)
    talk().print(HOW_TO_USE.format(port=port), markup=False)
    # This process becomes the fake, with the checkout first among its paths: other packages may hold a `tests` as well.
    os.chdir(REPOSITORY)
    command = [sys.executable, "-m", "tests.wechat_fake", "--port", str(port), "--latency-ms", str(latency_ms)]
    os.execv(sys.executable, command)  # noqa: S606 -- no shell, and nothing of it comes from elsewhere

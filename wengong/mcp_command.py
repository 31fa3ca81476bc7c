"""`wengong mcp`."""

from chat_api.live_retriever import LiveRetriever
from chat_api.observability import make_logger
from chat_api.settings import ServerSettings
from corpus.tool_errors import McpExtraMissing
from retriever.encoder_choice import open_encoder
from retriever.settings import RetrieverSettings, read_settings
from wengong.console import talk
from wengong.first_index import ensure_index


def run_mcp(port: int | None) -> None:
    """Serve the tools over standard input and output, or on a port of this machine, until stopped.

    Raises:
        McpExtraMissing: If the package mcp is not installed.
    """
    try:
        from wengong.mcp_server import build_server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "mcp":
            raise
        raise McpExtraMissing("MCP 需要的软件包还没有安装，请先运行：.venv/bin/pip install -e '.[mcp]'") from error
    settings = read_settings(RetrieverSettings)
    ensure_index(settings)
    live = LiveRetriever(
        settings.index_folder, open_encoder(settings.encoder), make_logger(), on_opened=lambda _version: None
    )
    live.get()
    server = build_server(live.get, read_settings(ServerSettings).contact)
    if port is None:
        server.run("stdio")
    else:
        talk().print(f"问工的 MCP 服务已启动：http://127.0.0.1:{port}/mcp （按 Ctrl+C 停止）")
        server.run("streamable-http", port=port, json_response=True, stateless_http=True)

"""`wengong serve`."""

from functools import partial

from chat_api.server import serve
from chat_api.settings import ServerSettings
from console.app import add_console
from console.places import Places
from retriever.settings import RetrieverSettings, read_settings
from wengong.console import talk
from wengong.first_index import ensure_index


def run_serve(host: str | None, port: int | None, workers: int | None = None) -> None:
    """Serve until stopped; options win over the environment."""
    retriever_settings = read_settings(RetrieverSettings)
    given = {"host": host, "port": port, "workers": workers}
    settings = read_settings(ServerSettings).model_copy(
        update={name: value for name, value in given.items() if value is not None}
    )
    ensure_index(retriever_settings)
    serve(
        settings,
        retriever_settings,
        announce=lambda address: talk().print(f"问工已启动，请打开 [bold]{address}[/bold] （按 Ctrl+C 停止）"),
        extend=partial(add_console, places=Places.of(retriever_settings, settings)),
    )

"""Importing does nothing, and serving needs neither torch nor a network."""

import json
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
# Run in a fresh interpreter: which heavy modules are loaded, and does anything try to connect?
ASK_OFFLINE = """
import json, socket, sys
def refuse(*arguments, **named):
    raise AssertionError("an outbound connection was tried")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
from pathlib import Path
from retriever import Retriever
from retriever.encoder_choice import open_encoder
answer = Retriever.open_current(Path(sys.argv[1]), open_encoder()).answer("农民工怎么提升学历")
import chat_api.server
print(json.dumps({"modules": sorted(sys.modules), "status": answer.status}))
"""


def run(code: str, *arguments: str) -> str:
    command = [sys.executable, "-W", "error", "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=REPOSITORY).stdout


def test_an_answer_needs_neither_torch_nor_a_connection(data_folder: Path) -> None:
    result = json.loads(run(ASK_OFFLINE, str(data_folder / "index")))
    assert result["status"] == "answered"
    heavy = {"torch", "sentence_transformers", "transformers", "sklearn", "docx", "lxml", "jieba"}
    assert heavy & set(result["modules"]) == set()


def test_importing_prints_nothing_and_makes_no_file(tmp_path: Path) -> None:
    packages = "import corpus, ingest, retriever, chat_api, eval, console.app, wengong.__main__"
    code = f"import os; os.chdir({str(tmp_path)!r}); {packages}"
    assert run(code) == ""
    assert list(tmp_path.iterdir()) == []


def test_serving_the_console_loads_no_document_parser() -> None:
    loaded = set(run("import sys, wengong.serve_command, console.app; print(*sys.modules)").split())
    assert {"docx", "lxml", "openpyxl", "pypdfium2", "pypinyin", "ir_measures", "alembic"} & loaded == set()

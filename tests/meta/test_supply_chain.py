"""Nothing that is read from disk can run, and few modules can talk to other machines."""

import ast
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGES = ["corpus", "ingest", "retriever", "chat_api", "eval", "console", "wengong"]
SOURCES = [path for package in PACKAGES for path in sorted((REPOSITORY / package).rglob("*.py"))]
RUNS_WHAT_IT_READS = {"pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle", "code", "runpy", "imp"}
CALLS_OUT = {
    "socket", "ssl", "http.client", "urllib.request", "ftplib", "smtplib", "httpx", "requests", "aiohttp", "urllib3",
    "redis", "redis.asyncio", "huggingface_hub",
}  # fmt: skip
MAY_CALL_OUT = {
    "chat_api/limits/redis_buckets.py",  # the Redis of WENGONG_REDIS_URL
    "chat_api/server.py",  # listens
    "chat_api/wechat/transport.py",  # WeChat, where that is set up
    "chat_api/workers.py",  # hands the listening socket on
    "wengong/machine_checks.py",  # the service's own address
}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def calls(path: Path) -> Iterator[tuple[str, dict[str, ast.expr]]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), {keyword.arg or "**": keyword.value for keyword in node.keywords}


def place(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def test_no_file_that_is_read_can_run() -> None:
    assert len(SOURCES) > 200
    for path in SOURCES:
        assert RUNS_WHAT_IT_READS & set(imports(path)) == set(), place(path)
        for name, options in calls(path):
            assert name not in {"eval", "exec", "compile", "torch.load", "yaml.load", "os.system", "os.popen"}, place(
                path
            )
            if name in {"np.load", "numpy.load"}:
                assert ast.unparse(options["allow_pickle"]) == "False", place(path)
            if name.startswith("subprocess.") or name.endswith("Popen"):
                assert "shell" not in options, place(path)
    models = {path.suffix for path in (REPOSITORY / "retriever" / "models").rglob("*") if path.is_file()}
    assert ".safetensors" in models
    assert {".bin", ".pt", ".pkl", ".npz", ".joblib"} & models == set()


def test_only_these_modules_can_call_out() -> None:
    found = {place(path) for path in SOURCES if CALLS_OUT & set(imports(path))}
    assert found == MAY_CALL_OUT

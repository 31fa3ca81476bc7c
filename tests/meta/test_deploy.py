"""What stands in deploy/ holds together, and keeps its promises, as far as that can be seen without Docker."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import distribution
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).resolve().parents[2]
DEPLOY = REPOSITORY / "deploy"
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
MAX_EXPOSURE = 1.5
# Any environment of tests has these; the image must not.
NOT_IN_THE_IMAGE = {"torch", "transformers", "sentence-transformers", "scipy", "scikit-learn", "pytest", "jieba", "pip"}


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"deploy_{name}", DEPLOY / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def instructions() -> list[list[tuple[str, str]]]:
    """The Dockerfile as stages of (instruction, rest); what stands before the first stage is left out."""
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    joined = re.sub(r"\\\n", " ", re.sub(r"(?m)^\s*#.*\n", "", text))
    stages: list[list[tuple[str, str]]] = []
    for line in filter(None, map(str.strip, joined.splitlines())):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            stages.append([])
        if stages:
            stages[-1].append((word, re.sub(r"\s+", " ", rest.strip())))
    return stages


def of(stage: list[tuple[str, str]], word: str) -> list[str]:
    return [rest for instruction, rest in stage if instruction == word]


def goes_to_the_builder(path: str) -> bool:
    """Whether .dockerignore lets a file through; the last line that fits decides."""
    lines = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines()
    decided = True
    for line in (line.strip() for line in lines if line.strip() and not line.startswith("#")):
        pattern = line.removeprefix("!")
        parts = PurePosixPath(path).parts
        above = ["/".join(parts[: length + 1]) for length in range(len(parts))]
        names = parts if pattern.startswith("**/") else above
        if any(fnmatch(name, pattern.removeprefix("**/")) for name in names):
            decided = line.startswith("!")
    return decided


def test_the_image_runs_as_nobody_says_how_it_is_and_is_written_to_in_one_place() -> None:
    build, final = instructions()
    for stage in (build, final):
        assert [word for word, _ in stage if word in {"ADD", "MAINTAINER", "ONBUILD", "SHELL"}] == []
        assert not re.search(
            "(?i)secret|password|token", " ".join(rest for word, rest in stage if word in {"ENV", "ARG"})
        )
    assert of(final, "USER") == ["10001:10001"]
    last_run = max(number for number, (word, _) in enumerate(final) if word in {"RUN", "COPY"})
    assert [word for word, _ in final].index("USER") > last_run
    [health] = of(final, "HEALTHCHECK")
    assert health.endswith('CMD ["python", "/opt/wengong/ready.py"]')
    assert json.loads(of(final, "ENTRYPOINT")[0]) == ["wengong"]
    assert json.loads(of(final, "CMD")[0]) == ["serve"]
    [data] = json.loads(of(final, "VOLUME")[0])
    [environment] = of(final, "ENV")
    assert f"WENGONG_DATA={data}" in environment.split()
    assert of(final, "STOPSIGNAL") == ["SIGTERM"]
    assert of(final, "EXPOSE") == ["8000"]


def test_the_last_stage_installs_nothing_and_takes_only_what_was_built() -> None:
    build, final = instructions()
    assert not re.search(r"apt|pip|curl|wget|gcc", " ".join(of(final, "RUN")))
    assert of(final, "COPY") == ["--from=build /opt/wengong /opt/wengong"]
    [made] = of(build, "RUN")
    assert "--only-binary :all:" in made
    assert "--constraint constraints.txt" in made
    assert "sh deploy/trim.sh /opt/wengong" in made
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    [base] = re.findall(r"^ARG PYTHON_IMAGE=(\S+)$", text, re.MULTILINE)
    version = re.fullmatch(r"python:(3\.\d+)-slim-\w+", base)
    assert version is not None
    assert PROJECT["project"]["requires-python"] == f">={version[1]}"
    assert {rest.split()[0] for stage in (build, final) for rest in of(stage, "FROM")} == {"${PYTHON_IMAGE}"}


def test_everything_that_is_copied_exists_and_reaches_the_builder_and_nothing_else_does() -> None:
    build, _ = instructions()
    sources = [source for rest in of(build, "COPY") for source in rest.split()[:-1]]
    packages = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert set(packages) | {"pyproject.toml", "constraints.txt", "README.md"} <= set(sources)
    for source in sources:
        path = REPOSITORY / source
        assert path.exists(), source
        held = [source] if path.is_file() else [f"{source}/{file.name}" for file in path.glob("*.py")]
        assert [name for name in held if not goes_to_the_builder(name)] == []
    kept_back = ["data/state.sqlite3", ".git/config", ".env", "wengong.env", "deploy/wengong.env", ".venv/bin/pip"]
    kept_back += ["tests/conftest.py", "corpus/__pycache__/text.cpython-311.pyc", "build/sbom.json"]
    assert [name for name in kept_back if goes_to_the_builder(name)] == []


def test_without_extras_the_image_adds_at_most_250_mb_and_no_torch() -> None:
    sizes = loaded("image_size").sizes(frozenset())
    assert NOT_IN_THE_IMAGE & set(sizes) == set()
    assert {"wengong", "faiss-cpu", "numpy", "uvicorn", "lxml"} <= set(sizes)
    assert sizes["wengong"] > 15_000_000  # the encoder is in it
    assert 150_000_000 < sum(sizes.values()) <= 250_000_000
    extended = loaded("image_size").sizes(frozenset({"postgres", "redis", "wechat"}))
    assert {"psycopg", "psycopg-binary", "redis", "httpx", "cryptography"} <= set(extended)
    assert NOT_IN_THE_IMAGE & set(extended) == set()


def test_what_is_estimated_to_be_trimmed_is_trimmed(tmp_path: Path) -> None:
    names = [
        "numpy/__init__.py", "numpy/core.pyi", "numpy/tests/test_a.py", "numpy/lib/tests/data/x.npy", "numpy/lib/x.a",
        "numpy/include/x.h", "numpy/x.c", "numpy/x.pxd", "numpy/x.pyx", "numpy/x.so", "tests/__init__.py",
        "wengong/tests.py", "retriever/models/m/model.safetensors", "eval/gates.toml", "lxml/a.html",
        "hf_xet/__init__.py", "hf_xet/hf_xet.abi3.so",
    ]  # fmt: skip
    installers = ["pip/__init__.py", "pip-1.dist-info/RECORD", "setuptools/__init__.py", "pkg_resources/__init__.py"]
    packages = tmp_path / "lib" / "python3.11" / "site-packages"
    for name in [*names, *installers]:
        (packages / name).parent.mkdir(parents=True, exist_ok=True)
        (packages / name).write_text("x")
    subprocess.run(["sh", DEPLOY / "trim.sh", tmp_path], check=True)
    left = {path.relative_to(packages).as_posix() for path in packages.rglob("*") if path.is_file()}
    is_trimmed = loaded("image_size").is_trimmed
    assert left == {name for name in names if not is_trimmed(PurePosixPath(name))}
    assert len(left) == 6


def test_everything_that_serving_brings_along_is_pinned_to_what_was_tried() -> None:
    lines = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").split()
    pinned = {canonicalize_name(Requirement(line).name): line.split("==")[1] for line in lines}
    extras = frozenset({"evals", "postgres", "redis", "wechat"})
    used = {name: one.version for name, one in loaded("image_size").needed(extras).items()}
    assert {name: version for name, version in used.items() if pinned.get(name) != version} == {}


def test_the_parts_list_names_every_package_with_its_version(tmp_path: Path) -> None:
    file = tmp_path / "sbom.json"
    stamps = [part for name in ("installed", "installed-release") for part in ("-o", f".venv/.{name}")]
    variables = ["SERVING=.venv", f"SBOM={file}", "SBOM_CHECK=--no-validate"]
    subprocess.run(["make", "-s", *stamps, "sbom", *variables], cwd=REPOSITORY, check=True, capture_output=True)
    parts = json.loads(file.read_text(encoding="utf-8"))
    assert (parts["bomFormat"], parts["specVersion"]) == ("CycloneDX", "1.6")
    root = parts["metadata"]["component"]
    assert (root["name"], root["version"]) == ("wengong", PROJECT["project"]["version"])
    named = {canonicalize_name(part["name"]): part for part in parts["components"]}
    used = loaded("image_size").needed(frozenset())
    assert {name: one.version for name, one in used.items()}.items() <= {
        name: part["version"] for name, part in named.items()
    }.items()
    assert all(part["purl"].startswith("pkg:pypi/") for name, part in named.items() if name in used)
    depends = {entry["ref"]: entry.get("dependsOn", []) for entry in parts["dependencies"]}
    assert len(depends[root["bom-ref"]]) >= len(PROJECT["project"]["dependencies"])


@contextmanager
def vulnerability_service(vulnerable: str, *, is_broken: bool = False) -> Iterator[str]:
    """A service that speaks as osv.dev does, and knows one vulnerability."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            name = asked["package"]["name"]
            found: dict[str, Any] = {}
            if name == vulnerable:
                fixed = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "999.0"}]}]
                affected = [{"package": {"name": name, "ecosystem": "PyPI"}, "ranges": fixed, "versions": ["0"]}]
                found = {"vulns": [{"id": "OSV-2026-1", "summary": "x", "details": "x", "affected": affected}]}
            self.send_response(500 if is_broken else 200)
            self.end_headers()
            self.wfile.write(json.dumps(found).encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("vulnerable", "is_broken", "code", "words"),
    [
        ("", False, 0, "0 个有已知漏洞，0 个没查到"),
        ("lxml", False, 1, "OSV-2026-1，修好的版本：999.0"),
        ("", True, 2, "这不等于没有漏洞"),
    ],
    ids=["clean", "vulnerable", "broken"],
)
def test_an_audit_says_what_it_found_or_that_it_could_not_look(
    vulnerable: str, *, is_broken: bool, code: int, words: str
) -> None:
    with vulnerability_service(vulnerable, is_broken=is_broken) as address:
        command = [sys.executable, DEPLOY / "audit.py", "--vulnerability-service", "osv", "--osv-url", address]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, words in done.stdout + done.stderr) == (code, True)
    if not is_broken:
        pinned = len((REPOSITORY / "constraints.txt").read_text(encoding="utf-8").split())
        assert f"查了 {pinned} 个软件包" in done.stdout


def test_packages_that_the_service_does_not_know_are_not_taken_for_sound(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What pip-audit says, and ends with 0, where the index is a mirror without such a service."""
    audit = loaded("audit")
    unknown = {"name": "uvicorn", "skip_reason": "Dependency not found on PyPI and could not be audited"}
    sound = {"name": "lxml", "version": "6.1.3", "vulns": []}
    for packages, code in (([unknown], 2), ([sound, unknown], 2), ([sound], 0), ([], 2)):
        monkeypatch.setattr(audit, "ask", lambda *_, packages=packages: {"dependencies": packages, "fixes": []})
        assert audit.main([]) == code
        assert ("这不等于没有漏洞" in capsys.readouterr().err) == (code == 2)


def test_compose_gives_the_service_nothing_it_does_not_need() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    service = compose["services"]["wengong"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"mem_limit", "pids_limit", "init"} <= service.keys()
    assert {"ports", "privileged", "cap_add", "network_mode", "user"} & service.keys() == set()
    assert [volume.split(":")[1] for volume in service["volumes"]] == ["/var/lib/wengong"]
    assert all("noexec" in mount for mount in service["tmpfs"])
    assert (DEPLOY / service["build"]["context"]).resolve() == REPOSITORY
    assert (REPOSITORY / service["build"]["dockerfile"]).is_file()
    subnet = compose["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    assert service["environment"]["WENGONG_TRUSTED_PROXIES"] == subnet
    assert service["image"] == f"wengong:{PROJECT['project']['version']}"
    for one in compose["services"].values():
        for volume in one.get("volumes", []):
            source = volume.split(":")[0]
            assert (DEPLOY / source).exists() if source.startswith(".") else source in compose["volumes"]


UNIT = DEPLOY / "systemd" / "wengong.service"


def test_the_unit_gives_the_service_nothing_it_does_not_need() -> None:
    lines = UNIT.read_text(encoding="utf-8").splitlines()
    wanted = """DynamicUser=yes StateDirectory=wengong ProtectSystem=strict ProtectHome=yes PrivateTmp=yes
        PrivateDevices=yes NoNewPrivileges=yes CapabilityBoundingSet= AmbientCapabilities= PrivateUsers=yes
        RestrictNamespaces=yes RestrictSUIDSGID=yes MemoryDenyWriteExecute=yes SystemCallArchitectures=native
        SystemCallFilter=@system-service LockPersonality=yes IPAddressDeny=any MemoryMax=1G KillMode=mixed"""
    assert [line for line in wanted.split() if line not in lines] == []
    assert "EnvironmentFile=-/etc/wengong/wengong.env" in lines


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_finds_the_unit_sound_and_little_exposed(tmp_path: Path) -> None:
    copy = tmp_path / "wengong.service"
    copy.write_text(UNIT.read_text(encoding="utf-8").replace("/opt/wengong/bin/wengong", "/bin/true"), encoding="utf-8")
    given = {"env": {**os.environ, "LC_ALL": "C", "SYSTEMD_COLORS": "0"}, "capture_output": True, "text": True}  # noqa: TID251
    verified = subprocess.run(["systemd-analyze", "verify", copy], check=False, **given)
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    rated = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--no-pager", copy], check=True, **given)
    exposure = re.search(r"Overall exposure level for wengong\.service: ([\d.]+)", rated.stdout)
    assert exposure is not None
    assert float(exposure[1]) <= MAX_EXPOSURE


def test_nothing_in_deploy_names_a_setting_that_is_not_there() -> None:
    from tests.meta.test_security_page import all_settings

    known = all_settings() | {"WENGONG_UPSTREAM"}
    files = [path for path in DEPLOY.rglob("*") if path.is_file() and path.suffix not in {".json", ".pyc"}]
    named = {name for path in files for name in re.findall(r"WENGONG_[A-Z_]+", path.read_text(encoding="utf-8"))}
    assert named - known == set()
    assert distribution("wengong").version == PROJECT["project"]["version"]
